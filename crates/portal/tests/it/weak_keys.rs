//! Signing requests whose keys are weak or known to others, through the portal. `tests/weak/make.py`
//! made them with Python; each is whole otherwise and signed by its key.

use crate::fixtures::own_keys::{csr, form, issue};
use crate::fixtures::requests::{demo, made, wrong_field};
use crate::setting::{Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both};
use api::RequestCertificate;
use domain::KeyAlgorithm;
use pki::{KeyBlocklist, PrivateKey};
use portal::{Error, IssueOrder, Outside};

on_both!(
    weak_keys_are_refused_with_their_reason,
    listed_keys_are_refused,
    a_lost_key_is_never_certified_again,
);

const FERMAT: &str = include_str!("../weak/fermat.csr");
const ROCA: &str = include_str!("../weak/roca.csr");
const EXPONENT: &str = include_str!("../weak/exponent.csr");
/// A good key, but for the lists below.
const LISTED: &str = include_str!("../weak/listed.csr");
/// `openssl req -in listed.csr -noout -modulus | sha1sum`, the last 20 digits: as in Debian's list of
/// weak keys.
const AS_DEBIAN: &str = "# RSA\nfdc26b2aeacbd02f74ce\n";
/// SHA-256 of its public key, as lists of compromised keys have it.
const AS_COMPROMISED: &str = "8661d34dbc72c9f5534ac168f2ced3a1891275339cabd85fe994328f75282623";

async fn weak_keys_are_refused_with_their_reason(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    for (sent, word) in [
        (FERMAT, "too close together"),
        (ROCA, "ROCA"),
        (EXPONENT, "exponent"),
    ] {
        let own = RequestCertificate {
            csr: sent.to_owned(),
            ..form(&portal, &alice).await
        };
        let (field, message) = wrong_field(portal.request_certificate(&alice, own).await);
        assert_eq!(field, "csr");
        assert!(message.contains(word), "{message}");
        assert!(message.contains("make a new key"), "{message}");
        // Nor by the command line.
        let order = IssueOrder {
            mailbox: domain::Mailbox::parse("alice@example.com").unwrap(),
            template: None,
            csr: Some(sent.as_bytes().to_vec()),
            names: String::new(),
            device: String::new(),
        };
        let (field, message) = wrong_field(portal.issue_for(order).await);
        assert_eq!(field, "csr");
        assert!(message.contains(word), "{message}");
    }
    let mine = portal.my_certificates(&alice).await.unwrap();
    assert!(mine.requests.is_empty(), "nothing was written");
    let own = RequestCertificate {
        csr: LISTED.to_owned(),
        ..form(&portal, &alice).await
    };
    issue(&portal, &alice, own).await.unwrap();
}

async fn listed_keys_are_refused(database: Database) {
    for (list, word) in [(AS_DEBIAN, "Debian"), (AS_COMPROMISED, "compromised")] {
        let Some(ground) = Ground::new(database).await else {
            return;
        };
        let mut blocklist = KeyBlocklist::default();
        assert_eq!(blocklist.add_list(list).unwrap(), 1);
        let outside = Outside::new(None, blocklist.clone());
        let clock = MovedClock::default();
        let portal = ground.place.start_hearing(clock.clone(), outside).await;
        portal.seed_demo().await.unwrap();
        let alice = actor(&portal, "alice").await;
        let own = async |portal| RequestCertificate {
            csr: LISTED.to_owned(),
            ..form(portal, &alice).await
        };
        let asked = portal.request_certificate(&alice, own(&portal).await);
        let (field, message) = wrong_field(asked.await);
        assert_eq!(field, "csr");
        assert!(message.contains(word), "{message}");
        // Who asked before there was the list is refused by the linter.
        let without = ground.place.start_hearing(clock, Outside::default()).await;
        let asked = without.request_certificate(&alice, own(&without).await);
        let id = made(asked.await.unwrap());
        portal.run_due_work().await;
        let row = portal.store().request(id).await.unwrap().unwrap();
        assert_eq!(row.state, domain::RequestState::Failed);
        let why = row.problem.unwrap();
        assert!(why.contains("L05") && why.contains(word), "{why}");
        assert_ledger_is_clean(&portal).await;
    }
}

async fn a_lost_key_is_never_certified_again(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let own = async || RequestCertificate {
        csr: csr(&key, "alice@example.com"),
        ..form(&portal, &alice).await
    };
    let id = issue(&portal, &alice, own().await).await.unwrap();
    // Nobody knew yet when it was asked for again ...
    portal
        .request_certificate(&alice, own().await)
        .await
        .unwrap();
    let reason = "keyCompromise".to_owned();
    portal.report_lost(&alice, id, reason).await.unwrap();
    assert_eq!(portal.run_due_work().await, 1);
    let mine = portal.my_certificates(&alice).await.unwrap();
    assert_eq!(mine.certificates.len(), 1);
    let row = portal.store().request(mine.requests[0].id).await.unwrap();
    let why = row.unwrap().problem.unwrap();
    assert!(why.contains("L05") && why.contains("revoked"), "{why}");
    // ... and now it is said at once, to whoever brings the key.
    for who in ["alice", "erin"] {
        let person = actor(&portal, who).await;
        let again = RequestCertificate {
            csr: csr(&key, &format!("{who}@example.com")),
            ..form(&portal, &person).await
        };
        let (field, message) = wrong_field(portal.request_certificate(&person, again).await);
        assert_eq!(field, "csr");
        assert!(message.contains("revoked"), "{message}");
    }
    // A key that was given up for another reason is still its owner's.
    let other = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
    let erin = actor(&portal, "erin").await;
    let asked = async || RequestCertificate {
        csr: csr(&other, "erin@example.com"),
        ..form(&portal, &erin).await
    };
    let id = issue(&portal, &erin, asked().await).await.unwrap();
    let reason = "superseded".to_owned();
    portal.report_lost(&erin, id, reason).await.unwrap();
    issue(&portal, &erin, asked().await).await.unwrap();
    assert!(!matches!(
        portal.request(&alice, mine.requests[0].id).await,
        Err(Error::NotFound)
    ));
    assert_ledger_is_clean(&portal).await;
}
