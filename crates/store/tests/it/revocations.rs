//! Holding, re-activating and revoking, and what stands on a list.

use crate::samples::{self, after, id, mail, now, record};
use domain::{AuditAction, CertificateId, RevocationReason, RevocationState};
use store::{Ended, Error, KEY_MOVED_ON, LostKeys, Record};
use time::Duration;

const REASON: RevocationReason = RevocationReason::KeyCompromise;

/// An entry that names its certificate, as the ledger wants it.
fn about(certificate: CertificateId, action: AuditAction) -> Record {
    let mut record = record(action);
    for audit in &mut record.audits {
        audit.subject = Some(certificate.0);
    }
    record
}

on_both! {
    async fn a_hold_is_taken_back_and_a_revocation_is_not(db) {
        let world = samples::world(&db).await;
        let (certificate, authority) = (world.issue(&db, "alice").await.id, world.authority);
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!((row.revocation_state(), row.revocation_reason), (RevocationState::Valid, None));
        assert_eq!(db.revocations(authority).await.unwrap(), 0);

        assert_eq!(db.hold(certificate, after(1), record(AuditAction::Hold)).await.unwrap(), Ended::Yes);
        let again = db.hold(certificate, after(2), record(AuditAction::Hold)).await.unwrap();
        assert_eq!(again, Ended::No { state: RevocationState::Held });
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!((row.held_at, row.revoked_at), (Some(after(1)), None));
        assert_eq!(row.revocation_reason, Some(RevocationReason::CertificateHold));
        assert_eq!(db.revocations(authority).await.unwrap(), 1);

        assert_eq!(db.reactivate(certificate, record(AuditAction::Reactivate)).await.unwrap(), Ended::Yes);
        let again = db.reactivate(certificate, record(AuditAction::Reactivate)).await.unwrap();
        assert_eq!(again, Ended::No { state: RevocationState::Valid });
        assert_eq!(db.revocations(authority).await.unwrap(), 2);

        let revoke = record(AuditAction::Revoke).mail(mail("revoked"));
        let seen = RevocationState::Valid;
        assert_eq!(db.revoke(certificate, seen, REASON, after(3), revoke).await.unwrap(), Ended::Yes);
        for again in [
            db.revoke(certificate, seen, RevocationReason::Superseded, after(4), record(AuditAction::Revoke)).await.unwrap(),
            db.hold(certificate, after(4), record(AuditAction::Hold)).await.unwrap(),
            db.reactivate(certificate, record(AuditAction::Reactivate)).await.unwrap(),
        ] {
            assert_eq!(again, Ended::No { state: RevocationState::Revoked });
        }
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!((row.held_at, row.revoked_at, row.revocation_reason), (None, Some(after(3)), Some(REASON)));
        assert_eq!(db.revocations(authority).await.unwrap(), 3);
        let entries = "SELECT COUNT(*) FROM audit_entry WHERE action IN ('hold', 'reactivate', 'revoke')";
        assert_eq!(db.number(entries).await, 3);
        assert_eq!(db.number("SELECT COUNT(*) FROM mail WHERE dedupe = 'revoked'").await, 1);
        let nobody = db.hold(id::<CertificateId>(), now(), record(AuditAction::Hold)).await;
        assert!(matches!(nobody, Err(Error::NotFound)));
    }

    async fn a_revocation_after_a_hold_has_the_time_of_the_hold(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await.id;
        db.hold(certificate, after(1), record(AuditAction::Hold)).await.unwrap();
        let stale = db.revoke(certificate, RevocationState::Valid, REASON, after(5), record(AuditAction::Revoke)).await.unwrap();
        assert_eq!(stale, Ended::No { state: RevocationState::Held });
        let seen = RevocationState::Held;
        db.revoke(certificate, seen, REASON, after(5), record(AuditAction::Revoke)).await.unwrap();
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!((row.revocation_state(), row.revoked_at), (RevocationState::Revoked, Some(after(5))));
        let listed = db.revoked_of(world.authority, now(), None, 9).await.unwrap();
        assert_eq!((listed[0].since, listed[0].reason), (after(1), REASON));
    }

    async fn of_revoking_and_re_activating_one_wins(db) {
        let world = samples::world(&db).await;
        for round in 0..6 {
            let certificate = world.issue(&db, &format!("m{round}")).await.id;
            db.hold(certificate, now(), about(certificate, AuditAction::Hold)).await.unwrap();
            let (one, two, other) = (db.clone(), db.clone(), db.reopen().await);
            let revokes = tokio::spawn(async move {
                one.revoke(certificate, RevocationState::Held, REASON, after(1), about(certificate, AuditAction::Revoke)).await.unwrap()
            });
            let first = tokio::spawn(async move {
                two.reactivate(certificate, about(certificate, AuditAction::Reactivate)).await.unwrap()
            });
            let second = tokio::spawn(async move {
                let ended = other.reactivate(certificate, about(certificate, AuditAction::Reactivate)).await.unwrap();
                other.close().await;
                ended
            });
            let outcomes = [revokes.await.unwrap(), first.await.unwrap(), second.await.unwrap()];
            assert_eq!(outcomes.iter().filter(|ended| **ended == Ended::Yes).count(), 1, "{outcomes:?}");
            let state = db.certificate(certificate).await.unwrap().unwrap().revocation_state();
            let expected = if outcomes[0] == Ended::Yes { RevocationState::Revoked } else { RevocationState::Valid };
            assert_eq!(state, expected);
        }
        assert_eq!(db.revocations(world.authority).await.unwrap(), 12);
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_list_is_read_in_pages_and_forgets_what_has_expired(db) {
        let world = samples::world(&db).await;
        let mut expected = Vec::new();
        for number in 0..7 {
            let certificate = world.issue(&db, &format!("m{number}")).await;
            if number == 3 {
                continue;
            }
            expected.push(certificate.serial.clone());
            if number % 2 == 0 {
                db.hold(certificate.id, now(), record(AuditAction::Hold)).await.unwrap();
            } else {
                db.revoke(certificate.id, RevocationState::Valid, REASON, now(), record(AuditAction::Revoke)).await.unwrap();
            }
        }
        let mut listed: Vec<store::RevokedRow> = Vec::new();
        while let page = db.revoked_of(world.authority, now(), listed.last(), 2).await.unwrap() && !page.is_empty() {
            listed.extend(page);
        }
        let mut serials: Vec<_> = listed.into_iter().map(|row| row.serial).collect();
        serials.sort();
        expected.sort();
        assert_eq!(serials, expected);
        let end = now() + Duration::days(365);
        assert_eq!(db.revoked_of(world.authority, end - Duration::SECOND, None, 99).await.unwrap().len(), 6);
        assert_eq!(db.revoked_of(world.authority, end, None, 99).await.unwrap(), []);
        // What is held or revoked does not count as good any more.
        assert_eq!(db.valid_certificates(now()).await.unwrap(), 1);
    }

    async fn certificates_of_a_lost_key_end_together_or_not_at_all(db) {
        let world = samples::world(&db).await;
        let mut all = Vec::new();
        for name in ["m0", "m1", "m2"] {
            all.push(world.issue(&db, name).await.id);
        }
        let key = vec![7; 32];
        db.tamper("UPDATE certificate SET key_id = NULL").await;
        let unread = db.unread_keys(9).await.unwrap();
        let keys: Vec<_> = unread.into_iter().map(|row| (row, key.clone())).collect();
        db.put_key_ids(&keys).await.unwrap();
        db.hold(all[1], after(1), about(all[1], AuditAction::Hold)).await.unwrap();
        assert_eq!(db.certificates_of_key(&key, now()).await.unwrap().len(), 3);
        assert_eq!(db.others_of_key(all[0], now()).await.unwrap().len(), 2);
        let late = now() + Duration::days(4000);
        assert_eq!(db.certificates_of_key(&key, late).await.unwrap(), []);
        assert_eq!(db.others_of_key(all[0], late).await.unwrap(), []);

        let (valid, held) = (RevocationState::Valid, RevocationState::Held);
        let entries = || all.iter().fold(Record::default(), |record, id| {
            about(*id, AuditAction::Revoke).audits.into_iter().fold(record, Record::audit)
        });
        for stale in [
            vec![(all[0], valid), (all[1], held)],
            vec![(all[0], valid), (all[1], valid), (all[2], valid)],
            vec![(all[0], valid), (all[1], RevocationState::Revoked), (all[2], valid)],
        ] {
            let lost = LostKeys { keys: vec![key.clone()], certificates: stale };
            let refused = db.revoke_lost(lost, after(2), entries()).await;
            assert!(matches!(refused, Err(Error::Conflict(KEY_MOVED_ON))), "{refused:?}");
            assert_eq!(db.valid_certificates(now()).await.unwrap(), 2, "nothing was changed");
        }
        let before = db.revocations(world.authority).await.unwrap();
        let certificates = vec![(all[2], valid), (all[1], held), (all[0], valid)];
        let lost = LostKeys { keys: vec![key.clone()], certificates };
        db.revoke_lost(lost.clone(), after(2), entries()).await.unwrap();
        for id in &all {
            let row = db.certificate(*id).await.unwrap().unwrap();
            assert_eq!((row.revoked_at, row.revocation_reason), (Some(after(2)), Some(REASON)));
        }
        assert!(db.revocations(world.authority).await.unwrap() > before);
        assert!(matches!(db.revoke_lost(lost, after(3), entries()).await, Err(Error::Conflict(KEY_MOVED_ON))));
        assert_eq!(db.certificates_of_key(&key, now()).await.unwrap(), []);
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn a_good_certificate_of_a_lost_key_is_found(db) {
        let world = samples::world(&db).await;
        let (lost, good) = (world.issue(&db, "m0").await, world.issue(&db, "m1").await);
        let (seen, revoke) = (RevocationState::Valid, AuditAction::Revoke);
        // As a version did that revoked one certificate at a time.
        db.revoke(lost.id, seen, REASON, after(1), about(lost.id, revoke)).await.unwrap();
        assert_eq!(db.ledger().await.unwrap(), [], "each has its own key");
        db.tamper("UPDATE certificate SET key_id = (SELECT key_id FROM certificate ORDER BY id LIMIT 1)").await;
        let found = db.ledger().await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].invariant == "I9" && found[0].what.contains(&good.id.to_string()), "{found:?}");
        db.revoke(good.id, seen, REASON, after(2), about(good.id, revoke)).await.unwrap();
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn no_entry_no_revocation(db) {
        let world = samples::world(&db).await;
        let certificate = world.issue(&db, "alice").await.id;
        db.break_inserts("audit_entry").await;
        let seen = RevocationState::Valid;
        assert!(db.revoke(certificate, seen, REASON, now(), record(AuditAction::Revoke)).await.is_err());
        assert!(db.hold(certificate, now(), record(AuditAction::Hold)).await.is_err());
        let row = db.certificate(certificate).await.unwrap().unwrap();
        assert_eq!(row.revocation_state(), RevocationState::Valid);
        assert_eq!(db.revocations(world.authority).await.unwrap(), 0);
        db.mend_inserts("audit_entry").await;
    }

    async fn a_certificate_is_found_by_its_serial(db) {
        let world = samples::world(&db).await;
        let stored = world.issue(&db, "alice").await;
        let found = db.certificate_by_serial(&stored.serial).await.unwrap().unwrap();
        assert_eq!(found.id, stored.id);
        assert!(db.certificate_by_serial(&[1; 16]).await.unwrap().is_none());
    }
}
