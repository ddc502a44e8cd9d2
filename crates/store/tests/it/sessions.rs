//! Sessions, through `tower-sessions` and as their owners see them.

use crate::samples::{self, World, after, id, now, record};
use crate::support::TestDb;
use domain::{AuditAction, Clock, PersonId, PersonState, SessionId};
use std::{collections::HashMap, sync::Arc, sync::Mutex};
use store::{Record, Sessions};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record as Session};

#[derive(Debug)]
struct TestClock(Mutex<OffsetDateTime>);

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

fn sessions(db: &TestDb) -> (Sessions, Arc<TestClock>) {
    let clock = Arc::new(TestClock(Mutex::new(now())));
    (db.sessions(clock.clone()), clock)
}

fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap()
}

fn session(number: i64, person: Option<PersonId>, public: SessionId) -> Session {
    let mut session = Session {
        id: Id(number.into()),
        data: HashMap::new(),
        expiry_date: after(600),
    };
    if let Some(person) = person {
        let data = [
            ("person", person.to_string().into()),
            ("session", public.to_string().into()),
            ("address", "192.0.2.1".into()),
            ("user_agent", "x".repeat(300).into()),
            ("signed_in_at", micros(now()).into()),
            ("last_used_at", micros(after(number)).into()),
        ];
        session.data = data
            .map(|(key, value): (_, serde_json::Value)| (key.to_owned(), value))
            .into();
    }
    session
}

/// Three sessions of Alice and one of Bob.
async fn some_sessions(db: &TestDb) -> (World, Sessions, [SessionId; 3]) {
    let world = samples::world(db).await;
    let (sessions, _) = sessions(db);
    let ids = [id(), id(), id()];
    for (number, public) in (1..).zip(ids) {
        sessions
            .create(&mut session(number, Some(world.alice), public))
            .await
            .unwrap();
    }
    sessions
        .create(&mut session(9, Some(world.bob), id()))
        .await
        .unwrap();
    (world, sessions, ids)
}

on_both! {
    async fn a_session_is_made_saved_loaded_and_deleted(db) {
        let (sessions, clock) = sessions(&db);
        let mut made = session(-7, None, id());
        sessions.create(&mut made).await.unwrap();
        assert_eq!(sessions.load(&made.id).await.unwrap(), Some(made.clone()));
        made.data.insert("colour".to_owned(), "blue".into());
        made.expiry_date = after(1200);
        sessions.save(&made).await.unwrap();
        assert_eq!(sessions.load(&made.id).await.unwrap(), Some(made.clone()));

        *clock.0.lock().unwrap() = after(1199);
        assert!(sessions.load(&made.id).await.unwrap().is_some());
        *clock.0.lock().unwrap() = after(1200);
        assert_eq!(sessions.load(&made.id).await.unwrap(), None);
        assert_eq!(db.delete_expired_sessions(after(1200)).await.unwrap(), 1);

        *clock.0.lock().unwrap() = now();
        sessions.create(&mut made).await.unwrap();
        sessions.delete(&made.id).await.unwrap();
        assert_eq!(sessions.load(&made.id).await.unwrap(), None);
        sessions.delete(&made.id).await.unwrap();
    }

    async fn an_identifier_that_is_taken_is_replaced(db) {
        let (sessions, _) = sessions(&db);
        let mut first = session(5, None, id());
        let mut second = session(5, None, id());
        sessions.create(&mut first).await.unwrap();
        sessions.create(&mut second).await.unwrap();
        assert_ne!(first.id, second.id);
        assert!(sessions.load(&second.id).await.unwrap().is_some());
    }

    async fn the_identifier_is_not_stored(db) {
        let (sessions, _) = sessions(&db);
        sessions.create(&mut session(5, None, id())).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM session WHERE length(id_hash) = 32").await, 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM session WHERE data LIKE '%AAAA%'").await, 0);
    }

    async fn a_session_that_was_ended_cannot_be_saved_back(db) {
        let (world, sessions, ids) = some_sessions(&db).await;
        let in_use = sessions.load(&Id(1)).await.unwrap().unwrap();
        assert!(db.end_session(world.alice, ids[0], record(AuditAction::EndSession)).await.unwrap());
        sessions.save(&in_use).await.unwrap();
        assert_eq!(sessions.load(&Id(1)).await.unwrap(), None);
    }

    async fn owners_see_and_end_their_sessions(db) {
        let (world, sessions, ids) = some_sessions(&db).await;
        let seen = db.sessions_of(world.alice, now()).await.unwrap();
        assert_eq!(seen.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]]);
        assert_eq!((seen[0].address.as_str(), seen[0].user_agent.len()), ("192.0.2.1", 200));
        assert_eq!((seen[0].signed_in_at, seen[0].last_used_at), (now(), after(3)));
        assert_eq!(db.count_sessions(world.alice, now()).await.unwrap(), 3);
        assert_eq!(db.count_sessions(world.alice, after(600)).await.unwrap(), 0);

        let before = db.number("SELECT COUNT(*) FROM audit_entry").await;
        // Not somebody else's.
        assert!(!db.end_session(world.bob, ids[0], record(AuditAction::EndSession)).await.unwrap());
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, before);
        assert!(db.end_session(world.alice, ids[0], record(AuditAction::EndSession)).await.unwrap());
        assert_eq!(db.end_sessions_except(world.alice, Some(ids[1]), Record::default()).await.unwrap(), 1);
        assert!(sessions.load(&Id(2)).await.unwrap().is_some());
        assert_eq!(db.end_sessions_except(world.alice, None, Record::default()).await.unwrap(), 1);
        assert_eq!(db.count_sessions(world.bob, now()).await.unwrap(), 1);
    }

    async fn a_session_does_not_end_without_its_audit_entry(db) {
        let (world, sessions, ids) = some_sessions(&db).await;
        db.break_inserts("audit_entry").await;
        assert!(db.end_session(world.alice, ids[0], record(AuditAction::EndSession)).await.is_err());
        assert!(db.end_sessions_except(world.alice, None, record(AuditAction::EndSession)).await.is_err());
        for number in 1..=3 {
            assert!(sessions.load(&Id(number)).await.unwrap().is_some());
        }
        db.mend_inserts("audit_entry").await;
        assert!(db.end_session(world.alice, ids[0], record(AuditAction::EndSession)).await.unwrap());
        assert!(sessions.load(&Id(1)).await.unwrap().is_none());
    }

    async fn a_new_password_ends_the_other_sessions(db) {
        let (world, sessions, ids) = some_sessions(&db).await;
        db.set_password(world.alice, "$new", now(), Some(ids[1]), Record::default()).await.unwrap();
        assert!(sessions.load(&Id(1)).await.unwrap().is_none());
        assert!(sessions.load(&Id(2)).await.unwrap().is_some());
        db.set_password(world.alice, "$reset", now(), None, Record::default()).await.unwrap();
        assert_eq!(db.count_sessions(world.alice, now()).await.unwrap(), 0);
    }

    async fn disabling_somebody_ends_their_sessions(db) {
        let (world, sessions, _) = some_sessions(&db).await;
        db.set_state(world.alice, PersonState::Disabled, now(), Record::default()).await.unwrap();
        assert!(sessions.load(&Id(1)).await.unwrap().is_none());
        assert!(sessions.load(&Id(9)).await.unwrap().is_some());
    }
}
