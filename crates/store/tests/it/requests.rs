//! Requests: making, deciding, listing.

use crate::samples::{self, after, claim, id, mailbox, now, reason, record};
use crate::support::TestDb;
use domain::{AuditAction, NodeId, RequestId, RequestState, Role, Step};
use store::{Created, Decided, Error, NewRequest, Record, RequestCounts};

async fn create(db: &TestDb, request: &NewRequest) -> Created {
    db.create_request(request.clone(), record(AuditAction::Request))
        .await
        .unwrap()
}

fn already(state: RequestState, by: Option<&str>) -> Decided {
    Decided::No {
        state,
        by: by.map(samples::name),
    }
}

on_both! {
    async fn a_request_is_read_as_it_was_made(db) {
        let world = samples::world(&db).await;
        let new = world.waiting("alice");
        assert_eq!(create(&db, &new).await, Created::New);
        let row = db.request(new.id).await.unwrap().unwrap();
        assert_eq!((row.person, row.template, &row.mailbox), (new.person, new.template, &new.mailbox));
        assert_eq!((row.person_name.as_str(), row.person_mailbox.as_str()), ("Alice Smith", "alice@example.com"));
        assert_eq!((row.template_name.as_str(), row.content.valid_days), ("S/MIME with approval", 365));
        assert_eq!((row.state, row.step, row.version), (RequestState::Waiting, Step::Prepare, 1));
        assert_eq!((row.reason, row.key_algorithm, row.created_at), (new.reason, new.key_algorithm, now()));
        assert_eq!((row.decided_at, row.decided_by, row.decided_by_name), (None, None, None));
        assert_eq!((row.attempts, row.problem, row.certificate), (0, None, None));
        assert_eq!(db.request_version(new.id).await.unwrap(), Some(1));
        assert!(db.request(id()).await.unwrap().is_none());
        assert!(db.request_version(id()).await.unwrap().is_none());
        let events = db.request_events(new.id).await.unwrap();
        assert_eq!((events[0].kind.as_str(), events[0].at), ("request", now()));
        assert_eq!(events[0].detail.as_deref(), Some("because"));
    }

    async fn the_same_key_means_the_same_request(db) {
        let world = samples::world(&db).await;
        let first = world.waiting("alice");
        create(&db, &first).await;
        let same_key = NewRequest { id: id(), mailbox: mailbox("other"), ..first.clone() };
        assert_eq!(create(&db, &same_key).await, Created::Existing(first.id));
        // Another person's key is another key.
        let elsewhere = NewRequest { id: id(), person: world.bob, ..first.clone() };
        assert_eq!(create(&db, &elsewhere).await, Created::New);
        // Even when the request has ended.
        db.withdraw(first.id, world.alice, now(), record(AuditAction::Withdraw)).await.unwrap();
        assert_eq!(create(&db, &same_key).await, Created::Existing(first.id));
    }

    async fn there_is_one_open_request_for_a_mailbox_and_template(db) {
        let world = samples::world(&db).await;
        let first = world.waiting("alice");
        create(&db, &first).await;
        assert_eq!(create(&db, &world.waiting("alice")).await, Created::Existing(first.id));
        assert_eq!(create(&db, &world.waiting("team")).await, Created::New);
        assert_eq!(create(&db, &world.issuing("alice")).await, Created::New);
        db.reject(first.id, world.bob, reason("no"), now(), record(AuditAction::Reject)).await.unwrap();
        assert_eq!(create(&db, &world.waiting("alice")).await, Created::New);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'request'").await, 4);
    }

    async fn of_many_equal_requests_one_is_made(db) {
        let world = samples::world(&db).await;
        for round in 0..10 {
            let key = world.waiting(&format!("m{round}"));
            let tries: Vec<_> = (0..8)
                .map(|n| {
                    let other = world.waiting(&format!("m{round}"));
                    // Half of them share the key, all of them the mailbox.
                    let request = if n % 2 == 0 { NewRequest { id: other.id, ..key.clone() } } else { other };
                    let db = db.clone();
                    tokio::spawn(async move { (request.id, create(&db, &request).await) })
                })
                .collect();
            let mut new = Vec::new();
            let mut existing = Vec::new();
            for one in tries {
                match one.await.unwrap() {
                    (id, Created::New) => new.push(id),
                    (_, Created::Existing(id)) => existing.push(id),
                }
            }
            assert_eq!(new.len(), 1, "round {round}");
            assert!(existing.iter().all(|id| *id == new[0]), "round {round}");
        }
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn an_approved_request_is_due(db) {
        let world = samples::world(&db).await;
        let new = world.waiting("alice");
        create(&db, &new).await;
        assert!(claim(&db, id::<NodeId>()).await.is_empty());
        let approved = samples::approve(&db, new.id, world.bob, Some(reason("fine")), now(), record(AuditAction::Approve)).await;
        assert_eq!(approved.unwrap(), Decided::Yes);
        let row = db.request(new.id).await.unwrap().unwrap();
        assert_eq!((row.state, row.decided_by, row.decided_at), (RequestState::Issuing, Some(world.bob), Some(now())));
        assert_eq!(row.decided_by_name.unwrap().as_str(), "Bob Smith");
        assert_eq!((row.decision_reason, row.version), (Some(reason("fine")), 2));
        assert_eq!(claim(&db, id::<NodeId>()).await.len(), 1);
        let late = db.reject(new.id, world.carol, reason("no"), now(), record(AuditAction::Reject)).await;
        assert_eq!(late.unwrap(), already(RequestState::Issuing, Some("Bob Smith")));
        let kinds: Vec<_> = db.request_events(new.id).await.unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["request", "approve"]);
    }

    async fn nobody_decides_their_own_request(db) {
        let world = samples::world(&db).await;
        let own = NewRequest { person: world.bob, ..world.waiting("bob") };
        create(&db, &own).await;
        let approved = samples::approve(&db, own.id, world.bob, None, now(), Record::default()).await;
        assert!(matches!(approved, Err(Error::Conflict("own request"))), "{approved:?}");
        let rejected = db.reject(own.id, world.bob, reason("no"), now(), Record::default()).await;
        assert!(matches!(rejected, Err(Error::Conflict("own request"))));
        assert_eq!(db.request(own.id).await.unwrap().unwrap().state, RequestState::Waiting);
        assert!(matches!(samples::approve(&db, id(), world.bob, None, now(), Record::default()).await, Err(Error::NotFound)));
    }

    async fn only_the_requester_withdraws(db) {
        let world = samples::world(&db).await;
        let new = world.waiting("alice");
        create(&db, &new).await;
        let other = db.withdraw(new.id, world.bob, now(), Record::default()).await;
        assert!(matches!(other, Err(Error::NotFound)));
        let done = db.withdraw(new.id, world.alice, now(), record(AuditAction::Withdraw)).await.unwrap();
        assert_eq!(done, Decided::Yes);
        let again = db.withdraw(new.id, world.alice, now(), Record::default()).await.unwrap();
        assert_eq!(again, already(RequestState::Withdrawn, None));
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn of_approve_reject_and_withdraw_exactly_one_wins(db) {
        let world = samples::world(&db).await;
        let rounds = 100;
        for round in 0..rounds {
            let new = world.waiting("alice");
            create(&db, &new).await;
            let (a, b, c) = (db.clone(), db.clone(), db.clone());
            let world = world.clone();
            let decisions = [
                tokio::spawn(async move { samples::approve(&a, new.id, world.bob, None, now(), record(AuditAction::Approve)).await }),
                tokio::spawn(async move { b.reject(new.id, world.carol, reason("no"), now(), record(AuditAction::Reject)).await }),
                tokio::spawn(async move { c.withdraw(new.id, world.alice, now(), record(AuditAction::Withdraw)).await }),
            ];
            let mut outcomes = Vec::new();
            for decision in decisions {
                outcomes.push(decision.await.unwrap().unwrap());
            }
            let states = [RequestState::Issuing, RequestState::Rejected, RequestState::Withdrawn];
            let row = db.request(new.id).await.unwrap().unwrap();
            for (outcome, state) in outcomes.iter().zip(states) {
                assert_eq!(*outcome == Decided::Yes, state == row.state, "round {round}: {outcomes:?}");
                if let Decided::No { state, by } = outcome {
                    assert_eq!((*state, by), (row.state, &row.decided_by_name), "round {round}");
                }
            }
            if row.state == RequestState::Issuing {
                let node = id::<NodeId>();
                claim(&db, node).await;
                world.finish(&db, node, new.id, mailbox("alice")).await;
            }
        }
        assert_eq!(db.ledger().await.unwrap(), []);
        assert_eq!(db.verify_audit().await.unwrap().broken, None);
        let winners = db.number("SELECT COUNT(*) FROM audit_entry WHERE action IN ('approve', 'reject', 'withdraw')").await;
        assert_eq!(winners, rounds);
    }

    async fn lists_page_and_search(db) {
        let world = samples::world(&db).await;
        let mut ids: Vec<RequestId> = Vec::new();
        for n in 0..5 {
            // Two at the same time, which their identifiers tell apart.
            let request = NewRequest { created_at: after(n / 2), ..world.waiting(&format!("m{n}")) };
            ids.push(request.id);
            create(&db, &request).await;
        }
        let own = NewRequest { person: world.bob, created_at: after(9), ..world.waiting("bob") };
        create(&db, &own).await;

        let mut seen = Vec::new();
        let mut page = db.waiting_requests("", None, 2).await.unwrap();
        while let Some(last) = page.last() {
            let position = (last.created_at, last.id);
            seen.extend(page.iter().map(|row| row.id));
            page = db.waiting_requests("", Some(position), 2).await.unwrap();
        }
        assert_eq!(seen[..5], ids);
        assert_eq!(seen[5], own.id);
        for (search, found) in [("ALICE", 5), ("m3@", 1), ("bob", 1), ("_", 0), ("zz", 0)] {
            assert_eq!(db.waiting_requests(search, None, 10).await.unwrap().len(), found, "{search}");
        }
        assert_eq!(db.waiting_count().await.unwrap(), 6);
        assert_eq!(db.waiting_count_for(world.bob, Role::Approver).await.unwrap(), 5);
        assert_eq!(db.waiting_count_for(world.carol, Role::Approver).await.unwrap(), 6);
        assert_eq!(db.waiting_count_for(world.carol, Role::Admin).await.unwrap(), 0);

        let of_alice = db.requests_of(world.alice, 3).await.unwrap();
        assert_eq!(of_alice.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[4], ids[3], ids[2]]);
        assert_eq!(db.open_requests_for(&mailbox("m0"), ids[0]).await.unwrap(), 0);
        assert_eq!(db.open_requests_for(&mailbox("m0"), ids[1]).await.unwrap(), 1);
        let counts = RequestCounts { waiting: 6, issuing: 0, failed: 0, oldest_waiting_at: Some(now()) };
        assert_eq!(db.request_counts().await.unwrap(), counts);
    }

    async fn as_many_names_as_there_may_be_fit(db) {
        let world = samples::world(&db).await;
        // As good as random, so that nothing makes them shorter.
        let label = |n: u64| format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(3);
        let name = |n: u64| (0..5).map(|m| label(100 * n + m + 1) + ".").collect::<String>() + "example";
        let names: String = (0..50).map(|n| name(n) + " ").collect();
        assert!(names.len() > 12_000);
        let first = NewRequest { names: names.clone(), ..world.waiting("alice") };
        assert_eq!(create(&db, &first).await, Created::New);
        let again = NewRequest { names: names.clone(), ..world.waiting("alice") };
        assert_eq!(create(&db, &again).await, Created::Existing(first.id));
        let other = NewRequest { names: names + "www.example.com", ..world.waiting("alice") };
        assert_eq!(create(&db, &other).await, Created::New);
    }

    async fn evidence_tells_what_is_known_of_each_request(db) {
        let world = samples::world(&db).await;
        world.issue(&db, "alice").await;
        let mut ids = vec![id(), id()];
        for local in ["alice", "team"] {
            let request = world.waiting(local);
            ids.push(request.id);
            create(&db, &request).await;
        }
        create(&db, &world.issuing("team")).await;
        // More than one statement asks for at a time.
        ids.extend((0..60).map(|_| id::<RequestId>()));
        let mut found = db.evidence(&ids, now()).await.unwrap();
        found.sort_by_key(|evidence| evidence.request);
        let seen: Vec<_> = found
            .iter()
            .map(|e| (e.request, e.mailbox_verified_at, e.valid_certificates, e.other_open))
            .collect();
        assert_eq!(seen, [(ids[2], Some(now()), 1, 0), (ids[3], None, 0, 1)]);
    }
}
