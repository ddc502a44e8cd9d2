//! Keys made ahead.

use crate::samples::{self, after, claim, credential, id, now, record};
use domain::{AuditAction, KeyAlgorithm, KeyPart, NodeId, PoolKeyId, RequestState, Step};
use store::{CrlRow, Error, KEY_USED_UP, NewCredential, PoolKeyRow, SealedKey, Store};

fn key(algorithm: KeyAlgorithm) -> PoolKeyRow {
    PoolKeyRow {
        id: id(),
        algorithm,
        sealed_key: vec![3; 64],
    }
}

async fn add(db: &Store, algorithm: KeyAlgorithm, most: i64) -> Option<PoolKeyId> {
    let row = key(algorithm);
    let id = row.id;
    let added = db.add_pool_key(row, most, now()).await.unwrap();
    added.then_some(id)
}

fn from_pool(key: PoolKeyId) -> NewCredential {
    let plain = credential(KeyPart::Whole);
    let sealed = plain.sealed.map(|sealed| SealedKey {
        from_pool: Some(key),
        ..sealed
    });
    NewCredential { sealed, ..plain }
}

on_both! {
    async fn a_kind_is_filled_up_to_its_size(db) {
        let first = add(&db, KeyAlgorithm::Rsa2048, 2).await.unwrap();
        let second = add(&db, KeyAlgorithm::Rsa2048, 2).await.unwrap();
        assert_eq!(add(&db, KeyAlgorithm::Rsa2048, 2).await, None);
        let other = add(&db, KeyAlgorithm::Rsa3072, 2).await.unwrap();
        let counts: Vec<_> = db.pool_counts().await.unwrap().into_iter().map(|row| (row.algorithm, row.count)).collect();
        assert_eq!(counts, [(KeyAlgorithm::Rsa2048, 2), (KeyAlgorithm::Rsa3072, 1)]);
        assert_eq!(db.pool_key_ids(KeyAlgorithm::Rsa2048, 9).await.unwrap(), [first, second]);
        assert_eq!(db.pool_key_ids(KeyAlgorithm::Rsa2048, 1).await.unwrap(), [first]);
        assert_eq!(db.pool_key(other).await.unwrap().unwrap().sealed_key, vec![3; 64]);
        let walked = db.pool_keys_after(Some(first), 9).await.unwrap();
        assert_eq!(walked.iter().map(|row| row.id).collect::<Vec<_>>(), [second, other]);
    }

    async fn a_restored_database_uses_nothing_again(db) {
        let authority = samples::world(&db).await.authority;
        add(&db, KeyAlgorithm::Rsa2048, 2).await.unwrap();
        let number = db.next_crl_number(authority, now()).await.unwrap().number;
        let list = CrlRow {
            number,
            der: vec![0x30],
            this_update: now(),
            next_update: after(60),
            revocations: 0,
        };
        db.put_crl(authority, list).await.unwrap();
        db.break_inserts("audit_entry").await;
        assert!(db.restored(record(AuditAction::Restore)).await.is_err());
        assert_eq!(db.pool_counts().await.unwrap().len(), 1, "no entry, no action");
        db.mend_inserts("audit_entry").await;
        let done = db.restored(record(AuditAction::Restore)).await.unwrap();
        assert_eq!((done.pool_keys, done.lists, done.sessions), (1, 1, 0));
        assert_eq!(db.pool_counts().await.unwrap(), []);
        assert_eq!(db.crl(authority).await.unwrap(), None);
    }

    async fn a_key_is_used_once(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let mut requests = Vec::new();
        for local in ["alice", "bob"] {
            let request = world.issuing(local);
            requests.push(request.id);
            db.create_request(request, record(AuditAction::Request)).await.unwrap();
        }
        claim(&db, node).await;
        let key = add(&db, KeyAlgorithm::Rsa2048, 9).await.unwrap();
        let prepare = |request| {
            db.record_prepared(request, node, vec![from_pool(key)], now(), record(AuditAction::Prepare))
        };
        prepare(requests[0]).await.unwrap();
        assert!(db.pool_key(key).await.unwrap().is_none());
        let again = prepare(requests[1]).await;
        assert!(matches!(again, Err(Error::Conflict(KEY_USED_UP))), "{again:?}");
        let row = db.request(requests[1]).await.unwrap().unwrap();
        assert_eq!((row.state, row.step), (RequestState::Issuing, Step::Prepare));
        // The lease still holds, so another key does.
        world.prepare(&db, node, requests[1]).await;
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_key_stays_when_its_step_is_not_recorded(db) {
        let world = samples::world(&db).await;
        let request = world.issuing("alice");
        let node = id::<NodeId>();
        db.create_request(request.clone(), record(AuditAction::Request)).await.unwrap();
        claim(&db, node).await;
        let key = add(&db, KeyAlgorithm::Rsa2048, 9).await.unwrap();
        let stranger = db.record_prepared(request.id, id(), vec![from_pool(key)], now(), record(AuditAction::Prepare)).await;
        assert!(matches!(stranger, Err(Error::Conflict(_))), "{stranger:?}");
        db.break_inserts("audit_entry").await;
        assert!(db.record_prepared(request.id, node, vec![from_pool(key)], now(), record(AuditAction::Prepare)).await.is_err());
        db.mend_inserts("audit_entry").await;
        assert!(db.pool_key(key).await.unwrap().is_some());
    }

    async fn the_portal_is_idle_between_requests(db) {
        let world = samples::world(&db).await;
        assert!(!db.is_issuing(now()).await.unwrap());
        let request = world.issuing("alice");
        let (request, node) = (request.id, { db.create_request(request, record(AuditAction::Request)).await.unwrap(); id::<NodeId>() });
        assert!(db.is_issuing(now()).await.unwrap(), "it is due");
        claim(&db, node).await;
        assert!(db.is_issuing(after(1)).await.unwrap(), "a node works on it");
        db.postpone(request, node, after(600), "the disk is full", now()).await.unwrap();
        assert!(!db.is_issuing(after(1)).await.unwrap(), "it waits");
        assert!(db.is_issuing(after(600)).await.unwrap(), "it is due again");
    }

    async fn what_was_certified_lately_is_known(db) {
        let world = samples::world(&db).await;
        assert_eq!(db.key_algorithms_since(after(-60)).await.unwrap(), []);
        world.issue(&db, "alice").await;
        world.issue(&db, "bob").await;
        assert_eq!(db.key_algorithms_since(after(-60)).await.unwrap(), [KeyAlgorithm::P256]);
        assert_eq!(db.key_algorithms_since(now()).await.unwrap(), []);
    }
}
