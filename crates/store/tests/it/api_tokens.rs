//! API tokens: found by their hash while they are good, counted, revoked.

use crate::samples::{self, after, id, name, now, record};
use crate::support::TestDb;
use domain::{ApiTokenId, AuditAction, PersonId, PersonState, TokenScope};
use store::{ApiTokenRow, Error, NewApiToken, Record};

/// A token for an hour whose hash is so many times the same byte.
fn token(person: PersonId, byte: u8) -> NewApiToken {
    NewApiToken {
        id: id::<ApiTokenId>(),
        person,
        name: name("Mail gateway"),
        scope: TokenScope::Request,
        sha256: [byte; 32],
        created_at: after(byte.into()),
        expires_at: after(3600),
    }
}

async fn make(db: &TestDb, token: &NewApiToken) -> bool {
    let done = record(AuditAction::MakeToken);
    db.make_api_token(token.clone(), 3, done).await.unwrap()
}

async fn entries(db: &TestDb) -> i64 {
    db.number("SELECT COUNT(*) FROM audit_entry WHERE action IN ('make-token', 'revoke-token')")
        .await
}

on_both! {
    async fn a_token_is_found_by_its_hash_until_it_expires(db) {
        let world = samples::world(&db).await;
        let one = token(world.alice, 1);
        assert!(make(&db, &one).await);
        let found = db.live_api_token(&[1; 32], after(3599)).await.unwrap();
        let row = ApiTokenRow {
            id: one.id,
            person: world.alice,
            name: one.name.clone(),
            scope: TokenScope::Request,
            created_at: one.created_at,
            expires_at: one.expires_at,
            last_used_at: None,
        };
        assert_eq!(found, Some(row.clone()));
        assert_eq!(db.live_api_token(&[1; 32], after(3600)).await.unwrap(), None);
        assert_eq!(db.live_api_token(&[2; 32], now()).await.unwrap(), None);
        assert_eq!(db.api_token(world.alice, one.id).await.unwrap(), Some(row.clone()));
        assert_eq!(db.api_token(world.bob, one.id).await.unwrap(), None);
        db.use_api_token(one.id, after(60)).await.unwrap();
        let used = ApiTokenRow { last_used_at: Some(after(60)), ..row };
        assert_eq!(db.api_tokens_of(world.alice).await.unwrap(), [used]);
        assert_eq!(entries(&db).await, 1);
    }

    async fn only_so_many_are_live_at_a_time(db) {
        let world = samples::world(&db).await;
        for byte in 1..=3 {
            assert!(make(&db, &token(world.alice, byte)).await);
        }
        assert!(!make(&db, &token(world.alice, 4)).await, "one too many");
        assert_eq!(entries(&db).await, 3, "what was not done is not recorded");
        assert!(make(&db, &token(world.bob, 5)).await, "each has their own");
        let later = NewApiToken {
            created_at: after(3600),
            expires_at: after(7200),
            ..token(world.alice, 6)
        };
        assert!(make(&db, &later).await, "those that have expired do not count");
        assert_eq!(db.count_api_tokens(world.alice, after(3600)).await.unwrap(), 1);
        let listed = db.api_tokens_of(world.alice).await.unwrap();
        assert_eq!((listed.len(), listed[0].id), (4, later.id), "newest first");
        assert_eq!(db.delete_expired_api_tokens(after(3600)).await.unwrap(), 4);
        assert_eq!(db.api_tokens_of(world.alice).await.unwrap().len(), 1);
    }

    async fn two_that_are_made_at_once_are_counted_one_after_the_other(db) {
        let world = samples::world(&db).await;
        for byte in 1..=2 {
            assert!(make(&db, &token(world.alice, byte)).await);
        }
        let tries: Vec<_> = (10..18)
            .map(|byte| {
                let (db, one) = (db.clone(), token(world.alice, byte));
                tokio::spawn(async move { make(&db, &one).await })
            })
            .collect();
        let mut made = 0;
        for one in tries {
            made += usize::from(one.await.unwrap());
        }
        assert_eq!(made, 1);
        assert_eq!(db.count_api_tokens(world.alice, now()).await.unwrap(), 3);
    }

    async fn only_its_owner_revokes_one(db) {
        let world = samples::world(&db).await;
        let (one, two) = (token(world.alice, 1), token(world.alice, 2));
        assert!(make(&db, &one).await && make(&db, &two).await);
        let done = || record(AuditAction::RevokeToken);
        let refused = db.revoke_api_token(world.bob, one.id, done()).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        db.revoke_api_token(world.alice, one.id, done()).await.unwrap();
        assert_eq!(db.live_api_token(&[1; 32], now()).await.unwrap(), None);
        let again = db.revoke_api_token(world.alice, one.id, done()).await;
        assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
        // Using one that is revoked does not bring it back.
        db.use_api_token(one.id, after(60)).await.unwrap();
        assert_eq!(db.api_tokens_of(world.alice).await.unwrap().len(), 1);
        assert_eq!(entries(&db).await, 3);
        assert_eq!(db.revoke_api_tokens(world.alice, done()).await.unwrap(), 1);
        assert_eq!(db.revoke_api_tokens(world.alice, done()).await.unwrap(), 0);
        assert_eq!(entries(&db).await, 4, "nothing done, nothing recorded");
    }

    async fn who_is_disabled_has_none_and_gets_none(db) {
        let world = samples::world(&db).await;
        assert!(make(&db, &token(world.alice, 1)).await);
        assert!(make(&db, &token(world.bob, 2)).await);
        let disable = record(AuditAction::DisablePerson);
        db.set_state(world.alice, PersonState::Disabled, now(), disable).await.unwrap();
        assert_eq!(db.live_api_token(&[1; 32], now()).await.unwrap(), None);
        assert!(!make(&db, &token(world.alice, 3)).await);
        db.set_state(world.alice, PersonState::Active, now(), Record::default()).await.unwrap();
        assert_eq!(db.count_api_tokens(world.alice, now()).await.unwrap(), 0);
        assert!(make(&db, &token(world.alice, 4)).await);
        assert_eq!(db.count_api_tokens(world.bob, now()).await.unwrap(), 1);
    }

    async fn a_password_from_somebody_else_revokes_and_ones_own_does_not(db) {
        let world = samples::world(&db).await;
        assert!(make(&db, &token(world.alice, 1)).await);
        db.set_password(world.alice, "$own", now(), Some(id()), Record::default()).await.unwrap();
        assert_eq!(db.count_api_tokens(world.alice, now()).await.unwrap(), 1);
        db.set_password(world.alice, "$reset", now(), None, Record::default()).await.unwrap();
        assert_eq!(db.count_api_tokens(world.alice, now()).await.unwrap(), 0);
    }

    async fn none_comes_back_with_a_restored_database(db) {
        let world = samples::world(&db).await;
        assert!(make(&db, &token(world.alice, 1)).await);
        assert!(make(&db, &token(world.bob, 2)).await);
        let done = db.restored(record(AuditAction::Restore)).await.unwrap();
        assert_eq!(done.tokens, 2);
        assert_eq!(db.live_api_token(&[1; 32], now()).await.unwrap(), None);
    }

    async fn no_entry_no_token(db) {
        let world = samples::world(&db).await;
        db.break_inserts("audit_entry").await;
        let made = db.make_api_token(token(world.alice, 1), 3, record(AuditAction::MakeToken)).await;
        assert!(made.is_err());
        db.mend_inserts("audit_entry").await;
        assert_eq!(db.count_api_tokens(world.alice, now()).await.unwrap(), 0);
    }
}
