//! Certificates, their secrets and their numbers.

use crate::samples::{self, after, id, mail, mailbox, now, record};
use domain::{AuditAction, KeyPart, NodeId};
use store::Error;
use time::Duration;

on_both! {
    async fn a_certificate_is_read_as_it_was_stored(db) {
        let world = samples::world(&db).await;
        let stored = world.issue(&db, "alice").await;
        let row = db.certificate(stored.id).await.unwrap().unwrap();
        assert_eq!((row.request, row.person, &row.mailbox), (stored.request, stored.person, &stored.mailbox));
        assert_eq!((&row.serial, &row.der, &row.thumbprint), (&stored.serial, &stored.der, &stored.thumbprint));
        assert_eq!((&row.subject, &row.issuer, row.authority), (&stored.subject, &stored.issuer, stored.authority));
        assert_eq!((row.not_before, row.not_after, row.issued_at), (now(), stored.not_after, now()));
        assert_eq!((row.person_name.as_str(), row.template_name.as_str()), ("Alice Smith", "S/MIME at once"));
        assert_eq!((row.is_ready, row.downloaded_at), (true, None));
        assert!(db.certificate(id()).await.unwrap().is_none());

        let secrets = db.credential(stored.id).await.unwrap().unwrap();
        assert_eq!((secrets.request, secrets.person), (stored.request, world.alice));
        assert_eq!((secrets.password, secrets.key, secrets.pfx), (vec![4; 48], vec![5; 256], vec![7; 64]));
        assert!(db.credential(id()).await.unwrap().is_none());
    }

    async fn one_without_a_pfx_is_not_ready(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let certificate = world.reserve(&db, node).await;
        let request_id = certificate.request;
        db.record_signed(request_id, node, vec![certificate.clone()], now(), record(AuditAction::Sign)).await.unwrap();
        assert!(!db.certificate(certificate.id).await.unwrap().unwrap().is_ready);
        assert!(db.certificates_of(world.alice).await.unwrap().is_empty());
        assert!(db.credential(certificate.id).await.unwrap().is_none());
        assert_eq!(db.credentials_after(None, 9).await.unwrap()[0].pfx, None);
        db.record_bundled(request_id, node, vec![samples::pfx(KeyPart::Whole)], now(), record(AuditAction::Issue)).await.unwrap();
        assert_eq!(db.certificates_of(world.alice).await.unwrap().len(), 1);
    }

    async fn the_first_download_counts_and_each_is_recorded(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await.id;
        for second in [1, 2] {
            let download = record(AuditAction::Download).mail(mail(&format!("download:{second}")));
            db.record_download(certificate, after(second), download).await.unwrap();
        }
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!(row.downloaded_at, Some(after(1)));
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'download'").await, 2);
        let missing = db.record_download(id(), now(), record(AuditAction::Download)).await;
        assert!(matches!(missing, Err(Error::NotFound)));
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'download'").await, 2);
    }

    async fn no_entry_no_download(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await.id;
        db.break_inserts("audit_entry").await;
        assert!(db.record_download(certificate, now(), record(AuditAction::Download)).await.is_err());
        assert!(db.record(record(AuditAction::ShowPassword)).await.is_err());
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!(row.downloaded_at, None);
        db.mend_inserts("audit_entry").await;
        assert_eq!(db.verify_audit().await.unwrap().broken, None);
    }

    async fn certificates_are_counted(db) {
        let world = samples::world(&db).await;
        for local in ["a", "b", "c"] {
            world.issue(&db, local).await;
        }
        let end = now() + Duration::days(365);
        assert_eq!(db.certificates_for(&mailbox("a"), now()).await.unwrap(), 1);
        assert_eq!(db.certificates_for(&mailbox("a"), end).await.unwrap(), 0);
        assert_eq!(db.certificates_for(&mailbox("x"), now()).await.unwrap(), 0);
        assert_eq!(db.valid_certificates(now()).await.unwrap(), 3);
        assert_eq!(db.valid_certificates(end).await.unwrap(), 0);
        assert_eq!(db.issued_by_day(now()).await.unwrap(), [(now().date(), 3)]);
        assert_eq!(db.issued_by_day(after(1)).await.unwrap(), []);
        let soon = end - Duration::weeks(2) - Duration::days(1);
        assert_eq!(db.expiring_by_week(soon, 4).await.unwrap(), [0, 0, 3, 0]);
        assert_eq!(db.expiring_by_week(soon, 2).await.unwrap(), [0, 0]);
    }

    async fn a_walk_meets_everything_once(db) {
        let world = samples::world(&db).await;
        let mut certificates = Vec::new();
        for n in 0..5 {
            certificates.push(world.issue(&db, &format!("m{n}")).await);
        }
        let mut seen = Vec::new();
        while let page = db.certificates_after(seen.last().copied(), 2).await.unwrap() && !page.is_empty() {
            assert!(page.iter().all(|row| row.person == world.alice && row.der == [0x30, 3]));
            seen.extend(page.iter().map(|row| row.id));
        }
        assert_eq!(seen, certificates.iter().map(|c| c.id).collect::<Vec<_>>());
        let mut requests = Vec::new();
        while let page = db.credentials_after(requests.last().map(|id| (*id, KeyPart::Whole)), 2).await.unwrap() && !page.is_empty() {
            assert!(page.iter().all(|row| row.pfx.is_some()));
            requests.extend(page.iter().map(|row| row.request));
        }
        assert_eq!(requests, certificates.iter().map(|c| c.request).collect::<Vec<_>>());
    }
}
