//! What was stored before there were parts, versions of templates and keys kept elsewhere.

use domain::{ApprovalRule, KeyPart, RequestState, TemplateKind};
use sqlx::migrate::Migrator;
use std::borrow::Cow;
use std::path::Path;

/// The last version without them.
const BEFORE: i64 = 7;

/// The migrations of a database up to [`BEFORE`].
async fn earlier(folder: &str) -> Migrator {
    let folder = Path::new("../../migrations").join(folder);
    let mut migrator = Migrator::new(folder).await.unwrap();
    let kept: Vec<_> = migrator
        .iter()
        .filter(|migration| migration.version <= BEFORE)
        .cloned()
        .collect();
    migrator.migrations = Cow::Owned(kept);
    migrator
}

/// One approved and issued request with everything that belongs to it, as the last version wrote it.
fn rows(is_sqlite: bool) -> String {
    let id = |n: u8| {
        let hex = format!("{n:02x}").repeat(16);
        if is_sqlite {
            format!("X'{hex}'")
        } else {
            format!("'{hex}'")
        }
    };
    let bytes = |n: u8, length: usize| {
        let hex = format!("{n:02x}").repeat(length);
        if is_sqlite {
            format!("X'{hex}'")
        } else {
            format!("'\\x{hex}'")
        }
    };
    let (alice, bob, root, issuing, template, request, certificate) =
        (id(1), id(2), id(3), id(4), id(5), id(6), id(7));
    let person = |id: &str, name: &str, role: &str| {
        format!(
            "INSERT INTO person (id, name, name_lower, mailbox, role, state, state_changed_at,
                password_hash, password_changed_at, created_at)
            VALUES ({id}, '{name}', '{name}', '{name}@example.com', '{role}', 'active', 1, 'x', 1, 1);"
        )
    };
    let authority = |id: &str, parent: &str, name: &str| {
        format!(
            "INSERT INTO authority (id, parent_id, name, certificate, sealed_key, crl_number, created_at)
            VALUES ({id}, {parent}, '{name}', {}, {}, 4, 1);",
            bytes(0x30, 4),
            bytes(9, 40)
        )
    };
    [
        person(&alice, "alice", "employee"),
        person(&bob, "bob", "approver"),
        authority(&root, "NULL", "Root"),
        authority(&issuing, &root, "Issuing"),
        format!(
            "INSERT INTO template (id, position, name, summary, approval, key_algorithms, valid_days,
                password_policy)
            VALUES ({template}, 1, 'Secure mail', 'A \"summary\"', 'one', 'rsa3072,p256', 365, 'fours');"
        ),
        format!(
            "INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm, idempotency_key,
                state, step, created_at, decided_at, decided_by, decision_reason, attempts,
                next_try_at, version, updated_at)
            VALUES ({request}, {alice}, {template}, 'alice@example.com', 'p256', 'k', 'issued', 'done',
                1, 2, {bob}, 'fine', 0, 3, 6, 3);"
        ),
        format!(
            "INSERT INTO credential (request_id, sealed_password, sealed_key, csr, sealed_pfx)
            VALUES ({request}, {}, {}, {}, {});",
            bytes(4, 40),
            bytes(5, 40),
            bytes(0x30, 5),
            bytes(7, 40)
        ),
        format!(
            "INSERT INTO intent (request_id, authority_id, serial, tbs, reserved_at)
            VALUES ({request}, {issuing}, {}, {}, 2);",
            bytes(0x11, 16),
            bytes(0x30, 6)
        ),
        format!(
            "INSERT INTO certificate (id, request_id, person_id, mailbox, authority_id, serial, der,
                thumbprint, subject, issuer, key_algorithm, not_before, not_after, issued_at, held_at,
                revocation_reason)
            VALUES ({certificate}, {request}, {alice}, 'alice@example.com', {issuing}, {}, {}, {},
                'CN=alice', 'CN=Issuing', 'p256', 1, 9000000000000000, 2, 5, 'certificateHold');",
            bytes(0x11, 16),
            bytes(0x30, 7),
            bytes(8, 32)
        ),
        format!(
            "INSERT INTO certificate_search (certificate_id, template_id, issued_at, not_after, words)
            VALUES ({certificate}, {template}, 2, 9000000000000000, ' alice');"
        ),
    ]
    .concat()
}

on_both! {
    async fn everything_is_kept(db) {
        let is_sqlite = db.is_sqlite();
        let db = db.with_schema(earlier(if is_sqlite { "sqlite" } else { "postgres" }).await).await;
        db.tamper(&rows(is_sqlite)).await;
        db.migrate().await.unwrap();
        assert!(db.is_migrated().await.unwrap());

        let template = db.templates().await.unwrap().remove(0);
        assert_eq!((template.version, template.is_offered), (1, true));
        assert_eq!((template.content.kind, template.content.approval), (TemplateKind::Mailbox, ApprovalRule::ONE));
        assert_eq!((template.content.summary.as_str(), template.content.key_algorithms.len()), ("A \"summary\"", 2));
        let authorities = db.authorities().await.unwrap();
        assert!(authorities.iter().all(|row| row.is_active && row.sealed_key.is_some()));

        let certificate = db.certificates_after(None, 9).await.unwrap().remove(0);
        let row = db.certificate(certificate.id).await.unwrap().unwrap();
        assert_eq!((row.part, row.template_version, row.key_id.as_ref()), (KeyPart::Whole, 1, None));
        assert!(row.held_at.is_some());
        let sealed = db.credential(row.id).await.unwrap().unwrap();
        assert_eq!((sealed.password, sealed.key, sealed.pfx), (vec![4; 40], vec![5; 40], vec![7; 40]));
        let request = db.request(row.request).await.unwrap().unwrap();
        assert_eq!((request.state, request.approvals_needed, request.approvals), (RequestState::Issued, 1, 1));
        let faults = db.ledger().await.unwrap();
        // These rows were written without their audit entries.
        assert!(faults.iter().all(|fault| fault.invariant == "I6"), "{faults:?}");
    }
}
