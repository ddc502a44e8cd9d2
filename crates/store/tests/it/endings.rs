//! What ends soon, who was told, and what renews it.

use crate::samples::{self, after, id, mail, now, record};
use domain::{AuditAction, CertificateId, KeyPart, RevocationState};
use store::{NewRequest, Record, Renews, Store};
use time::Duration;

/// Whatever ends within two years.
async fn ending(db: &Store, limit: i64) -> Vec<CertificateId> {
    let mut after = (now(), CertificateId(uuid::Uuid::nil()));
    let mut all = Vec::new();
    loop {
        let page = db
            .ending(after, now() + Duration::days(730), limit)
            .await
            .unwrap();
        let Some(last) = page.last() else {
            return all;
        };
        after = (last.not_after, last.id);
        all.extend(page.into_iter().map(|row| row.id));
    }
}

fn notice(dedupe: &str) -> Record {
    Record::default().mail(mail(&format!("notice:{dedupe}")))
}

on_both! {
    async fn pages_have_each_certificate_once(db) {
        let world = samples::world(&db).await;
        let mut made = Vec::new();
        for local in ["alice", "sales", "press"] {
            made.push(world.issue(&db, local).await.id);
        }
        made.sort();
        for limit in [1, 2, 10] {
            assert_eq!(ending(&db, limit).await, made, "{limit}");
        }
        let none = db.ending((now() + Duration::days(366), made[0]), now() + Duration::days(730), 9);
        assert!(none.await.unwrap().is_empty());
    }

    async fn a_stage_is_recorded_once_and_never_goes_back(db) {
        let world = samples::world(&db).await;
        let id = world.issue(&db, "alice").await.id;
        for (days, is_told) in [(30, true), (30, false), (7, true), (14, false), (7, false), (1, true)] {
            assert_eq!(db.record_notice(id, days, notice(&format!("{days}"))).await.unwrap(), is_told, "{days}");
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM mail WHERE dedupe LIKE 'notice:%'").await, 3);
        let row = &db.ending((now(), id), now() + Duration::days(730), 9).await.unwrap()[0];
        assert_eq!((row.noticed_days, row.renewals), (Some(1), 0));
    }

    async fn what_is_held_or_renewed_is_left_alone(db) {
        let world = samples::world(&db).await;
        let old = world.issue(&db, "alice").await;
        db.hold(old.id, now(), record(AuditAction::Hold)).await.unwrap();
        assert!(ending(&db, 9).await.is_empty());
        assert!(!db.record_notice(old.id, 30, notice("held")).await.unwrap());
        db.reactivate(old.id, record(AuditAction::Reactivate)).await.unwrap();
        let row = db.certificate(old.id).await.unwrap().unwrap();
        assert_eq!(row.revocation_state(), RevocationState::Valid);
        let renewal = NewRequest {
            renews: Some(Renews { certificate: old.id, keeps_key: false }),
            ..world.issuing("alice")
        };
        let (request, node) = (renewal.id, id());
        db.create_request(renewal, record(AuditAction::Renew)).await.unwrap();
        assert_eq!(ending(&db, 9).await, [old.id], "it is not issued yet");
        assert_eq!(db.renewal_of(old.id).await.unwrap().unwrap().id, request);
        assert_eq!(db.renewals_given_up(old.id).await.unwrap(), 0);
        db.claim_work(node, now(), after(60), 9).await.unwrap();
        let new = world.finish(&db, node, request, samples::mailbox("alice")).await;
        assert_eq!(ending(&db, 9).await, [new.id]);
        assert!(!db.record_notice(old.id, 30, notice("renewed")).await.unwrap());
        assert_eq!(db.number("SELECT COUNT(*) FROM mail WHERE dedupe LIKE 'notice:%'").await, 0);
        assert_eq!(db.certificate_ids(request).await.unwrap(), [new.id]);
        assert_eq!(db.half(new.id, KeyPart::Whole).await.unwrap(), Some(new.id));
        assert_eq!(db.half(new.id, KeyPart::Sign).await.unwrap(), None);
    }
}
