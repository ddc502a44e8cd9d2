//! Authorities and revocation lists.

use crate::samples::{self, after, id, now, record};
use domain::{AuditAction, AuthorityId, AuthorityPurpose, RevocationReason, RevocationState};
use store::{AuthorityRequestRow, AuthorityRow, CrlRow, Error};
use time::OffsetDateTime;

fn list(number: i64) -> CrlRow {
    CrlRow {
        number,
        der: vec![0x30, 7],
        this_update: now(),
        next_update: after(3600),
        revocations: number,
    }
}

on_both! {
    async fn roots_come_first(db) {
        samples::world(&db).await;
        let authorities = db.authorities().await.unwrap();
        assert_eq!(authorities[0].parent, None);
        assert_eq!(authorities[1].parent, Some(authorities[0].id));
        assert_eq!(authorities[1].sealed_key, Some(vec![9; 40]));
        assert!(!format!("{authorities:?}").contains("sealed_key"));
    }

    async fn a_list_never_goes_back(db) {
        let authority = samples::world(&db).await.authority;
        assert_eq!(db.crl(authority).await.unwrap(), None);
        // Numbers that were not given out, or not by this authority.
        assert!(matches!(db.put_crl(authority, list(1)).await, Err(Error::Conflict(_))));
        for number in 1..=3 {
            assert_eq!(db.next_crl_number(authority, OffsetDateTime::UNIX_EPOCH).await.unwrap().number, number);
        }
        db.put_crl(authority, list(2)).await.unwrap();
        assert!(matches!(db.put_crl(authority, list(1)).await, Err(Error::Conflict(_))));
        assert!(matches!(db.put_crl(authority, list(2)).await, Err(Error::Conflict(_))));
        assert_eq!(db.crl(authority).await.unwrap(), Some(list(2)));
        db.put_crl(authority, list(3)).await.unwrap();
        assert_eq!(db.crl(authority).await.unwrap(), Some(list(3)));
        let unknown = db.next_crl_number(id::<AuthorityId>(), OffsetDateTime::UNIX_EPOCH).await;
        assert!(matches!(unknown, Err(Error::NotFound)));
    }

    async fn numbers_rise_also_after_a_restore(db) {
        let authority = samples::world(&db).await.authority;
        let at = |millis| OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(millis);
        let take = async |millis| {
            db.next_crl_number(authority, at(millis)).await.unwrap().number
        };
        assert_eq!(take(5_000).await, 5_000);
        // The clock may stand still, or go back.
        assert_eq!((take(5_000).await, take(4_000).await), (5_001, 5_002));
        // The database of yesterday is put in place.
        db.tamper("UPDATE authority SET crl_number = 3").await;
        assert_eq!(take(6_000).await, 6_000);
    }

    async fn numbers_are_given_out_once(db) {
        let authority = samples::world(&db).await.authority;
        let takers: Vec<_> = (0..20)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { db.next_crl_number(authority, OffsetDateTime::UNIX_EPOCH).await.unwrap().number })
            })
            .collect();
        let mut numbers = Vec::new();
        for taker in takers {
            numbers.push(taker.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    }

    async fn an_authority_is_added_once(db) {
        samples::world(&db).await;
        let root = db.authorities().await.unwrap().remove(0);
        let new = AuthorityRow {
            name: "Issuing 2".to_owned(),
            certificate: vec![0x30, 2],
            ..samples::authority(Some(root.id))
        };
        let add = |row: &AuthorityRow| db.add_authorities(vec![row.clone()], None, record(AuditAction::CreateAuthority));
        add(&new).await.unwrap();
        let other_name = AuthorityRow { id: id(), name: "Issuing 3".to_owned(), ..new.clone() };
        let other_certificate = AuthorityRow { id: id(), certificate: vec![0x30, 3], ..new.clone() };
        for again in [other_name, other_certificate] {
            assert!(matches!(add(&again).await, Err(Error::Conflict(_))), "{again:?}");
        }
        assert_eq!(db.authorities().await.unwrap().len(), 3);
        let keyless = AuthorityRow { id: id(), parent: None, name: "Else".to_owned(), certificate: vec![0x30, 4], sealed_key: None, ..new };
        add(&keyless).await.unwrap();
        assert_eq!(db.authorities().await.unwrap().iter().filter(|row| row.sealed_key.is_none()).count(), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'create-authority'").await, 2);
    }

    async fn the_last_one_is_not_retired_where_it_is_needed(db) {
        let world = samples::world(&db).await;
        let retire = |id, is_needed| db.retire_authority(id, is_needed, record(AuditAction::RetireAuthority));
        let root = db.authorities().await.unwrap().remove(0).id;
        assert!(matches!(retire(world.authority, true).await, Err(Error::Conflict(_))));
        assert!(matches!(retire(root, false).await, Err(Error::Conflict(_))), "a root");
        let two = AuthorityRow { name: "Issuing 2".to_owned(), certificate: vec![0x30, 2], ..samples::authority(Some(root)) };
        db.add_authorities(vec![two.clone()], None, record(AuditAction::CreateAuthority)).await.unwrap();
        let (one, other) = tokio::join!(retire(world.authority, true), retire(two.id, true));
        assert_ne!(one.is_ok(), other.is_ok(), "one of them stays");
        let retired = if one.is_ok() { world.authority } else { two.id };
        assert!(matches!(retire(retired, false).await, Err(Error::Conflict(_))));
        let activate = || db.activate_authority(retired, record(AuditAction::ActivateAuthority));
        activate().await.unwrap();
        assert!(matches!(activate().await, Err(Error::Conflict(_))));
        assert!(db.authorities().await.unwrap().iter().all(|row| row.is_active));
        db.break_inserts("audit_entry").await;
        assert!(retire(two.id, true).await.is_err());
        db.mend_inserts("audit_entry").await;
        assert!(db.authorities().await.unwrap().iter().all(|row| row.is_active), "no entry, no action");
    }

    async fn a_key_leaves_once_and_lists_come_from_elsewhere_then(db) {
        samples::world(&db).await;
        let root = db.authorities().await.unwrap().remove(0).id;
        let put = |number| db.put_foreign_crl(root, list(number), record(AuditAction::ImportAuthority));
        assert!(matches!(put(5).await, Err(Error::Conflict(_))), "its key is here");
        let remove = || db.remove_authority_key(root, record(AuditAction::RemoveAuthorityKey));
        remove().await.unwrap();
        assert!(matches!(remove().await, Err(Error::Conflict(_))));
        assert_eq!(db.authorities().await.unwrap()[0].sealed_key, None);
        put(5).await.unwrap();
        for number in [5, 4] {
            assert!(matches!(put(number).await, Err(Error::Conflict(_))), "{number}");
        }
        put(6).await.unwrap();
        assert_eq!(db.crl(root).await.unwrap().unwrap().number, 6);
        assert_eq!(db.next_crl_number(root, OffsetDateTime::UNIX_EPOCH).await.unwrap().number, 7);
    }

    async fn a_request_becomes_an_authority_or_is_given_up(db) {
        samples::world(&db).await;
        let request = |name: &str| AuthorityRequestRow {
            id: id(),
            parent: None,
            name: name.to_owned(),
            purpose: AuthorityPurpose::Tls,
            sealed_key: vec![7; 40],
            csr: vec![0x30, 5],
            created_at: now(),
        };
        let add = |row: &AuthorityRequestRow| db.add_authority_request(row.clone(), record(AuditAction::RequestAuthority));
        assert!(matches!(add(&request("Issuing")).await, Err(Error::Conflict(_))), "the name is taken");
        let (one, two) = (request("One"), request("Two"));
        add(&one).await.unwrap();
        add(&two).await.unwrap();
        let found = db.authority_requests().await.unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [one.id, two.id]);
        assert_eq!((found[0].purpose, &found[0].sealed_key), (AuthorityPurpose::Tls, &one.sealed_key));
        let row = AuthorityRow { id: one.id, name: "One".to_owned(), certificate: vec![0x30, 6], ..samples::authority(None) };
        let complete = || db.add_authorities(vec![row.clone()], Some(one.id), record(AuditAction::ImportAuthority));
        complete().await.unwrap();
        assert!(complete().await.is_err(), "once");
        let give_up = || db.remove_authority_request(two.id, record(AuditAction::RemoveAuthorityKey));
        give_up().await.unwrap();
        assert!(matches!(give_up().await, Err(Error::NotFound)));
        assert!(db.authority_requests().await.unwrap().is_empty());
    }

    async fn certificates_are_counted_by_authority(db) {
        let world = samples::world(&db).await;
        assert!(db.authority_counts(now()).await.unwrap().is_empty());
        let one = world.issue(&db, "alice").await;
        world.issue(&db, "bob").await;
        let counts = |at| { let db = &db; async move { db.authority_counts(at).await.unwrap().remove(0) } };
        let found = counts(now()).await;
        assert_eq!((found.id, found.issued, found.valid, found.revoked), (world.authority, 2, 2, 0));
        let state = RevocationState::Valid;
        db.revoke(one.id, state, RevocationReason::KeyCompromise, now(), record(AuditAction::Revoke)).await.unwrap();
        let found = counts(now()).await;
        assert_eq!((found.issued, found.valid, found.revoked), (2, 1, 1));
        let found = counts(after(100 * 365 * 86_400)).await;
        assert_eq!((found.issued, found.valid, found.revoked), (2, 0, 1));
    }
}
