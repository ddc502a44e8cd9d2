//! Whose a mailbox is stands in the database, and counts at the moment of signing (L25).

use crate::fixtures::requests::demo;
use crate::fixtures::templates::audits;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use api::Decision;
use domain::{AuditAction, KeyAlgorithm, RequestState};
use time::format_description::well_known::Rfc3339;

on_both!(a_mailbox_that_is_no_longer_the_persons_gets_no_certificate);

async fn a_mailbox_that_is_no_longer_the_persons_gets_no_certificate(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    let id = request(&portal, &alice, true, KeyAlgorithm::P256).await;
    ground
        .place
        .sql("UPDATE mailbox SET address = 'x@example.com' WHERE address = 'alice@example.com'");
    let decision = Decision {
        requests: vec![id],
        reason: String::new(),
    };
    portal.approve(&bob, decision).await.unwrap();
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Failed);
    let why = row.problem.unwrap();
    assert!(why.contains("L25") && why.contains("not recorded"), "{why}");

    ground
        .place
        .sql("UPDATE mailbox SET address = 'alice@example.com' WHERE address = 'x@example.com'");
    portal.retry(&carol, id).await.unwrap();
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Issued);
    // The log holds since when.
    let mailboxes = portal.store().mailboxes(row.person).await.unwrap();
    let at = mailboxes[0].verified_at.format(&Rfc3339).unwrap();
    let entry = &audits(&portal, AuditAction::Reserve).await[0];
    let fact = ("mailbox recorded".to_owned(), at);
    assert!(entry.details.contains(&fact), "{:?}", entry.details);
    assert_ledger_is_clean(&portal).await;
}
