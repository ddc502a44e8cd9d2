//! Claiming requests and recording their steps.

use crate::samples::{self, World, after, claim, id, mailbox, now, reason, record};
use crate::support::TestDb;
use domain::{AuditAction, KeyPart, NodeId, RequestId, RequestState, Step};
use std::collections::HashSet;
use store::{Decided, Error, NewRequest, Record};

/// A request that `node` has claimed.
async fn claimed(db: &TestDb, world: &World, node: NodeId) -> RequestId {
    let request = world.issuing("alice");
    db.create_request(request.clone(), record(AuditAction::Request))
        .await
        .unwrap();
    assert_eq!(claim(db, node).await.len(), 1);
    request.id
}

on_both! {
    async fn a_request_goes_through_all_steps(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await;
        let request = db.request(certificate.request).await.unwrap().unwrap();
        assert_eq!((request.state, request.step), (RequestState::Issued, Step::Done));
        assert_eq!(request.certificate, Some(certificate.id));
        assert_eq!(request.version, 5);
        let events = db.request_events(request.id).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["request", "prepare", "reserve", "sign", "issue"]);
        assert!(claim(&db, id()).await.is_empty());
        assert_eq!(db.next_work_due().await.unwrap(), None);
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn work_carries_what_its_step_needs(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        world.prepare(&db, node, request).await;
        let intent = world.intent();
        db.record_reserved(request, node, vec![intent.clone()], now(), record(AuditAction::Reserve)).await.unwrap();
        let certificate = world.certificate(request, intent.serial.clone());
        db.record_signed(request, node, vec![certificate.clone()], now(), record(AuditAction::Sign)).await.unwrap();
        db.release_leases(node).await.unwrap();
        let work = claim(&db, id()).await.remove(0);
        assert_eq!((work.request.id, work.request.step), (request, Step::Bundle));
        assert_eq!(work.request.content, db.template(world.at_once).await.unwrap().unwrap().content);
        assert_eq!(work.parts.len(), 1);
        let part = &work.parts[0];
        assert_eq!((&part.sealed_password, &part.sealed_key), (&Some(vec![4; 48]), &Some(vec![5; 256])));
        assert_eq!((&part.csr, &part.intent), (&vec![0x30, 6], &Some(intent)));
        assert_eq!(part.certificate, Some((certificate.id, certificate.der)));
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn nodes_never_claim_the_same(db) {
        let world = samples::world(&db).await;
        let mut ids = HashSet::new();
        for n in 0..60 {
            let request = NewRequest { created_at: after(n - 60), ..world.issuing(&format!("m{n}")) };
            ids.insert(request.id);
            db.create_request(request, Record::default()).await.unwrap();
        }
        let second = db.reopen().await;
        let nodes: Vec<_> = (0..6)
            .map(|n| {
                let store = if n % 2 == 0 { second.clone() } else { (*db).clone() };
                tokio::spawn(async move {
                    let (node, mut claimed) = (id::<NodeId>(), Vec::new());
                    loop {
                        let work = store.claim_work(node, now(), after(60), 7).await.unwrap();
                        assert!(work.len() <= 7);
                        assert!(work.windows(2).all(|w| w[0].request.next_try_at <= w[1].request.next_try_at));
                        if work.is_empty() {
                            return claimed;
                        }
                        claimed.extend(work.into_iter().map(|work| work.request.id));
                    }
                })
            })
            .collect();
        let mut claimed = Vec::new();
        for node in nodes {
            claimed.extend(node.await.unwrap());
        }
        assert_eq!(claimed.len(), 60);
        assert_eq!(claimed.into_iter().collect::<HashSet<_>>(), ids);
        second.close().await;
    }

    async fn many_are_claimed_at_once_oldest_first(db) {
        let world = samples::world(&db).await;
        let mut ids = Vec::new();
        for n in 0..40 {
            let request = NewRequest { created_at: after(-n), ..world.issuing(&format!("m{n}")) };
            ids.insert(0, request.id);
            db.create_request(request, Record::default()).await.unwrap();
        }
        let work = db.claim_work(id(), now(), after(60), 33).await.unwrap();
        assert_eq!(work.iter().map(|work| work.request.id).collect::<Vec<_>>(), ids[..33]);
        assert_eq!(db.claim_work(id(), now(), after(60), 33).await.unwrap().len(), 7);
    }

    async fn a_lease_that_has_ended_is_taken_over(db) {
        let world = samples::world(&db).await;
        let (dead, alive) = (id::<NodeId>(), id::<NodeId>());
        let request = claimed(&db, &world, dead).await;
        assert_eq!(db.next_work_due().await.unwrap(), Some(after(60)));
        assert!(db.claim_work(alive, after(59), after(119), 9).await.unwrap().is_empty());
        db.renew_leases(dead, after(90)).await.unwrap();
        assert!(db.claim_work(alive, after(89), after(149), 9).await.unwrap().is_empty());
        assert_eq!(db.claim_work(alive, after(90), after(150), 9).await.unwrap().len(), 1);
        // The one that was thought dead comes too late.
        let late = db.record_prepared(request, dead, vec![samples::credential(KeyPart::Whole)], now(), record(AuditAction::Prepare)).await;
        assert!(matches!(late, Err(Error::Conflict("lease lost"))), "{late:?}");
        let late = db.postpone(request, dead, after(1), "late", now()).await;
        assert!(matches!(late, Err(Error::Conflict("lease lost"))));
        let late = db.fail(request, dead, "late", now(), record(AuditAction::Fail)).await;
        assert!(matches!(late, Err(Error::Conflict("lease lost"))));
        world.prepare(&db, alive, request).await;
        db.release_leases(dead).await.unwrap();
        assert!(db.claim_work(dead, after(91), after(151), 9).await.unwrap().is_empty());
        db.release_leases(alive).await.unwrap();
        assert_eq!(db.claim_work(dead, after(91), after(151), 9).await.unwrap().len(), 1);
    }

    async fn a_step_is_recorded_once(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        let mut tries = Vec::new();
        for _ in 0..5 {
            let db = db.clone();
            tries.push(tokio::spawn(async move {
                db.record_prepared(request, node, vec![samples::credential(KeyPart::Whole)], now(), record(AuditAction::Prepare)).await.is_ok()
            }));
        }
        let mut won = 0;
        for one in tries {
            won += u32::from(one.await.unwrap());
        }
        assert_eq!(won, 1);
        let out_of_order = db.record_bundled(request, node, vec![samples::pfx(KeyPart::Whole)], now(), Record::default()).await;
        assert!(matches!(out_of_order, Err(Error::Conflict("lease lost"))));
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_postponed_step_is_tried_later(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        db.postpone(request, node, after(30), "the signer is away", after(1)).await.unwrap();
        let row = db.request(request).await.unwrap().unwrap();
        assert_eq!((row.attempts, row.version, row.updated_at), (1, 2, after(1)));
        assert_eq!((row.next_try_at, row.problem.as_deref()), (after(30), Some("the signer is away")));
        assert_eq!(db.next_work_due().await.unwrap(), Some(after(30)));
        assert!(db.claim_work(node, after(29), after(89), 9).await.unwrap().is_empty());
        assert_eq!(db.claim_work(node, after(30), after(90), 9).await.unwrap().len(), 1);
        world.prepare(&db, node, request).await;
        let row = db.request(request).await.unwrap().unwrap();
        assert_eq!((row.attempts, row.problem), (0, None), "the next step starts afresh");
    }

    async fn a_failed_request_is_retried_or_cancelled(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        world.prepare(&db, node, request).await;
        let not_failed = Decided::No { state: RequestState::Issuing, by: None };
        assert_eq!(db.retry(request, now(), Record::default()).await.unwrap(), not_failed);
        db.fail(request, node, "the profile forbids it", now(), record(AuditAction::Fail)).await.unwrap();
        assert!(claim(&db, node).await.is_empty());
        let failed = db.failed_requests(9).await.unwrap();
        assert_eq!((failed[0].id, failed[0].problem.as_deref()), (request, Some("the profile forbids it")));
        assert_eq!(db.request_counts().await.unwrap().failed, 1);
        assert_eq!(db.ledger().await.unwrap(), []);

        assert_eq!(db.retry(request, now(), record(AuditAction::Retry)).await.unwrap(), Decided::Yes);
        let work = claim(&db, node).await.remove(0);
        assert_eq!((work.request.step, work.request.attempts), (Step::Reserve, 0));
        db.fail(request, node, "still", now(), record(AuditAction::Fail)).await.unwrap();
        let end = samples::end(request, Step::Reserve);
        let other = store::RequestEnd { step: Step::Sign, ..end.clone() };
        assert!(!db.end_request(other, record(AuditAction::Cancel)).await.unwrap(), "at another step");
        assert!(db.end_request(end.clone(), record(AuditAction::Cancel)).await.unwrap());
        let row = db.request(request).await.unwrap().unwrap();
        assert_eq!((row.state, row.cancel_reason), (RequestState::Cancelled, Some(reason("not needed"))));
        assert!(!db.end_request(end, Record::default()).await.unwrap(), "twice");
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_retry_yields_to_a_newer_open_request(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        db.fail(request, node, "broken", now(), record(AuditAction::Fail)).await.unwrap();
        db.create_request(world.issuing("alice"), record(AuditAction::Request)).await.unwrap();
        let retried = db.retry(request, now(), record(AuditAction::Retry)).await;
        assert!(matches!(retried, Err(Error::Conflict(_))), "{retried:?}");
    }

    async fn a_serial_is_used_once(db) {
        let world = samples::world(&db).await;
        let taken = world.issue(&db, "first").await.serial;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        world.prepare(&db, node, request).await;
        let mut intent = world.intent();
        intent.serial.clone_from(&taken);
        let used = db.record_reserved(request, node, vec![intent], now(), record(AuditAction::Reserve)).await;
        assert!(matches!(used, Err(Error::Duplicate("serial"))), "{used:?}");
        db.record_reserved(request, node, vec![world.intent()], now(), record(AuditAction::Reserve)).await.unwrap();
        assert!(db.has_intent(&taken).await.unwrap());
        assert!(!db.has_intent(&[1, 2, 3]).await.unwrap());
    }

    async fn nothing_is_stored_that_was_not_intended(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = claimed(&db, &world, node).await;
        world.prepare(&db, node, request).await;
        let intent = world.intent();
        db.record_reserved(request, node, vec![intent.clone()], now(), record(AuditAction::Reserve)).await.unwrap();
        let other_serial = world.certificate(request, vec![1; 16]);
        assert!(db.record_signed(request, node, vec![other_serial], now(), Record::default()).await.is_err());
        let other_request = world.certificate(id(), intent.serial.clone());
        assert!(db.record_signed(request, node, vec![other_request], now(), Record::default()).await.is_err());
        let intended = world.certificate(request, intent.serial);
        db.record_signed(request, node, vec![intended], now(), record(AuditAction::Sign)).await.unwrap();
        assert_eq!(db.open_requests_for(&mailbox("alice"), id()).await.unwrap(), 1);
    }
}
