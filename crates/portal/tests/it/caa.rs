//! The owners of domains are asked before anything is signed (CAA, RFC 8659 and 9495): through unbound,
//! a real resolver.

use crate::fixtures::own_keys::issue;
use crate::fixtures::templates::{audits, filled, with};
use crate::setting::{
    Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both, request, request_of,
};
use crate::unbound::Unbound;
use api::RequestCertificate;
use caa::{Caa, NameServers};
use domain::{AuditAction, HostName, KeyAlgorithm, RequestId, RequestState};
use pki::KeyBlocklist;
use portal::{Error, Outside, Portal};
use std::sync::Arc;
use store::RequestRow;
use time::Duration;

on_both!(
    a_domain_that_forbids_it_gets_no_certificate,
    without_an_answer_it_is_tried_again,
    hosts_are_asked_one_by_one,
);

const OURS: &str = r#"example.com. 60 IN CAA 0 issuemail "ca.example.com""#;
const OTHERS: &str = r#"example.com. 60 IN CAA 0 issuemail "other-ca.example""#;

/// A portal that asks, known by the name of `ca.example.com`.
async fn asking(ground: &Ground, resolver: &Unbound, clock: &MovedClock) -> Portal {
    let servers = NameServers::at(resolver.address()).unwrap();
    let identities = vec![HostName::parse("ca.example.com").unwrap()];
    let caa = Caa::new(identities, Arc::new(servers));
    let outside = Outside::new(Some(caa), KeyBlocklist::default());
    let portal = ground.place.start_hearing(clock.clone(), outside).await;
    portal.seed_demo().await.unwrap();
    portal
}

async fn row(portal: &Portal, id: RequestId) -> RequestRow {
    portal.store().request(id).await.unwrap().unwrap()
}

/// What was signed so far, as the signing journal has it.
fn signatures(ground: &Ground) -> usize {
    let journal = std::fs::read_to_string(ground.place.folder.join("journal-1.log"));
    journal.map_or(0, |text| text.lines().count())
}

async fn a_domain_that_forbids_it_gets_no_certificate(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let mut resolver = Unbound::start(OTHERS).await;
    let clock = MovedClock::default();
    let portal = asking(&ground, &resolver, &clock).await;
    let (alice, erin, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "erin").await,
        actor(&portal, "carol").await,
    );
    let before = signatures(&ground);
    let id = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    for tries in 1..3 {
        portal.run_due_work().await;
        let failed = row(&portal, id).await;
        assert_eq!(failed.state, RequestState::Failed, "{tries}");
        let why = failed.problem.unwrap();
        for words in [
            "L26",
            "CAA records of example.com let only other-ca.example issue for mail",
            r#"example.com. CAA 0 issuemail "ca.example.com""#,
        ] {
            assert!(why.contains(words), "{why}");
        }
        // Nothing was signed, nor was there an intent.
        assert_eq!(signatures(&ground), before);
        let mine = portal.my_certificates(&alice).await.unwrap();
        assert!(mine.certificates.is_empty());
        assert!(audits(&portal, AuditAction::Reserve).await.is_empty());
        if tries == 1 {
            assert!(matches!(
                portal.retry(&alice, id).await,
                Err(Error::Forbidden)
            ));
            portal.retry(&carol, id).await.unwrap();
        }
    }
    assert_ledger_is_clean(&portal).await;

    // What forbids is not kept: the record is mended and it goes on at once.
    resolver.change(OURS).await;
    portal.retry(&carol, id).await.unwrap();
    portal.run_due_work().await;
    assert_eq!(row(&portal, id).await.state, RequestState::Issued);
    let reserved = audits(&portal, AuditAction::Reserve).await;
    let details = &reserved[0].details;
    let fact = |name: &str| details.iter().find(|(known, _)| known == name).cloned();
    assert!(fact("CAA").unwrap().1.contains("permitted"), "{details:?}");
    assert!(fact("mailbox recorded").is_some(), "{details:?}");

    // What permits counts for eight hours by the portal's clock, whatever the record says then.
    resolver.change(OTHERS).await;
    clock.advance(Duration::hours(8) - Duration::minutes(5));
    let kept = request(&portal, &erin, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    assert_eq!(row(&portal, kept).await.state, RequestState::Issued);
    clock.advance(Duration::minutes(10));
    let late = request(&portal, &carol, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    assert_eq!(row(&portal, late).await.state, RequestState::Failed);
    assert_ledger_is_clean(&portal).await;
}

async fn without_an_answer_it_is_tried_again(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let mut resolver = Unbound::start("com. 60 IN CNAME com.").await;
    let clock = MovedClock::default();
    let portal = asking(&ground, &resolver, &clock).await;
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let before = signatures(&ground);
    let id = request(&portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let waiting = row(&portal, id).await;
    assert_eq!(waiting.state, RequestState::Issuing);
    assert!(waiting.next_try_at > portal.now());
    let why = waiting.problem.unwrap();
    assert!(
        why.contains("L26") && why.contains("could not be read"),
        "{why}"
    );
    // In the end an administrator has it.
    ground
        .place
        .sql("UPDATE request SET attempts = 100, next_try_at = 0 WHERE state = 'issuing'");
    portal.run_due_work().await;
    let failed = row(&portal, id).await;
    assert_eq!(failed.state, RequestState::Failed);
    assert!(failed.problem.unwrap().contains("could not be read"));
    assert_eq!(signatures(&ground), before);

    resolver.change("").await;
    portal.retry(&carol, id).await.unwrap();
    portal.run_due_work().await;
    assert_eq!(row(&portal, id).await.state, RequestState::Issued);

    // The preview asks nobody and says so.
    resolver.change(OTHERS).await;
    let form = with(
        &filled(&portal, &carol, None).await,
        &[("kind", "mailbox"), ("name", "x"), ("summary", "x")],
    );
    let preview = portal.preview_template(&carol, form).await.unwrap();
    let facts = &preview.parts[0].facts;
    let said = ("CAA records".to_owned(), "asked before signing".to_owned());
    assert!(facts.contains(&said), "{facts:?}");
    assert_ledger_is_clean(&portal).await;
}

async fn hosts_are_asked_one_by_one(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let records = r#"
mail-only.example.com. 60 IN CAA 0 issuemail ";"
wild.example.com. 60 IN CAA 0 issue "ca.example.com"
wild.example.com. 60 IN CAA 0 issuewild ";"
"#;
    let resolver = Unbound::start(records).await;
    let portal = asking(&ground, &resolver, &MovedClock::default()).await;
    let carol = actor(&portal, "carol").await;
    let named = async |names: &str| {
        let form = RequestCertificate {
            names: names.to_owned(),
            ..request_of(&portal, &carol, "Server").await
        };
        issue(&portal, &carol, form).await
    };
    // Addresses have no owner who could say; other people's rules for mail do not matter.
    named("mail-only.example.com wild.example.com 192.0.2.7 www.example.org")
        .await
        .unwrap();
    match named("www.example.com *.wild.example.com").await {
        Err(Error::Conflict(why)) => {
            let words = "CAA records of wild.example.com let nobody issue for wildcards";
            assert!(why.contains(words), "{why}");
        }
        other => panic!("{other:?}"),
    }
    assert_ledger_is_clean(&portal).await;
}
