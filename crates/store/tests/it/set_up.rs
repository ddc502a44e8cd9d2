//! Setting the portal up, and its templates.

use crate::samples::{record, set_up_rows};
use domain::{AuditAction, Role};
use store::{Error, Record};

on_both! {
    async fn set_up_writes_everything_once(db) {
        assert_eq!(db.settings().await.unwrap(), None);
        db.put_set_up_token(&[1; 32]).await.unwrap();
        db.put_set_up_token(&[2; 32]).await.unwrap();
        assert_eq!(db.set_up_token().await.unwrap(), Some(vec![2; 32]));

        let rows = set_up_rows();
        db.set_up(rows.clone(), record(AuditAction::SetUp)).await.unwrap();
        assert_eq!(db.settings().await.unwrap(), Some(rows.settings.clone()));
        assert_eq!(db.templates().await.unwrap(), rows.templates);
        let template = &rows.templates[1];
        assert_eq!(db.template(template.id).await.unwrap().as_ref(), Some(template));
        assert_eq!(db.person(rows.admin.id).await.unwrap().unwrap().role, Role::Admin);
        assert_eq!(db.authorities().await.unwrap().len(), 2);
        assert_eq!(db.set_up_token().await.unwrap(), None);

        let again = db.set_up(set_up_rows(), record(AuditAction::SetUp)).await;
        assert!(matches!(again, Err(Error::Conflict(_))));
        assert!(matches!(db.put_set_up_token(&[3; 32]).await, Err(Error::Conflict(_))));
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, 1);
    }

    async fn set_up_is_all_or_nothing(db) {
        db.break_inserts("template").await;
        assert!(db.set_up(set_up_rows(), Record::default()).await.is_err());
        assert_eq!(db.settings().await.unwrap(), None);
        assert_eq!(db.number("SELECT COUNT(*) FROM person").await, 0);
        db.mend_inserts("template").await;
        db.set_up(set_up_rows(), Record::default()).await.unwrap();
    }

    async fn of_two_set_ups_one_wins(db) {
        let attempts: Vec<_> = (0..4)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { db.set_up(set_up_rows(), Record::default()).await })
            })
            .collect();
        let mut won = 0;
        for attempt in attempts {
            match attempt.await.unwrap() {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, Error::Conflict(_)), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM authority").await, 2);
    }
}
