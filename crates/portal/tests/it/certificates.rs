//! The list of all certificates and its export: who may, what is found, what is recorded.

use crate::fixtures::requests::demo;
use crate::setting::{Database, actor, on_both, request};
use api::CertificateFilter;
use domain::{AuditAction, KeyAlgorithm};
use portal::{Actor, Error, Portal};

on_both!(
    admins_and_auditors_find_what_others_may_not_list,
    an_export_is_recorded_before_it_leaves
);

fn search(text: &str) -> CertificateFilter {
    CertificateFilter {
        search: text.to_owned(),
        ..CertificateFilter::default()
    }
}

async fn issue(portal: &Portal, key: &str) {
    let who = actor(portal, key).await;
    request(portal, &who, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
}

async fn admins_and_auditors_find_what_others_may_not_list(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let none = portal.certificates(&carol, search("")).await.unwrap();
    assert_eq!((none.page.rows.len(), none.count), (0, Some(0)));
    assert!(!none.templates.is_empty());
    for key in ["alice", "erin"] {
        issue(&portal, key).await;
    }
    for key in ["alice", "bob"] {
        let who = actor(&portal, key).await;
        let list = portal.certificates(&who, search("")).await;
        assert!(matches!(list, Err(Error::Forbidden)), "{key}");
        let export = portal.export_certificates(&who, search("")).await;
        assert!(matches!(export, Err(Error::Forbidden)), "{key}");
    }
    for key in ["carol", "dave"] {
        let who = actor(&portal, key).await;
        let list = portal.certificates(&who, search("")).await.unwrap();
        let mailboxes: Vec<_> = list
            .page
            .rows
            .iter()
            .map(|row| row.mailbox.as_str())
            .collect();
        assert_eq!(mailboxes, ["erin@example.com", "alice@example.com"]);
        assert_eq!((list.count, list.page.next), (Some(2), None));
        let erin = &list.page.rows[0];
        for typed in [
            "erin",
            "Erin ",
            "erin@",
            &erin.serial,
            &erin.serial.to_uppercase(),
        ] {
            let found = portal.certificates(&who, search(typed)).await.unwrap();
            assert_eq!(found.page.rows, *std::slice::from_ref(erin), "{typed}");
        }
        let ended = CertificateFilter {
            state: "expired".to_owned(),
            ..search("")
        };
        let found = portal.certificates(&who, ended).await.unwrap();
        assert_eq!(found.page.rows, []);
        // What is listed may be opened.
        portal.certificate(&who, erin.id).await.unwrap();
    }
}

async fn exports(portal: &Portal) -> Vec<store::AuditRow> {
    let query = store::AuditQuery {
        action: Some(AuditAction::Export),
        limit: 10,
        ..store::AuditQuery::default()
    };
    portal.store().audit(query).await.unwrap()
}

async fn text(portal: &Portal, who: &Actor, filter: CertificateFilter) -> String {
    let mut export = portal.export_certificates(who, filter).await.unwrap();
    let mut csv = String::new();
    while let Some(piece) = export.next_piece().await.unwrap() {
        csv.push_str(&piece);
    }
    csv
}

async fn an_export_is_recorded_before_it_leaves(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let dave = actor(&portal, "dave").await;
    let empty = text(&portal, &dave, search("")).await;
    assert_eq!(empty.lines().count(), 1);
    assert!(empty.starts_with("Name,Mailbox,Names,State,"), "{empty}");
    for key in ["alice", "erin"] {
        issue(&portal, key).await;
    }
    let export = portal
        .export_certificates(&dave, search("erin"))
        .await
        .unwrap();
    drop(export);
    let recorded = &exports(&portal).await[0];
    assert_eq!(recorded.actor, dave.id);
    let details: Vec<_> = recorded
        .details
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(details, [("count", "1"), ("search", "erin")]);
    assert_eq!(text(&portal, &dave, search("")).await.lines().count(), 3);
    let found = portal
        .audit(
            &dave,
            api::AuditFilter {
                action: "export".to_owned(),
                ..api::AuditFilter::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(found.rows.len(), 3);
    assert_eq!(portal.verify_audit(&dave).await.unwrap().broken_at, None);
    let wrong = CertificateFilter {
        ends_to: "soon".to_owned(),
        ..search("")
    };
    assert!(matches!(
        portal.export_certificates(&dave, wrong).await,
        Err(Error::Invalid(_))
    ));
    assert_eq!(
        exports(&portal).await.len(),
        3,
        "nothing left, nothing recorded"
    );
}
