//! Versions of templates, approvals by several people, and requests of two certificates.

use crate::samples::{self, claim, credential, id, name, now, pfx, reason, record};
use domain::{ApprovalRule, AuditAction, KeyPart, NodeId, RequestId, RequestState, TemplateKind};
use store::{Approved, Decided, Error, IntentRow, NewCertificate, NewRequest, Store};

/// A request of a split pair, claimed by a node.
async fn pair(db: &Store, world: &samples::World, node: NodeId) -> RequestId {
    let request = world.issuing("alice");
    db.create_request(request.clone(), record(AuditAction::Request))
        .await
        .unwrap();
    claim(db, node).await;
    request.id
}

const PARTS: [KeyPart; 2] = [KeyPart::Sign, KeyPart::Encrypt];

fn two(world: &samples::World) -> Vec<IntentRow> {
    PARTS
        .map(|part| IntentRow {
            part,
            ..world.intent()
        })
        .into()
}

fn signed(world: &samples::World, id: RequestId, intents: &[IntentRow]) -> Vec<NewCertificate> {
    let rows = intents.iter().map(|intent| NewCertificate {
        part: intent.part,
        ..world.certificate(id, intent.serial.clone())
    });
    rows.collect()
}

on_both! {
    async fn a_request_keeps_the_version_that_it_was_made_from(db) {
        let world = samples::world(&db).await;
        let request = world.waiting("alice");
        db.create_request(request.clone(), record(AuditAction::Request)).await.unwrap();
        let first = db.template(world.with_approval).await.unwrap().unwrap();
        let mut second = first.clone();
        second.version = 2;
        second.name = name("Another name");
        second.content.valid_days = 90;
        db.change_template(second.clone(), Some(world.admin), now(), record(AuditAction::ChangeTemplate)).await.unwrap();
        assert_eq!(db.template(first.id).await.unwrap().unwrap(), second);
        let old = db.template_version(first.id, 1).await.unwrap().unwrap();
        assert_eq!(old.content, first.content);
        let row = db.request(request.id).await.unwrap().unwrap();
        assert_eq!((row.template_version, row.content.valid_days), (1, 365));
        let late = db.change_template(second, Some(world.admin), now(), record(AuditAction::ChangeTemplate)).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
        let mut twin = samples::template("S/MIME at once", ApprovalRule::NONE);
        let taken = db.add_template(twin.clone(), Some(world.admin), now(), record(AuditAction::AddTemplate)).await;
        assert!(matches!(taken, Err(Error::Duplicate(_))), "{taken:?}");
        twin.name = name("Third");
        db.add_template(twin.clone(), Some(world.admin), now(), record(AuditAction::AddTemplate)).await.unwrap();
        assert_eq!(db.templates().await.unwrap().last(), Some(&twin), "at the end of the list");
        assert!(db.offer_template(twin.id, false, record(AuditAction::WithdrawTemplate)).await.unwrap());
        assert!(!db.offer_template(twin.id, false, record(AuditAction::WithdrawTemplate)).await.unwrap());
        assert!(!db.template(twin.id).await.unwrap().unwrap().is_offered);
    }

    async fn several_people_agree_and_each_counts_once(db) {
        let world = samples::world(&db).await;
        let request = NewRequest { approval: ApprovalRule::of(2), ..world.waiting("alice") };
        db.create_request(request.clone(), record(AuditAction::Request)).await.unwrap();
        let agree = |who| {
            let records = [record(AuditAction::Approve), record(AuditAction::Approve)];
            db.approve(request.id, who, None, now(), records)
        };
        assert_eq!(agree(world.bob).await.unwrap(), Approved::NotYet);
        assert_eq!(agree(world.bob).await.unwrap(), Approved::Again);
        let row = db.request(request.id).await.unwrap().unwrap();
        assert_eq!((row.state, row.approvals), (RequestState::Waiting, 1));
        assert_eq!(agree(world.carol).await.unwrap(), Approved::Decided(Decided::Yes));
        assert_eq!(db.request(request.id).await.unwrap().unwrap().state, RequestState::Issuing);
        assert_eq!(db.ledger().await.unwrap(), []);
        db.number("SELECT COUNT(*) FROM approval").await;
    }

    async fn two_who_agree_at_the_same_instant_are_both_counted(db) {
        let world = samples::world(&db).await;
        for round in 0..30 {
            let request = NewRequest { approval: ApprovalRule::of(2), ..world.waiting("alice") };
            let id = request.id;
            db.create_request(request, record(AuditAction::Request)).await.unwrap();
            let tasks = [world.bob, world.carol].map(|who| {
                let db = db.clone();
                let records = [record(AuditAction::Approve), record(AuditAction::Approve)];
                tokio::spawn(async move { db.approve(id, who, None, now(), records).await.unwrap() })
            });
            let mut last = 0;
            for task in tasks {
                last += usize::from(task.await.unwrap() == Approved::Decided(Decided::Yes));
            }
            assert_eq!(last, 1, "round {round}");
            assert_eq!(db.request(id).await.unwrap().unwrap().state, RequestState::Issuing);
            let node = samples::id::<NodeId>();
            claim(&db, node).await;
            world.finish(&db, node, id, samples::mailbox("alice")).await;
        }
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn who_asked_for_somebody_does_not_decide_it(db) {
        let world = samples::world(&db).await;
        let request = NewRequest { requested_by: Some(world.bob), ..world.waiting("alice") };
        db.create_request(request.clone(), record(AuditAction::Request)).await.unwrap();
        let records = [record(AuditAction::Approve), record(AuditAction::Approve)];
        let own = db.approve(request.id, world.bob, None, now(), records).await;
        assert!(matches!(own, Err(Error::Conflict("own request"))), "{own:?}");
        let own = db.reject(request.id, world.bob, reason("no"), now(), record(AuditAction::Reject)).await;
        assert!(matches!(own, Err(Error::Conflict("own request"))), "{own:?}");
    }

    async fn a_pair_is_whole_or_not_there(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let request = pair(&db, &world, node).await;
        let credentials = PARTS.map(credential).into();
        db.record_prepared(request, node, credentials, now(), record(AuditAction::Prepare)).await.unwrap();
        let intents = two(&world);
        db.record_reserved(request, node, intents.clone(), now(), record(AuditAction::Reserve)).await.unwrap();
        // The second certificate cannot be stored: then the first is not either.
        let mut broken = signed(&world, request, &intents);
        broken[1].serial.clone_from(&intents[0].serial);
        let refused = db.record_signed(request, node, broken, now(), record(AuditAction::Sign)).await;
        assert!(refused.is_err());
        assert_eq!(db.number("SELECT COUNT(*) FROM certificate").await, 0);
        let certificates = signed(&world, request, &intents);
        db.record_signed(request, node, certificates, now(), record(AuditAction::Sign)).await.unwrap();
        let half = vec![pfx(KeyPart::Sign), pfx(KeyPart::Sign)];
        assert!(db.record_bundled(request, node, half, now(), record(AuditAction::Issue)).await.is_err());
        assert!(db.certificates_of(world.alice).await.unwrap().is_empty());
        let whole = PARTS.map(pfx).into();
        db.record_bundled(request, node, whole, now(), record(AuditAction::Issue)).await.unwrap();
        let parts: Vec<_> = db.certificates_of(world.alice).await.unwrap().iter().map(|row| row.part).collect();
        assert_eq!(parts.len(), 2, "{parts:?}");
        let row = db.request(request).await.unwrap().unwrap();
        let shown = db.certificate(row.certificate.unwrap()).await.unwrap().unwrap();
        assert_eq!(shown.part, KeyPart::Sign, "the request leads to the one that signs");
        assert_eq!(db.ledger().await.unwrap(), []);
        assert_eq!(TemplateKind::Pair.parts(), PARTS);
    }
}
