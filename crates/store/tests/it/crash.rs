//! What fails half-way leaves nothing half-written, and harms nobody else.

use crate::samples::{self, after, audit, claim, id, mail, now, record};
use crate::support::TestDb;
use domain::{AuditAction, KeyPart, NodeId, RequestState, Step};
use store::{Error, Record, Store};

on_both! {
    async fn a_certificate_that_cannot_be_stored_leaves_its_intent(db) {
        let world = samples::world(&db).await;
        let (request, node) = (world.issuing("alice"), id::<NodeId>());
        let request_id = request.id;
        db.create_request(request, record(AuditAction::Request)).await.unwrap();
        claim(&db, node).await;
        world.prepare(&db, node, request_id).await;
        let intent = world.intent();
        let certificate = world.certificate(request_id, intent.serial.clone());
        db.record_reserved(request_id, node, vec![intent.clone()], now(), record(AuditAction::Reserve)).await.unwrap();
        let before = db.request(request_id).await.unwrap().unwrap();
        let entries = db.number("SELECT COUNT(*) FROM audit_entry").await;

        // First the certificate itself cannot be stored, then the audit entry, then the mail.
        for table in ["certificate", "audit_entry", "mail"] {
            db.break_inserts(table).await;
            let signed = record(AuditAction::Sign).mail(mail("signed"));
            let failed = db.record_signed(request_id, node, vec![certificate.clone()], now(), signed).await;
            assert!(matches!(failed, Err(Error::Database(_))), "{table}: {failed:?}");
            db.mend_inserts(table).await;
            let row = db.request(request_id).await.unwrap().unwrap();
            assert_eq!((row.state, row.step, row.version), (RequestState::Issuing, Step::Sign, before.version));
            assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, entries, "{table}");
            assert_eq!(db.number("SELECT COUNT(*) FROM certificate").await, 0, "{table}");
            assert_eq!(db.number("SELECT COUNT(*) FROM mail").await, 0, "{table}");
            assert_eq!(db.ledger().await.unwrap(), [], "{table}");
            assert_eq!(db.verify_audit().await.unwrap().broken, None, "{table}");
        }
        // The node dies; another one completes what was written down.
        let heir = id::<NodeId>();
        let work = db.claim_work(heir, after(60), after(120), 9).await.unwrap().remove(0);
        assert_eq!(work.parts[0].intent, Some(intent));
        db.record_signed(request_id, heir, vec![certificate], now(), record(AuditAction::Sign)).await.unwrap();
        db.record_bundled(request_id, heir, vec![samples::pfx(KeyPart::Whole)], now(), record(AuditAction::Issue)).await.unwrap();
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_request_that_cannot_be_recorded_is_not_made(db) {
        let world = samples::world(&db).await;
        let request = world.waiting("alice");
        db.break_inserts("audit_entry").await;
        assert!(db.create_request(request.clone(), record(AuditAction::Request)).await.is_err());
        assert!(db.request(request.id).await.unwrap().is_none());
        db.mend_inserts("audit_entry").await;
        db.create_request(request, record(AuditAction::Request)).await.unwrap();
    }

    async fn one_that_fails_does_not_harm_the_others(db) {
        let world = samples::world(&db).await;
        let writers: Vec<_> = (0..40)
            .map(|n| {
                let (db, world) = (db.clone(), world.clone());
                tokio::spawn(async move {
                    let mut request = world.waiting(&format!("m{n}"));
                    if n % 3 == 0 {
                        // Refused by a foreign key, at the end of the statement.
                        request.person = id();
                    }
                    let made = db.create_request(request.clone(), record(AuditAction::Request)).await;
                    assert_eq!(made.is_ok(), n % 3 != 0, "{n}: {made:?}");
                    assert_eq!(db.request(request.id).await.unwrap().is_some(), made.is_ok());
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(db.waiting_count().await.unwrap(), 26);
        assert_eq!(db.ledger().await.unwrap(), []);
        assert_eq!(db.verify_audit().await.unwrap().broken, None);
    }

    async fn a_change_that_is_given_up_half_way_is_undone(db) {
        // A client that hangs up drops the future of its request at any point.
        let mut acknowledged = 0;
        for round in 0..200_u32 {
            let mut change = Box::pin(db.record(
                Record::default().audit(audit(AuditAction::SignIn)).audit(audit(AuditAction::Download)),
            ));
            let mut done = false;
            for _ in 0..round % 23 {
                let polled = std::future::poll_fn(|context| {
                    std::task::Poll::Ready(change.as_mut().poll(context).is_ready())
                });
                done = polled.await;
                if done {
                    acknowledged += 1;
                    break;
                }
                tokio::task::yield_now().await;
            }
            if !done {
                drop(change);
            }
        }
        db.record(record(AuditAction::SignIn)).await.unwrap();
        let check = db.verify_audit().await.unwrap();
        assert_eq!(check.broken, None);
        assert!(check.checked > 2 * acknowledged, "{acknowledged} {}", check.checked);
        assert_eq!(check.checked % 2, 1, "a pair of entries is never torn");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_sqlite_itself_rolls_back_is_not_acknowledged() {
    // As on a full disk: the error ends the transaction, and with it the work of all members.
    let db = TestDb::sqlite().await;
    db.tamper(
        "CREATE TRIGGER broken BEFORE INSERT ON mail WHEN NEW.dedupe LIKE 'bomb%'
        BEGIN SELECT RAISE(ROLLBACK, 'broken for a test'); END",
    )
    .await;
    let writers: Vec<_> = (0..60)
        .map(|n| {
            let store: Store = (*db).clone();
            let key = if n % 10 == 7 {
                format!("bomb {n}")
            } else {
                format!("mail {n}")
            };
            let record = record(AuditAction::Download).mail(mail(&key));
            tokio::spawn(async move { store.record(record).await.is_ok() })
        })
        .collect();
    let mut acknowledged = 0;
    for writer in writers {
        acknowledged += i64::from(writer.await.unwrap());
    }
    assert!(acknowledged <= 54);
    assert_eq!(db.number("SELECT COUNT(*) FROM mail").await, acknowledged);
    assert_eq!(
        db.number("SELECT COUNT(*) FROM audit_entry").await,
        acknowledged
    );
    assert_eq!(db.verify_audit().await.unwrap().broken, None);
    db.record(record(AuditAction::Download).mail(mail("after")))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_sqlite_file_is_busy_and_then_works_again() {
    let db = TestDb::sqlite().await;
    let world = samples::world(&db).await;
    let mut other = sqlx::SqlitePool::connect(db.url())
        .await
        .unwrap()
        .begin()
        .await
        .unwrap();
    sqlx::query("UPDATE audit_head SET number = number")
        .execute(&mut *other)
        .await
        .unwrap();
    let waiting: Vec<_> = (0..3)
        .map(|n| {
            let (store, request): (Store, _) = ((*db).clone(), world.waiting(&format!("m{n}")));
            tokio::spawn(async move {
                store
                    .create_request(request, record(AuditAction::Request))
                    .await
            })
        })
        .collect();
    // Reading goes on.
    assert_eq!(db.waiting_count().await.unwrap(), 0);
    for one in waiting {
        let refused = one.await.unwrap();
        assert!(matches!(refused, Err(Error::Busy)), "{refused:?}");
    }
    other.rollback().await.unwrap();
    db.create_request(world.waiting("alice"), record(AuditAction::Request))
        .await
        .unwrap();
    assert_eq!(db.verify_audit().await.unwrap().broken, None);
}
