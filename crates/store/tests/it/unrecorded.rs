//! What was signed but could not be stored: found and revoked by its serial number.

use crate::samples::{self, after, end, id, now, record};
use crate::support::TestDb;
use domain::{
    AuditAction, KeyPart, NodeId, RequestId, RequestState, RevocationReason, RevocationState, Step,
};
use store::{Error, IntentRow, JournalRevocation, KEY_MOVED_ON, LostKeys, RequestEnd, StatusRow};
use time::Duration;

const REASON: RevocationReason = RevocationReason::CessationOfOperation;

/// A split pair that is at the step, with what was written down for it.
async fn pair_to_sign(
    db: &TestDb,
    world: &samples::World,
    node: NodeId,
) -> (RequestId, [IntentRow; 2]) {
    let request = world.issuing("alice");
    let id = request.id;
    db.create_request(request, record(AuditAction::Request))
        .await
        .unwrap();
    samples::claim(db, node).await;
    let parts = [KeyPart::Sign, KeyPart::Encrypt];
    let credentials = parts.map(samples::credential).to_vec();
    let done = record(AuditAction::Prepare);
    db.record_prepared(id, node, credentials, now(), done)
        .await
        .unwrap();
    let intents = parts.map(|part| IntentRow {
        part,
        ..world.intent()
    });
    let done = record(AuditAction::Reserve);
    db.record_reserved(id, node, intents.to_vec(), now(), done)
        .await
        .unwrap();
    (id, intents)
}

fn ended() -> store::Record {
    let audits = [AuditAction::Revoke, AuditAction::Cancel].map(samples::audit);
    audits
        .into_iter()
        .fold(store::Record::default(), store::Record::audit)
}

