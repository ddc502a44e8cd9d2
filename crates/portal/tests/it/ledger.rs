//! The ledger check finds what is wrong, and two nodes share the work.

use crate::fixtures::requests::{demo, employees_ask, two_nodes};
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use domain::KeyAlgorithm;

on_both!(two_nodes_share_the_work, a_signature_without_a_row_is_found);

async fn two_nodes_share_the_work(database: Database) {
    let Some((_ground, [first, second])) = two_nodes(database).await else {
        return;
    };
    let ids = employees_ask(&first, 12, KeyAlgorithm::P256).await;
    let (one, two) = tokio::join!(first.run_due_work(), second.run_due_work());
    assert_eq!(one + two, ids.len());
    for id in ids {
        assert!(
            first
                .store()
                .request(id)
                .await
                .unwrap()
                .unwrap()
                .certificate
                .is_some()
        );
    }
    assert_ledger_is_clean(&first).await;
    assert_ledger_is_clean(&second).await;
}

async fn a_signature_without_a_row_is_found(database: Database) {
    let Some((ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    request(&portal, &alice, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    assert_ledger_is_clean(&portal).await;
    let line = format!("{} {}\n", "71".repeat(16), "00".repeat(32));
    let path = ground.place.folder.join("journal-1.log");
    let old = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, old + &line).unwrap();
    let findings = portal.doctor().await.unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| !finding.is_good).collect();
    assert_eq!(bad.len(), 1, "{bad:#?}");
    assert!(bad[0].check.starts_with("I3"), "{bad:#?}");
}
