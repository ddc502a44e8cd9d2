//! Whose key is whose, what is deleted long after the end, and what goes with a mail.

use crate::samples::{self, after, mail, now, record};
use domain::{AuditAction, CertificateSearch, KeyPart, NodeId, RevocationReason, RevocationState};
use store::{
    CertificateQuery, KEY_OF_SOMEBODY_ELSE, NewCredential, NewMail, NewRequest, Record, Standing,
};
use uuid::Uuid;

on_both! {
    async fn a_key_belongs_to_whoever_had_it_certified(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await;
        let key = vec![7; 32];
        db.tamper("UPDATE certificate SET key_id = NULL").await;
        assert!(db.key_owners(&key).await.unwrap().is_empty());
        let unread = db.unread_keys(10).await.unwrap();
        assert_eq!(unread.len(), 1);
        assert_eq!((unread[0].id, &unread[0].der), (certificate.id.0, &certificate.der));
        assert!(!unread[0].is_imported);
        db.put_key_ids(&[(unread[0].clone(), key.clone())]).await.unwrap();
        assert!(db.unread_keys(10).await.unwrap().is_empty());
        assert_eq!(db.key_owners(&key).await.unwrap(), [world.alice]);
        // What is known is not changed.
        db.put_key_ids(&[(unread[0].clone(), vec![8; 32])]).await.unwrap();
        assert!(db.key_owners(&[8; 32]).await.unwrap().is_empty());
    }

    async fn of_two_people_with_one_key_at_the_same_time_one_gets_it(db) {
        let world = samples::world(&db).await;
        for round in 0..10_u8 {
            let key = vec![round; 32];
            let mut tries = Vec::new();
            for (person, who) in [(world.alice, "alice"), (world.bob, "bob")] {
                let csr = Some(b"a signing request".to_vec());
                let request = NewRequest { person, csr, ..world.issuing(who) };
                let id = request.id;
                db.create_request(request, record(AuditAction::Request)).await.unwrap();
                tries.push((id, world.intent()));
            }
            let node = samples::id::<NodeId>();
            let claimed = samples::claim(&db, node).await;
            assert_eq!(claimed.len(), 2);
            for (id, _) in &tries {
                let csr = vec![0x30];
                let part = NewCredential { part: KeyPart::Whole, sealed: None, csr };
                db.record_prepared(*id, node, vec![part], now(), record(AuditAction::Prepare)).await.unwrap();
            }
            let tasks = tries.iter().cloned().map(|(id, intent)| {
                let (db, key) = (db.clone(), key.clone());
                tokio::spawn(async move {
                    let intents = (vec![intent], key.as_slice());
                    db.record_reserved_with_key(id, node, intents, now(), record(AuditAction::Reserve)).await
                })
            });
            let mut done = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                done.push(task.await.unwrap());
            }
            let won = done.iter().filter(|outcome| outcome.is_ok()).count();
            assert_eq!(won, 1, "{done:?}");
            let refused = done.into_iter().find_map(Result::err).unwrap();
            assert!(matches!(refused, store::Error::Conflict(KEY_OF_SOMEBODY_ELSE)), "{refused:?}");
            // The one that was refused holds its lease still and may be ended in words.
            for (id, _) in &tries {
                db.fail(*id, node, "the key", now(), record(AuditAction::Fail)).await.unwrap();
            }
        }
        let claimed = "SELECT COUNT(*) FROM brought_key";
        assert_eq!(db.number(claimed).await, 10);
    }

    async fn the_same_person_may_have_a_key_certified_again(db) {
        let world = samples::world(&db).await;
        let node = samples::id::<NodeId>();
        for _ in 0..2 {
            let request = NewRequest { csr: Some(vec![0x30]), ..world.issuing("alice") };
            let id = request.id;
            db.create_request(request, record(AuditAction::Request)).await.unwrap();
            samples::claim(&db, node).await;
            let part = NewCredential { part: KeyPart::Whole, sealed: None, csr: vec![0x30] };
            db.record_prepared(id, node, vec![part], now(), record(AuditAction::Prepare)).await.unwrap();
            let intents = (vec![world.intent()], [9; 32].as_slice());
            db.record_reserved_with_key(id, node, intents, now(), record(AuditAction::Reserve)).await.unwrap();
            db.claim_key(id, &[9; 32]).await.unwrap();
            db.fail(id, node, "for the next round", now(), record(AuditAction::Fail)).await.unwrap();
        }
    }

    async fn a_key_is_compromised_when_a_certificate_of_it_was_revoked_for_that(db) {
        let world = samples::world(&db).await;
        let (held, lost) = (world.issue(&db, "alice").await, world.issue(&db, "bob").await);
        db.tamper("UPDATE certificate SET key_id = NULL").await;
        let key = |id: Uuid| if id == lost.id.0 { vec![8; 32] } else { vec![7; 32] };
        let unread = db.unread_keys(10).await.unwrap();
        let keys: Vec<_> = unread.into_iter().map(|row| (row.clone(), key(row.id))).collect();
        db.put_key_ids(&keys).await.unwrap();
        for (certificate, reason) in [
            (held.id, RevocationReason::Superseded),
            (lost.id, RevocationReason::KeyCompromise),
        ] {
            assert!(!db.is_key_compromised(&key(certificate.0)).await.unwrap());
            let state = RevocationState::Valid;
            db.revoke(certificate, state, reason, now(), record(AuditAction::Revoke)).await.unwrap();
        }
        assert!(!db.is_key_compromised(&[7; 32]).await.unwrap());
        assert!(db.is_key_compromised(&[8; 32]).await.unwrap());
    }

    async fn secrets_are_deleted_once_and_only_after_the_end(db) {
        let world = samples::world(&db).await;
        let (certificate, other) = (world.issue(&db, "alice").await, world.issue(&db, "bob").await);
        let end = certificate.not_after;
        let delete = |before| {
            let mut record = record(AuditAction::Delete);
            record.audits[0].subject = Some(certificate.id.0);
            db.delete_secrets(certificate.id, before, record)
        };
        assert!(!delete(end).await.unwrap(), "it has not ended before its end");
        assert!(db.credential(certificate.id).await.unwrap().is_some());
        let late = end + time::Duration::SECOND;
        assert!(delete(late).await.unwrap());
        assert!(!delete(late).await.unwrap(), "only once");
        assert!(db.credential(certificate.id).await.unwrap().is_none());
        assert!(db.credential(other.id).await.unwrap().is_some(), "nobody else's");
        let row = db.certificate(certificate.id).await.unwrap().unwrap();
        assert!(row.is_deleted && row.is_ready && !row.is_own_key);
        let query = CertificateQuery {
            search: CertificateSearch::Everything,
            ends_from: None,
            ends_before: None,
            template: None,
            standing: Standing::Any,
            after: None,
            limit: 10,
        };
        let rows = db.certificates(&query).await.unwrap();
        let kept: Vec<_> = rows.iter().filter(|row| row.has_secrets).map(|row| row.id).collect();
        assert_eq!(kept, [other.id]);
        assert_eq!(db.ledger().await.unwrap(), []);
        // Without an entry in the audit log it is a hole.
        db.tamper("UPDATE credential SET sealed_password = NULL, sealed_key = NULL, sealed_pfx = NULL").await;
        let found = db.ledger().await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].invariant, "I8");
    }

    async fn a_server_is_found_by_its_names(db) {
        let world = samples::world(&db).await;
        let request = NewRequest { names: "www.example.com shop.example.com".to_owned(), ..world.issuing("alice") };
        let id = request.id;
        db.create_request(request, record(AuditAction::Request)).await.unwrap();
        let node = samples::id::<NodeId>();
        samples::claim(&db, node).await;
        world.finish(&db, node, id, samples::mailbox("alice")).await;
        for (typed, count) in [("shop.exam", 1), ("www", 1), ("example.com", 1), ("mail.example.com", 0)] {
            let query = CertificateQuery {
                search: CertificateSearch::parse(typed),
                ends_from: None,
                ends_before: None,
                template: None,
                standing: Standing::Any,
                after: None,
                limit: 10,
            };
            let found = db.certificates(&query).await.unwrap();
            assert_eq!(found.len(), count, "{typed}");
        }
    }

    async fn a_mail_keeps_the_name_of_what_goes_with_it(db) {
        let attached = NewMail { attachment: Some("pfx:1 pfx:2".to_owned()), ..mail("a") };
        db.record(Record::default().mail(attached).mail(mail("b"))).await.unwrap();
        let mut mails = db.claim_mails(samples::id(), now(), after(60), 9).await.unwrap();
        mails.sort_by(|a, b| a.dedupe.cmp(&b.dedupe));
        assert_eq!(mails[0].attachment.as_deref(), Some("pfx:1 pfx:2"));
        assert_eq!(mails[1].attachment, None);
    }
}
