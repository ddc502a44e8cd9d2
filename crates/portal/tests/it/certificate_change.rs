//! Several certificates at once: counted first, then changed in parts, safe to repeat.

use crate::fixtures::requests::demo;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use api::{CertificateFilter, ChangeCertificates};
use domain::{CertificateId, KeyAlgorithm, RevocationState};
use portal::{Actor, Error, Portal};

on_both!(
    what_is_counted_is_what_is_changed,
    what_was_issued_later_is_not_part_of_it,
    only_admins_change_and_only_what_is_there,
);

async fn issue(portal: &Portal, key: &str) -> CertificateId {
    let who = actor(portal, key).await;
    let id = request(portal, &who, false, KeyAlgorithm::P256).await;
    portal.run_due_work().await;
    let row = portal.store().request(id).await.unwrap().unwrap();
    row.certificate.unwrap()
}

fn everything(change: &str) -> ChangeCertificates {
    ChangeCertificates {
        change: change.to_owned(),
        is_everything: true,
        reason: "superseded".to_owned(),
        ..ChangeCertificates::default()
    }
}

async fn state(portal: &Portal, id: CertificateId) -> RevocationState {
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    row.revocation_state()
}

/// Counts and does everything, part by part; gives how many were changed.
async fn change(portal: &Portal, who: &Actor, asked: ChangeCertificates) -> (u64, usize) {
    let plan = portal.plan_change(who, asked).await.unwrap();
    let (mut next, mut changed) = (Some(plan.asked), 0);
    while let Some(asked) = next {
        let result = portal.change_certificates(who, asked).await.unwrap();
        changed += result
            .rows
            .iter()
            .filter(|row| row.problem.is_none())
            .count();
        next = result.next;
    }
    (plan.count, changed)
}

async fn what_is_counted_is_what_is_changed(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let mut ids = Vec::new();
    for key in ["alice", "alice", "erin"] {
        ids.push(issue(&portal, key).await);
    }
    portal
        .revoke(&carol, ids[0], "keyCompromise".to_owned(), String::new())
        .await
        .unwrap();
    let plan = portal
        .plan_change(&carol, everything("hold"))
        .await
        .unwrap();
    assert_eq!((plan.count, plan.people), (2, 2));
    assert_eq!(plan.exceptions, [("are revoked already".to_owned(), 1)]);
    assert_eq!(
        state(&portal, ids[1]).await,
        RevocationState::Valid,
        "only counted"
    );
    assert_eq!(change(&portal, &carol, everything("hold")).await, (2, 2));
    // Again: nothing is left to do, and nothing breaks.
    assert_eq!(change(&portal, &carol, everything("hold")).await, (0, 0));
    assert_eq!(
        change(&portal, &carol, everything("reactivate")).await,
        (2, 2)
    );
    // Some of them, by hand.
    let selected = ChangeCertificates {
        certificates: vec![ids[1].to_string(), ids[0].to_string()],
        is_everything: false,
        ..everything("revoke")
    };
    assert_eq!(change(&portal, &carol, selected).await, (1, 1));
    assert_eq!(state(&portal, ids[1]).await, RevocationState::Revoked);
    assert_eq!(state(&portal, ids[2]).await, RevocationState::Valid);
    // What a filter finds.
    let filtered = ChangeCertificates {
        filter: CertificateFilter {
            search: "erin".to_owned(),
            ..CertificateFilter::default()
        },
        ..everything("revoke")
    };
    assert_eq!(change(&portal, &carol, filtered).await, (1, 1));
    assert_eq!(change(&portal, &carol, everything("deliver")).await, (3, 3));
    let plan = portal
        .plan_change(&carol, everything("delete"))
        .await
        .unwrap();
    assert_eq!(plan.count, 0, "{plan:?}");
    let entries = portal
        .audit(
            &carol,
            api::AuditFilter {
                action: "revoke".to_owned(),
                ..api::AuditFilter::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(entries.rows.len(), 3, "an entry for each");
    assert_ledger_is_clean(&portal).await;
}

async fn what_was_issued_later_is_not_part_of_it(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let carol = actor(&portal, "carol").await;
    let old = issue(&portal, "alice").await;
    let plan = portal
        .plan_change(&carol, everything("revoke"))
        .await
        .unwrap();
    let new = issue(&portal, "erin").await;
    let result = portal
        .change_certificates(&carol, plan.asked)
        .await
        .unwrap();
    assert_eq!((result.rows.len(), result.next), (1, None));
    assert_eq!(state(&portal, old).await, RevocationState::Revoked);
    assert_eq!(
        state(&portal, new).await,
        RevocationState::Valid,
        "nobody confirmed this one"
    );
}

async fn only_admins_change_and_only_what_is_there(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let id = issue(&portal, "alice").await;
    for key in ["alice", "bob", "dave"] {
        let who = actor(&portal, key).await;
        for change in ["revoke", "hold", "reactivate", "deliver", "delete"] {
            let planned = portal.plan_change(&who, everything(change)).await;
            assert!(matches!(planned, Err(Error::Forbidden)), "{key} {change}");
            let changed = portal.change_certificates(&who, everything(change)).await;
            assert!(matches!(changed, Err(Error::Forbidden)), "{key} {change}");
        }
    }
    let carol = actor(&portal, "carol").await;
    let selected = |ids: Vec<String>| ChangeCertificates {
        certificates: ids,
        is_everything: false,
        ..everything("revoke")
    };
    for wrong in [
        everything("burn"),
        selected(Vec::new()),
        selected(vec!["x".to_owned()]),
        selected(vec![id.to_string(); 101]),
    ] {
        let planned = portal.plan_change(&carol, wrong).await;
        assert!(matches!(planned, Err(Error::Invalid(_))), "{planned:?}");
    }
    let nobody = selected(vec![uuid::Uuid::nil().to_string()]);
    assert!(matches!(
        portal.plan_change(&carol, nobody).await,
        Err(Error::NotFound)
    ));
    // Without the mark of the plan nothing is done; a wrong reason stops it before the first one.
    let unplanned = portal
        .change_certificates(&carol, everything("revoke"))
        .await;
    assert!(matches!(unplanned, Err(Error::Conflict(_))));
    let mut wrong = selected(vec![id.to_string()]);
    "because".clone_into(&mut wrong.reason);
    let refused = portal.change_certificates(&carol, wrong).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(state(&portal, id).await, RevocationState::Valid);
}
