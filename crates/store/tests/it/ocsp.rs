//! Statuses by serial number, and the responders' keys.

use crate::samples::{self, after, id, now, record};
use domain::{AuditAction, AuthorityId, NodeId, ResponderId};
use store::{Error, NewResponder, StatusRow};

fn responder(authority: AuthorityId, seconds: i64) -> NewResponder {
    NewResponder {
        id: id(),
        authority,
        serial: id::<uuid::Uuid>().as_bytes().to_vec(),
        tbs: vec![0x30, 4],
        sealed_key: vec![8; 40],
        created_at: after(seconds),
    }
}

on_both! {
    async fn only_what_was_issued_has_a_status(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await;
        let found = db.certificate_status(world.authority, &certificate.serial).await.unwrap();
        assert_eq!(found, Some(StatusRow { issued_at: now(), revoked: None }));
        let other = db.certificate_status(id(), &certificate.serial).await.unwrap();
        assert_eq!(other, None, "of another authority");
        for serial in [&[][..], &[1], &[0x55; 16]] {
            assert_eq!(db.certificate_status(world.authority, serial).await.unwrap(), None);
        }
    }

    async fn a_reserved_serial_has_no_status(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let certificate = world.reserve(&db, node).await;
        let (request_id, serial) = (certificate.request, certificate.serial.clone());
        assert_eq!(db.certificate_status(world.authority, &serial).await.unwrap(), None);
        db.record_signed(request_id, node, vec![certificate], now(), record(AuditAction::Sign)).await.unwrap();
        assert!(db.certificate_status(world.authority, &serial).await.unwrap().is_some());
    }

    async fn the_newest_signed_responder_is_used(db) {
        let world = samples::world(&db).await;
        let authority = world.authority;
        assert!(db.newest_responder(authority).await.unwrap().is_none());
        let [old, new, unsigned] = [0, 10, 20].map(|seconds| responder(authority, seconds));
        for row in [&new, &old, &unsigned] {
            db.reserve_responder(row.clone(), record(AuditAction::Reserve)).await.unwrap();
            assert!(db.has_intent(&row.serial).await.unwrap());
        }
        assert!(db.newest_responder(authority).await.unwrap().is_none());
        for row in [&old, &new] {
            db.record_responder_signed(row.id, vec![0x30, 9], record(AuditAction::Sign)).await.unwrap();
        }
        let found = db.newest_responder(authority).await.unwrap().unwrap();
        assert_eq!((found.id, found.authority), (new.id, authority));
        assert_eq!((found.sealed_key, found.certificate), (vec![8; 40], vec![0x30, 9]));
        assert!(db.newest_responder(id()).await.unwrap().is_none());

        let mut seen: Vec<ResponderId> = Vec::new();
        while let page = db.responders_after(seen.last().copied(), 1).await.unwrap() && !page.is_empty() {
            seen.extend(page.iter().map(|row| row.id));
        }
        assert_eq!(seen, [old.id, new.id]);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action IN ('reserve', 'sign')").await, 5);
    }

    async fn a_responder_is_signed_once_and_never_without_an_entry(db) {
        let world = samples::world(&db).await;
        let row = responder(world.authority, 0);
        db.reserve_responder(row.clone(), record(AuditAction::Reserve)).await.unwrap();
        let again = NewResponder { id: id(), ..row.clone() };
        let again = db.reserve_responder(again, record(AuditAction::Reserve)).await;
        assert!(matches!(again, Err(Error::Duplicate("serial"))), "{again:?}");
        db.break_inserts("audit_entry").await;
        assert!(db.record_responder_signed(row.id, vec![1], record(AuditAction::Sign)).await.is_err());
        db.mend_inserts("audit_entry").await;
        assert!(db.newest_responder(world.authority).await.unwrap().is_none());
        db.record_responder_signed(row.id, vec![1], record(AuditAction::Sign)).await.unwrap();
        let twice = db.record_responder_signed(row.id, vec![2], record(AuditAction::Sign)).await;
        assert!(matches!(twice, Err(Error::NotFound)));
    }
}