on_both! {
    async fn what_has_no_certificate_is_found_and_revoked_with_its_request(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let (request, intents) = pair_to_sign(&db, &world, node).await;
        for intent in &intents {
            let found = db.unrecorded(&intent.serial).await.unwrap().unwrap();
            assert_eq!((found.request, found.state, found.step), (request, RequestState::Issuing, Step::Sign));
            assert_eq!((found.certificate, found.revoked_at), (None, None));
            assert_eq!(db.certificate_status(world.authority, &intent.serial).await.unwrap(), None);
        }
        assert_eq!(db.unrecorded(&[9; 16]).await.unwrap(), None);
        assert_eq!(db.revoked_intents(world.authority, after(-1)).await.unwrap(), []);

        let failed_only = end(request, Step::Sign);
        assert!(!db.end_request(failed_only.clone(), ended()).await.unwrap(), "it is still worked on");
        let end = RequestEnd { or_state: RequestState::Issuing, at: after(5), ..failed_only };
        assert!(db.end_request(end, ended()).await.unwrap());
        let row = db.request(request).await.unwrap().unwrap();
        assert_eq!(row.state, RequestState::Cancelled);
        // Whoever still held the lease comes too late.
        let certificates = intents.clone().map(|intent| store::NewCertificate {
            part: intent.part,
            ..world.certificate(request, intent.serial)
        });
        let late = db.record_signed(request, node, certificates.to_vec(), now(), record(AuditAction::Sign)).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");

        let listed = db.revoked_intents(world.authority, after(-1)).await.unwrap();
        let mut serials: Vec<_> = listed.iter().map(|row| row.serial.clone()).collect();
        serials.sort();
        assert_eq!(serials, intents.each_ref().map(|intent| intent.serial.clone()));
        assert!(listed.iter().all(|row| (row.since, row.reason) == (after(5), REASON)));
        assert_eq!(db.revoked_intents(world.authority, now()).await.unwrap(), [], "given out earlier");
        assert_eq!(db.revoked_intents(id(), after(-1)).await.unwrap(), [], "of another authority");
        assert_eq!(db.revocations(world.authority).await.unwrap(), 1, "the list is made anew");
        let status = db.certificate_status(world.authority, &intents[0].serial).await.unwrap();
        let revoked = Some((after(5), REASON.as_str().to_owned()));
        assert_eq!(status, Some(StatusRow { issued_at: now(), revoked }));
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn certificates_of_a_request_that_ends_are_revoked(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let (request, intents) = pair_to_sign(&db, &world, node).await;
        let certificates = intents.clone().map(|intent| store::NewCertificate {
            part: intent.part,
            ..world.certificate(request, intent.serial)
        });
        let done = record(AuditAction::Sign);
        db.record_signed(request, node, certificates.to_vec(), now(), done).await.unwrap();
        db.fail(request, node, "no PFX", now(), record(AuditAction::Fail)).await.unwrap();
        assert_eq!(db.unrecorded(&intents[0].serial).await.unwrap(), None, "it has a certificate");
        let signed = db.signed_for(request).await.unwrap();
        let found: Vec<_> = signed.iter().map(|row| (row.serial.clone(), row.certificate)).collect();
        let expected: Vec<_> = certificates.iter().map(|one| (one.serial.clone(), Some(one.id))).collect();
        assert_eq!(found, expected, "the half that signs first");
        let mut record = ended();
        record.audits[0].subject = Some(certificates[0].id.0);
        let mut other = record.audits[0].clone();
        other.subject = Some(certificates[1].id.0);
        assert!(db.end_request(end(request, Step::Bundle), record.audit(other)).await.unwrap());
        for certificate in &certificates {
            let row = db.certificate(certificate.id).await.unwrap().unwrap();
            assert_eq!((row.revoked_at, row.revocation_reason), (Some(now()), Some(REASON)));
        }
        assert_eq!(db.valid_certificates(now()).await.unwrap(), 0);
        assert_eq!(db.revoked_of(world.authority, now(), None, 9).await.unwrap().len(), 2);
        assert_eq!(db.revoked_intents(world.authority, after(-1)).await.unwrap(), [], "not twice");
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn its_key_is_written_down_and_known_as_lost(db) {
        let world = samples::world(&db).await;
        let (request, intents) = pair_to_sign(&db, &world, id()).await;
        db.tamper("UPDATE intent SET tbs = serial").await;
        assert_eq!(db.unread_keys(9).await.unwrap().len(), 0, "nothing is revoked");
        let end = RequestEnd {
            or_state: RequestState::Issuing,
            reason: RevocationReason::KeyCompromise,
            ..end(request, Step::Sign)
        };
        assert!(db.end_request(end, ended()).await.unwrap());
        let unread = db.unread_keys(9).await.unwrap();
        assert_eq!(unread.len(), 2);
        assert!(unread.iter().all(|row| row.is_intent && !row.is_imported && row.id == request.0));
        let keys: Vec<_> = unread.iter().map(|row| {
            let key = if row.der == intents[0].serial { 7 } else { 8 };
            (row.clone(), vec![key; 32])
        }).collect();
        db.put_key_ids(&keys[..1]).await.unwrap();
        assert_eq!(db.unread_keys(9).await.unwrap().len(), 1, "each half has its own key");
        db.put_key_ids(&keys).await.unwrap();
        assert_eq!(db.unread_keys(9).await.unwrap().len(), 0);
        for (key, is_lost) in [(6, false), (7, true), (8, true)] {
            assert_eq!(db.is_key_compromised(&[key; 32]).await.unwrap(), is_lost);
        }
        assert!(db.key_owners(&[7; 32]).await.unwrap().is_empty(), "nobody has a certificate");
    }

    async fn an_earlier_version_left_some_behind(db) {
        let world = samples::world(&db).await;
        let node = id::<NodeId>();
        let (request, intents) = pair_to_sign(&db, &world, node).await;
        db.fail(request, node, "broken", now(), record(AuditAction::Fail)).await.unwrap();
        db.tamper("UPDATE request SET state = 'cancelled', cancel_reason = 'x'").await;
        db.record(record(AuditAction::Cancel)).await.unwrap();
        let found = db.ledger().await.unwrap();
        assert!(found.iter().any(|one| one.invariant == "I9"), "{found:?}");
        let at = now() + Duration::days(1);
        assert!(db.revoke_unrecorded(request, (REASON, LostKeys::default()), at, record(AuditAction::Revoke)).await.unwrap());
        assert!(!db.revoke_unrecorded(request, (REASON, LostKeys::default()), at, record(AuditAction::Revoke)).await.unwrap());
        let row = db.unrecorded(&intents[1].serial).await.unwrap().unwrap();
        assert_eq!(row.revoked_at, Some(at));
        let found = db.ledger().await.unwrap();
        assert!(!found.iter().any(|one| one.invariant == "I9"), "{found:?}");
    }

    async fn what_only_the_journal_knows_is_listed_and_answered_for(db) {
        let world = samples::world(&db).await;
        let good = world.issue(&db, "alice").await;
        let key = good.key_id.clone().unwrap();
        let lost = LostKeys { keys: vec![key.clone()], certificates: vec![(good.id, RevocationState::Valid)] };
        let revocation = JournalRevocation {
            serial: vec![9; 16],
            authorities: vec![world.authority],
            key_id: Some(key.clone()),
            reason: RevocationReason::KeyCompromise,
            lost,
            at: after(5),
        };
        let entries = || {
            let mut record = record(AuditAction::Revoke);
            record.audits[0].subject = Some(good.id.0);
            record
        };
        // As long as a good certificate of the key is left, nothing is done.
        let half = JournalRevocation { lost: LostKeys { certificates: vec![], keys: vec![key.clone()] }, ..revocation.clone() };
        let refused = db.revoke_journalled(half, entries()).await;
        assert!(matches!(refused, Err(Error::Conflict(KEY_MOVED_ON))), "{refused:?}");
        assert!(!db.is_journalled_revoked(&[9; 16]).await.unwrap());
        assert!(!db.is_key_compromised(&key).await.unwrap());
        assert!(!db.has_intent(&[9; 16]).await.unwrap());
        let before = db.revocations(world.authority).await.unwrap();

        assert!(db.revoke_journalled(revocation.clone(), entries()).await.unwrap());
        assert!(db.is_journalled_revoked(&[9; 16]).await.unwrap());
        assert!(db.is_key_compromised(&key).await.unwrap());
        assert!(db.has_intent(&[9; 16]).await.unwrap(), "the doctor knows it now");
        assert!(db.revocations(world.authority).await.unwrap() > before, "the list is made anew");
        let listed = db.revoked_intents(world.authority, after(4)).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((&listed[0].serial, listed[0].since), (&vec![9; 16], after(5)));
        assert_eq!(db.revoked_intents(world.authority, after(5)).await.unwrap(), [], "long ago");
        assert_eq!(db.revoked_intents(id(), after(4)).await.unwrap(), [], "of another authority");
        let status = db.certificate_status(world.authority, &[9; 16]).await.unwrap();
        let why = RevocationReason::KeyCompromise.as_str().to_owned();
        assert_eq!(status.unwrap().revoked, Some((after(5), why)));
        assert_eq!(db.certificate_status(id(), &[9; 16]).await.unwrap(), None);
        let row = db.certificate(good.id).await.unwrap().unwrap();
        assert_eq!(row.revoked_at, Some(after(5)), "with its key");
        let entries_before = db.number("SELECT COUNT(*) FROM audit_entry").await;
        let again = JournalRevocation { lost: LostKeys::default(), ..revocation };
        assert!(!db.revoke_journalled(again, entries()).await.unwrap(), "once");
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, entries_before);
        assert_eq!(db.ledger().await.unwrap(), []);
    }

    async fn no_entry_no_end(db) {
        let world = samples::world(&db).await;
        let (request, intents) = pair_to_sign(&db, &world, id()).await;
        db.break_inserts("audit_entry").await;
        let end = RequestEnd { or_state: RequestState::Issuing, ..end(request, Step::Sign) };
        assert!(db.end_request(end, ended()).await.is_err());
        db.mend_inserts("audit_entry").await;
        let row = db.unrecorded(&intents[0].serial).await.unwrap().unwrap();
        assert_eq!((row.state, row.revoked_at), (RequestState::Issuing, None));
        assert_eq!(db.revocations(world.authority).await.unwrap(), 0);
    }
}
