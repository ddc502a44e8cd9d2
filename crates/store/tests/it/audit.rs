//! The audit log: reading it, and finding out that somebody changed it.

use crate::samples::{after, audit, id, record};
use crate::support::TestDb;
use domain::{AuditAction, PersonId};
use store::{AuditQuery, NewAudit, Record};
use uuid::Uuid;

/// Ten entries.
async fn ten_entries(db: &TestDb) {
    for n in 0..5 {
        let mut first = audit(AuditAction::SignIn);
        first.subject_label = format!("entry {n}");
        db.record(
            Record::default()
                .audit(first)
                .audit(audit(AuditAction::Download)),
        )
        .await
        .unwrap();
    }
}

/// Number and words of the first break.
async fn broken(db: &TestDb) -> Option<(i64, String)> {
    let check = db.verify_audit().await.unwrap();
    check.broken.map(|broken| {
        assert_eq!(
            check.checked,
            u64::try_from(broken.number - 1).unwrap().min(check.checked)
        );
        (broken.number, broken.what)
    })
}

/// Tampers with ten entries and gives the first number that is found to be wrong.
async fn found(db: &TestDb, sql: &str) -> Option<i64> {
    ten_entries(db).await;
    assert_eq!(broken(db).await, None);
    assert!(db.tamper(sql).await > 0, "{sql}");
    broken(db).await.map(|(number, _)| number)
}

fn query() -> AuditQuery {
    AuditQuery {
        limit: 100,
        ..AuditQuery::default()
    }
}

