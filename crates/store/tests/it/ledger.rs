//! The ledger finds what must not be.

use crate::samples::{self, id, record};
use crate::support::TestDb;
use domain::{AuditAction, NodeId};

/// The invariants that are broken after somebody changed something in the database of a portal
/// with one certificate and one waiting request.
async fn broken_by(db: &TestDb, sql: &[&str]) -> Vec<&'static str> {
    let world = samples::world(db).await;
    world.issue(db, "alice").await;
    db.create_request(world.waiting("alice"), record(AuditAction::Request))
        .await
        .unwrap();
    assert_eq!(db.ledger().await.unwrap(), []);
    for sql in sql {
        // What the schema would refuse has to be possible first.
        let sql = if db.is_sqlite() {
            format!(
                "PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; {sql};
                PRAGMA ignore_check_constraints = 0; PRAGMA foreign_keys = 1"
            )
        } else {
            format!(
                "SET session_replication_role = replica; {sql}; SET session_replication_role = origin"
            )
        };
        db.tamper(&sql).await;
    }
    db.ledger()
        .await
        .unwrap()
        .into_iter()
        .map(|violation| violation.invariant)
        .collect()
}

on_both! {
    async fn a_missing_certificate_is_found(db) {
        assert_eq!(broken_by(&db, &["DELETE FROM certificate"]).await, ["I2"]);
    }

    async fn a_missing_intent_is_found(db) {
        assert_eq!(broken_by(&db, &["DELETE FROM intent"]).await, ["I1", "I3"]);
    }

    async fn another_serial_is_found(db) {
        assert_eq!(broken_by(&db, &["UPDATE intent SET serial = authority.certificate FROM authority
            WHERE authority.parent_id IS NULL".replace("authority.certificate", "substr(authority.certificate, 1, 8)").as_str()]).await, ["I3"]);
    }

    async fn a_number_of_a_list_that_was_not_given_out_is_found(db) {
        let broken = broken_by(&db, &["INSERT INTO crl (authority_id, number, der, this_update, next_update)
            SELECT id, 5, certificate, 1, 2 FROM authority"]).await;
        assert_eq!(broken, ["I4", "I4"]);
    }

    async fn a_change_without_an_entry_is_found(db) {
        assert_eq!(broken_by(&db, &["DELETE FROM audit_entry WHERE action = 'sign'"]).await, ["I6"]);
    }

    async fn an_entry_without_its_request_is_found(db) {
        assert_eq!(broken_by(&db, &["DELETE FROM request WHERE state = 'waiting'"]).await, ["I6"]);
    }

    async fn secrets_without_a_request_are_found(db) {
        let broken = broken_by(&db, &["DELETE FROM certificate", "DELETE FROM intent",
            "DELETE FROM request WHERE state = 'issued'"]).await;
        assert_eq!(broken, ["I6", "I8"]);
    }

    async fn an_issued_request_without_a_pfx_is_found(db) {
        assert_eq!(broken_by(&db, &["UPDATE credential SET sealed_pfx = NULL"]).await, ["I8"]);
    }

    async fn another_owner_is_found(db) {
        let broken = broken_by(&db, &["UPDATE certificate SET person_id =
            (SELECT id FROM person WHERE mailbox = 'bob@example.com')"]).await;
        assert_eq!(broken, ["I8"]);
    }

    async fn a_revocation_without_an_entry_is_found(db) {
        let broken = broken_by(&db, &["UPDATE certificate SET revoked_at = 1,
            revocation_reason = 'superseded'"]).await;
        assert_eq!(broken, ["I6"]);
    }

    async fn a_list_made_from_changes_that_did_not_happen_is_found(db) {
        let broken = broken_by(&db, &["UPDATE authority SET crl_number = 1", "INSERT INTO crl (authority_id, number,
            der, this_update, next_update, revocations) SELECT id, 1, certificate, 1, 2, 5 FROM authority"]).await;
        assert_eq!(broken, ["I9", "I9"]);
    }

    async fn a_missing_approval_is_found(db) {
        let broken = broken_by(&db, &["UPDATE request SET state = 'issuing' WHERE state = 'waiting'"]).await;
        assert_eq!(broken, ["I1"]);
    }

    async fn every_stage_of_a_request_is_in_order(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        for local in ["a", "b", "c", "d"] {
            db.create_request(world.issuing(local), record(AuditAction::Request)).await.unwrap();
        }
        for (stage, work) in samples::claim(&db, node).await.into_iter().enumerate() {
            if stage > 0 {
                world.prepare(&db, node, work.request.id).await;
            }
            let intent = world.intent();
            let certificate = world.certificate(work.request.id, intent.serial.clone());
            if stage > 1 {
                db.record_reserved(work.request.id, node, vec![intent], samples::now(), record(AuditAction::Reserve)).await.unwrap();
            }
            if stage > 2 {
                db.record_signed(work.request.id, node, vec![certificate], samples::now(), record(AuditAction::Sign)).await.unwrap();
            }
            assert_eq!(db.ledger().await.unwrap(), [], "stage {stage}");
            db.fail(work.request.id, node, "x", samples::now(), record(AuditAction::Fail)).await.unwrap();
            assert_eq!(db.ledger().await.unwrap(), [], "failed at stage {stage}");
        }
    }
}
