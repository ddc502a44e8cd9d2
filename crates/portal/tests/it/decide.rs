//! Deciding: four eyes, one winner, and what the loser is told.

use crate::fixtures::requests::demo;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use api::Decision;
use domain::{AuditAction, KeyAlgorithm, RequestState};
use portal::{Actor, Error};

on_both!(
    one_of_two_approvers_wins,
    nobody_decides_their_own,
    sending_twice_is_one_request,
    withdrawing_ends_it
);

async fn one_of_two_approvers_wins(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let admin = actor(&portal, "carol").await;
    let form = api::AddPerson {
        name: "Bea Blue".to_owned(),
        mailbox: "bea@example.com".to_owned(),
        role: "approver".to_owned(),
    };
    let bea = portal.add_person(&admin, form).await.unwrap();
    let bob = actor(&portal, "bob").await;
    let bea = Actor {
        id: Some(bea.id),
        name: "Bea Blue".to_owned(),
        ..bob.clone()
    };
    let alice = actor(&portal, "alice").await;
    for round in 0..20 {
        let id = request(&portal, &alice, true, KeyAlgorithm::P256).await;
        let decision = Decision {
            requests: vec![id],
            reason: "no need".to_owned(),
        };
        let (yes, no) = tokio::join!(
            portal.approve(&bob, decision.clone()),
            portal.reject(&bea, decision)
        );
        let problems = [
            yes.unwrap()[0].problem.clone(),
            no.unwrap()[0].problem.clone(),
        ];
        let winners = problems.iter().filter(|problem| problem.is_none()).count();
        assert_eq!(winners, 1, "round {round}: {problems:?}");
        let loser = problems.iter().flatten().next().unwrap();
        assert!(loser.contains("already"), "{loser}");
        assert!(
            loser.contains("Bob Brown") || loser.contains("Bea Blue"),
            "{loser}"
        );
        portal.run_due_work().await;
        let row = portal.store().request(id).await.unwrap().unwrap();
        assert!(
            matches!(row.state, RequestState::Issued | RequestState::Rejected),
            "{}",
            row.state
        );
    }
    assert_ledger_is_clean(&portal).await;
}

async fn nobody_decides_their_own(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let bob = actor(&portal, "bob").await;
    let id = request(&portal, &bob, true, KeyAlgorithm::P256).await;
    let decision = Decision {
        requests: vec![id],
        reason: "me".to_owned(),
    };
    let outcome = portal.approve(&bob, decision.clone()).await.unwrap();
    assert!(
        outcome[0]
            .problem
            .as_deref()
            .unwrap()
            .contains("your own request")
    );
    // An administrator decides where the template asks for one; this one does not.
    let carol = actor(&portal, "carol").await;
    let outcome = portal.approve(&carol, decision.clone()).await.unwrap();
    let problem = outcome[0].problem.as_deref().unwrap();
    assert!(problem.contains("asks for an approver"), "{problem}");
    for key in ["alice", "dave"] {
        let other = actor(&portal, key).await;
        assert!(
            matches!(
                portal.approve(&other, decision.clone()).await,
                Err(Error::Forbidden)
            ),
            "{key}"
        );
    }
    assert_eq!(
        portal.store().request(id).await.unwrap().unwrap().state,
        RequestState::Waiting
    );
    let query = store::AuditQuery {
        actor: String::new(),
        action: Some(AuditAction::Approve),
        subject: None,
        from: None,
        until: None,
        before_number: None,
        limit: 10,
    };
    assert!(portal.store().audit(query).await.unwrap().is_empty());
}

async fn sending_twice_is_one_request(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await;
    let form = portal
        .request_form(&alice, api::RequestFor::default())
        .await
        .unwrap();
    let template = form
        .templates
        .iter()
        .find(|template| template.needs_approval)
        .unwrap();
    let sent = api::RequestCertificate {
        template: template.id.to_string(),
        mailbox: form.mailboxes[0].clone(),
        reason: "twice".to_owned(),
        key_algorithm: String::new(),
        idempotency_key: form.idempotency_key,
        ..api::RequestCertificate::default()
    };
    let all =
        futures::future::join_all((0..8).map(|_| portal.request_certificate(&alice, sent.clone())))
            .await;
    let first = all[0].as_ref().unwrap().next.clone();
    assert!(all.iter().all(|done| done.as_ref().unwrap().next == first));
    assert_eq!(
        portal.my_certificates(&alice).await.unwrap().requests.len(),
        1
    );
}

async fn withdrawing_ends_it(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, erin, bob) = (
        actor(&portal, "alice").await,
        actor(&portal, "erin").await,
        actor(&portal, "bob").await,
    );
    let id = request(&portal, &alice, true, KeyAlgorithm::P256).await;
    assert!(matches!(
        portal.withdraw(&erin, id).await,
        Err(Error::NotFound)
    ));
    portal.withdraw(&alice, id).await.unwrap();
    assert!(matches!(
        portal.withdraw(&alice, id).await,
        Err(Error::Conflict(_))
    ));
    let outcome = portal
        .approve(
            &bob,
            Decision {
                requests: vec![id],
                reason: String::new(),
            },
        )
        .await
        .unwrap();
    assert!(outcome[0].problem.as_deref().unwrap().contains("withdrew"));
}