on_both! {
    async fn an_empty_log_is_whole(db) {
        let check = db.verify_audit().await.unwrap();
        assert_eq!((check.checked, check.broken), (0, None));
        db.record(Record::default()).await.unwrap();
        ten_entries(&db).await;
        let check = db.verify_audit().await.unwrap();
        assert_eq!((check.checked, check.broken), (10, None));
    }

    async fn a_changed_text_is_found(db) {
        assert_eq!(found(&db, "UPDATE audit_entry SET subject_label = 'entry 9' WHERE number = 3").await, Some(3));
    }

    async fn a_changed_actor_is_found(db) {
        assert_eq!(found(&db, "UPDATE audit_entry SET actor_label = 'Mallory' WHERE number = 10").await, Some(10));
    }

    async fn a_changed_time_is_found(db) {
        assert_eq!(found(&db, "UPDATE audit_entry SET recorded_at = recorded_at + 1 WHERE number = 1").await, Some(1));
    }

    async fn a_removed_address_is_found(db) {
        assert_eq!(found(&db, "UPDATE audit_entry SET address = NULL WHERE number = 4").await, Some(4));
    }

    async fn a_hash_that_was_made_to_fit_is_found(db) {
        // The entry itself is consistent with itself only if its hash is; the next one tells.
        assert_eq!(found(&db, "UPDATE audit_entry SET hash = previous_hash WHERE number = 6").await, Some(6));
    }

    async fn a_deleted_entry_is_found(db) {
        assert_eq!(found(&db, "DELETE FROM audit_entry WHERE number = 5").await, Some(5));
    }

    async fn deleted_entries_that_were_renumbered_are_found(db) {
        ten_entries(&db).await;
        db.tamper("DELETE FROM audit_entry WHERE number = 5").await;
        for number in 6..=10 {
            db.tamper(&format!("UPDATE audit_entry SET number = {number} - 1 WHERE number = {number}")).await;
        }
        assert_eq!(broken(&db).await.unwrap().0, 5);
    }

    async fn a_missing_start_is_found(db) {
        assert_eq!(found(&db, "DELETE FROM audit_entry WHERE number <= 2").await, Some(1));
    }

    async fn a_missing_end_is_found(db) {
        assert_eq!(found(&db, "DELETE FROM audit_entry WHERE number > 8").await, Some(9));
    }

    async fn an_end_that_was_cut_off_with_the_head_is_found(db) {
        ten_entries(&db).await;
        db.tamper("DELETE FROM audit_entry WHERE number > 8").await;
        db.tamper("UPDATE audit_head SET number = 8").await;
        assert_eq!(broken(&db).await.unwrap().0, 8);
    }

    async fn an_emptied_log_is_found(db) {
        assert_eq!(found(&db, "DELETE FROM audit_entry").await, Some(1));
    }

    async fn entries_that_changed_places_are_found(db) {
        ten_entries(&db).await;
        for (from, to) in [(4, 99), (7, 4), (99, 7)] {
            db.tamper(&format!("UPDATE audit_entry SET number = {to} WHERE number = {from}")).await;
        }
        assert_eq!(broken(&db).await.unwrap().0, 4);
    }

    async fn an_added_entry_is_found(db) {
        let copy = |number: &str| format!(
            "INSERT INTO audit_entry (number, recorded_at, actor_label, action, subject_label, details,
                previous_hash, hash)
            SELECT {number}, recorded_at, actor_label, action, subject_label, details, hash, hash
            FROM audit_entry WHERE number = 10");
        assert_eq!(found(&db, &copy("11")).await, Some(11));
        db.tamper("DELETE FROM audit_entry WHERE number = 11").await;
        assert_eq!(broken(&db).await, None);
        // In the middle, after making room.
        for number in (6..=10).rev() {
            db.tamper(&format!("UPDATE audit_entry SET number = {number} + 1 WHERE number = {number}")).await;
        }
        let forged = copy("6").replace("number = 10", "number = 11");
        db.tamper(&forged).await;
        assert_eq!(broken(&db).await.unwrap().0, 6);
    }

    async fn thirty_writers_do_not_fork_the_chain(db) {
        let second = db.reopen().await;
        let writers: Vec<_> = (0..30)
            .map(|n| {
                let store = if n % 2 == 0 { second.clone() } else { (*db).clone() };
                tokio::spawn(async move {
                    for _ in 0..10 {
                        let two = Record::default().audit(audit(AuditAction::SignIn)).audit(audit(AuditAction::Download));
                        store.record(two).await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let check = db.verify_audit().await.unwrap();
        assert_eq!((check.checked, check.broken), (600, None));
        second.close().await;
    }

    async fn a_log_that_grows_meanwhile_is_whole(db) {
        let writer = {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    db.record(record(AuditAction::SignIn)).await.unwrap();
                }
            })
        };
        while !writer.is_finished() {
            assert_eq!(db.verify_audit().await.unwrap().broken, None);
        }
        writer.await.unwrap();
        assert_eq!(db.verify_audit().await.unwrap().checked, 50);
    }

    async fn entries_are_listed_newest_first_and_filtered(db) {
        let (actor, subject) = (id::<PersonId>(), id::<Uuid>());
        let entry = NewAudit {
            at: after(5),
            actor: Some(actor),
            actor_label: "Alice Adams <alice@example.com>".to_owned(),
            subject: Some(subject),
            details: vec![("a \"quoted\" name".to_owned(), "ünïcode".to_owned())],
            ..audit(AuditAction::Approve)
        };
        ten_entries(&db).await;
        db.record(Record::default().audit(entry.clone())).await.unwrap();
        let all = db.audit(query()).await.unwrap();
        assert_eq!(all.iter().map(|row| row.number).collect::<Vec<_>>(), (1..=11).rev().collect::<Vec<_>>());
        let row = &all[0];
        assert_eq!((row.at, row.actor, &row.actor_label), (entry.at, entry.actor, &entry.actor_label));
        assert_eq!((row.action, row.subject, &row.details), (entry.action, entry.subject, &entry.details));
        assert_eq!((&row.address, row.hash.len()), (&entry.address, 32));

        let count = async |query| db.audit(query).await.unwrap().len();
        assert_eq!(count(AuditQuery { actor: "ADAMS".to_owned(), ..query() }).await, 1);
        assert_eq!(count(AuditQuery { actor: "%".to_owned(), ..query() }).await, 0);
        assert_eq!(count(AuditQuery { action: Some(AuditAction::SignIn), ..query() }).await, 5);
        assert_eq!(count(AuditQuery { subject: Some(subject), ..query() }).await, 1);
        assert_eq!(count(AuditQuery { subject: Some(id()), ..query() }).await, 0);
        assert_eq!(count(AuditQuery { from: Some(after(5)), ..query() }).await, 1);
        assert_eq!(count(AuditQuery { until: Some(after(5)), ..query() }).await, 10);
        assert_eq!(count(AuditQuery { before_number: Some(4), ..query() }).await, 3);
        assert_eq!(count(AuditQuery { limit: 2, ..query() }).await, 2);
    }
}
