//! Certificates that people brought along.

use crate::samples::{self, id, now, record};
use domain::{AuditAction, KeyAlgorithm, PersonId};
use store::{Error, ImportedRow, NewImported, SealedImported};
use time::Duration;

fn imported(person: PersonId, seed: u8) -> NewImported {
    NewImported {
        row: ImportedRow {
            id: id(),
            person,
            name: "alice@example.com".to_owned(),
            der: vec![seed; 9],
            thumbprint: vec![seed; 32],
            subject: String::new(),
            issuer: "CN=Elsewhere".to_owned(),
            serial: vec![seed],
            key_algorithm: KeyAlgorithm::Rsa2048,
            not_before: now() - Duration::days(900),
            not_after: now() - Duration::days(500),
            imported_at: now(),
        },
        sealed: SealedImported {
            key: vec![seed, 1],
            password: vec![seed, 2],
        },
    }
}

on_both! {
    async fn all_or_none_are_kept_and_each_once(db) {
        let world = samples::world(&db).await;
        let (one, two) = (imported(world.alice, 1), imported(world.alice, 2));
        db.import(vec![one.clone()], record(AuditAction::Import)).await.unwrap();
        let again = NewImported { row: ImportedRow { id: id(), ..one.row.clone() }, ..one.clone() };
        let refused = db.import(vec![two.clone(), again.clone()], record(AuditAction::Import)).await;
        assert!(matches!(refused, Err(Error::Duplicate(_))), "{refused:?}");
        assert_eq!(db.imported_of(world.alice).await.unwrap(), std::slice::from_ref(&one.row));
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'import'").await, 1);
        // Somebody else may have the same one.
        let theirs = imported(world.bob, 1);
        db.import(vec![theirs.clone()], record(AuditAction::Import)).await.unwrap();
        assert_eq!(db.imported(theirs.row.id).await.unwrap(), Some(theirs.row));
        let sealed = db.imported_secrets(one.row.id).await.unwrap().unwrap();
        assert_eq!((sealed.key, sealed.password), (vec![1, 1], vec![1, 2]));
    }

    async fn all_are_read_page_by_page_with_their_secrets(db) {
        let world = samples::world(&db).await;
        let all = [imported(world.alice, 1), imported(world.bob, 2), imported(world.alice, 3)];
        db.import(all.to_vec(), record(AuditAction::Import)).await.unwrap();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let rows = db.imported_after(after, 2).await.unwrap();
            let Some(last) = rows.last() else {
                break;
            };
            after = Some(last.id);
            found.extend(rows);
        }
        let ids: Vec<_> = found.iter().map(|row| row.id).collect();
        assert!(ids.is_sorted() && ids.len() == 3, "{ids:?}");
        for NewImported { row, sealed } in all {
            let same = found.iter().find(|one| one.id == row.id).unwrap();
            assert_eq!((same.person, &same.der), (row.person, &row.der));
            assert_eq!((&same.sealed.key, &same.sealed.password), (&sealed.key, &sealed.password));
        }
    }

    async fn only_its_owner_deletes_one(db) {
        let world = samples::world(&db).await;
        let one = imported(world.alice, 1);
        db.import(vec![one.clone()], record(AuditAction::Import)).await.unwrap();
        let refused = db.delete_imported(one.row.id, world.bob, record(AuditAction::Delete)).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        db.delete_imported(one.row.id, world.alice, record(AuditAction::Delete)).await.unwrap();
        assert!(db.imported(one.row.id).await.unwrap().is_none());
        assert!(db.imported_secrets(one.row.id).await.unwrap().is_none());
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'delete'").await, 1);
    }
}
