//! What became of templates, and the parts of names.

use crate::samples::{self, claim, id, name, now, record};
use domain::{AuditAction, NodeId, RevocationReason, RevocationState};
use store::{Ended, Error};

on_both! {
    async fn versions_tell_who_made_them_newest_first(db) {
        let world = samples::world(&db).await;
        let mut template = db.template(world.with_approval).await.unwrap().unwrap();
        for number in 2..=4 {
            template.version = number;
            template.content.valid_days = 10 * u16::try_from(number).unwrap();
            let changed = record(AuditAction::ChangeTemplate);
            db.change_template(template.clone(), Some(world.admin), now(), changed).await.unwrap();
        }
        let versions = db.template_versions(template.id, 10).await.unwrap();
        let numbers: Vec<_> = versions.iter().map(|row| (row.number, row.content.valid_days)).collect();
        assert_eq!(numbers, [(4, 40), (3, 30), (2, 20), (1, 365)]);
        assert!(versions[0].created_by.is_some());
        assert_eq!(db.template_versions(template.id, 2).await.unwrap().len(), 2);
        assert!(db.template_versions(id(), 10).await.unwrap().is_empty());
    }

    async fn only_good_certificates_are_counted(db) {
        let world = samples::world(&db).await;
        assert!(db.certificates_by_template(now()).await.unwrap().is_empty());
        let node = id::<NodeId>();
        let mut made = Vec::new();
        for _ in 0..3 {
            let request = world.issuing("alice");
            db.create_request(request.clone(), record(AuditAction::Request)).await.unwrap();
            claim(&db, node).await;
            world.finish(&db, node, request.id, samples::mailbox("alice")).await;
            let row = db.request(request.id).await.unwrap().unwrap();
            made.push((row.template, row.certificate.unwrap()));
        }
        let template = made[0].0;
        let counts = db.certificates_by_template(now()).await.unwrap();
        assert_eq!(counts.get(&template), Some(&3));
        let (seen, reason) = (RevocationState::Valid, RevocationReason::Superseded);
        let revoked = db.revoke(made[0].1, seen, reason, now(), record(AuditAction::Revoke)).await;
        assert_eq!(revoked.unwrap(), Ended::Yes);
        let counts = db.certificates_by_template(now()).await.unwrap();
        assert_eq!(counts.get(&template), Some(&2));
        let later = now() + time::Duration::days(4000);
        assert!(db.certificates_by_template(later).await.unwrap().is_empty());
    }

    async fn the_parts_of_a_name_are_both_there_or_none(db) {
        let world = samples::world(&db).await;
        let parts = (name("Alice"), name("Adams"));
        db.set_name_parts(world.alice, Some(parts.clone()), record(AuditAction::SetName)).await.unwrap();
        let row = db.person(world.alice).await.unwrap().unwrap();
        assert_eq!(row.given_name.zip(row.surname), Some(parts.clone()));
        db.set_name_parts(world.alice, None, record(AuditAction::SetName)).await.unwrap();
        let row = db.person(world.alice).await.unwrap().unwrap();
        assert_eq!((row.given_name, row.surname), (None, None));
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'set-name'").await, 2);
        let nobody = db.set_name_parts(id(), Some(parts), record(AuditAction::SetName)).await;
        assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    }
}
