//! What was stored before there were parts, versions of templates and keys kept elsewhere, and before
//! keys that people bring were claimed.

use domain::{ApprovalRule, KeyPart, RequestState, TemplateKind};
use sqlx::migrate::Migrator;
use std::borrow::Cow;
use std::path::Path;

/// The last version without parts.
const WITHOUT_PARTS: i64 = 7;
/// The last version without claims of keys.
const WITHOUT_CLAIMS: i64 = 9;

/// The migrations of a database up to a version.
async fn up_to(version: i64, is_sqlite: bool) -> Migrator {
    let folder = if is_sqlite { "sqlite" } else { "postgres" };
    let folder = Path::new("../../migrations").join(folder);
    let mut migrator = Migrator::new(folder).await.unwrap();
    let kept: Vec<_> = migrator
        .iter()
        .filter(|migration| migration.version <= version)
        .cloned()
        .collect();
    migrator.migrations = Cow::Owned(kept);
    migrator
}

/// An identifier as SQL.
fn id(is_sqlite: bool, n: u8) -> String {
    let hex = format!("{n:02x}").repeat(16);
    if is_sqlite {
        format!("X'{hex}'")
    } else {
        format!("'{hex}'")
    }
}

/// Bytes as SQL.
fn bytes(is_sqlite: bool, n: u8, length: usize) -> String {
    let hex = format!("{n:02x}").repeat(length);
    if is_sqlite {
        format!("X'{hex}'")
    } else {
        format!("'\\x{hex}'")
    }
}

/// Certificates for keys that people brought: Alice's of the rows below, and two of Bob's, one of
/// them for Alice's key.
fn brought(is_sqlite: bool) -> String {
    let (id, bytes) = (
        |n| id(is_sqlite, n),
        |n, length| bytes(is_sqlite, n, length),
    );
    let own = |n: u8, key: u8, csr: &str| {
        let (request, certificate) = (id(n), id(n + 1));
        let (bob, issuing, template) = (id(2), id(4), id(5));
        let (serial, key) = (bytes(n, 16), bytes(key, 32));
        format!(
            "INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm,
                idempotency_key, state, step, created_at, attempts, next_try_at, version, updated_at,
                names, csr)
            VALUES ({request}, {bob}, {template}, 'bob@example.com', 'p256', 'k{n}', 'issued', 'done',
                1, 0, 3, 6, 3, '', {csr});
            INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
            VALUES ({request}, 'whole', {issuing}, {serial}, {}, 2);
            INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id, serial,
                der, thumbprint, key_id, subject, issuer, key_algorithm, not_before, not_after,
                issued_at)
            VALUES ({certificate}, {request}, 'whole', {bob}, 'bob@example.com', {issuing}, {serial},
                {}, {}, {key}, 'CN=bob', 'CN=Issuing', 'p256', 1, 9000000000000000, {n});",
            bytes(0x30, 6),
            bytes(0x30, 7),
            bytes(n, 32)
        )
    };
    let (csr, key) = (bytes(0x30, 5), bytes(0x55, 32));
    let alices = format!("UPDATE request SET csr = {csr}; UPDATE certificate SET key_id = {key};");
    let (again, bobs, made_here) = (
        own(40, 0x55, &csr),
        own(50, 0x66, &csr),
        own(60, 0x77, "NULL"),
    );
    [alices, again, bobs, made_here].concat()
}

/// One approved and issued request with everything that belongs to it, as the last version wrote it.
fn rows(is_sqlite: bool) -> String {
    let (id, bytes) = (
        |n| id(is_sqlite, n),
        |n, length| bytes(is_sqlite, n, length),
    );
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
        let db = db.with_schema(up_to(WITHOUT_PARTS, is_sqlite).await).await;
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

    async fn keys_that_people_brought_belong_to_whoever_had_them_first(db) {
        let is_sqlite = db.is_sqlite();
        let db = db.with_schema(up_to(WITHOUT_PARTS, is_sqlite).await).await;
        db.tamper(&rows(is_sqlite)).await;
        db.apply(up_to(WITHOUT_CLAIMS, is_sqlite).await).await;
        db.tamper(&brought(is_sqlite)).await;
        db.migrate().await.unwrap();
        assert!(db.is_migrated().await.unwrap());
        for (of, expected) in [
            ("SELECT COUNT(*) FROM brought_key", 2),
            ("SELECT COUNT(*) FROM brought_key JOIN person ON person.id = person_id
                WHERE name = 'alice' AND key_id IN (SELECT key_id FROM certificate WHERE mailbox = 'alice@example.com')", 1),
            ("SELECT COUNT(*) FROM brought_key JOIN person ON person.id = person_id WHERE name = 'bob'", 1),
        ] {
            assert_eq!(db.number(of).await, expected, "{of}");
        }
    }
}
