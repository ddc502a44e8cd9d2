//! People: changes and lists.

use crate::samples::{self, after, id, mailbox, now, person, record};
use domain::{AuditAction, PersonId, PersonState, Role};
use store::{Error, PeopleQuery, Record};

fn query(search: &str) -> PeopleQuery {
    PeopleQuery {
        search: search.to_owned(),
        role: None,
        after: None,
        now: now(),
        limit: 50,
    }
}

on_both! {
    async fn a_person_is_added_with_a_mailbox(db) {
        let alice = person("alice", Role::Employee);
        db.add_person(alice.clone(), record(AuditAction::AddPerson)).await.unwrap();
        let found = db.person(alice.id).await.unwrap().unwrap();
        assert_eq!((&found.name, &found.mailbox), (&alice.name, &alice.mailbox));
        assert_eq!((found.role, found.state), (Role::Employee, PersonState::Active));
        assert_eq!((found.created_at, found.password_changed_at), (now(), now()));
        assert_eq!(found.last_signed_in_at, None);
        assert!(!format!("{found:?}").contains("argon2"));
        assert_eq!(db.person_by_mailbox(&mailbox("alice")).await.unwrap().unwrap().id, alice.id);
        assert!(db.person_by_mailbox(&mailbox("nobody")).await.unwrap().is_none());
        assert!(db.person(id()).await.unwrap().is_none());

        assert_eq!(db.mailboxes(alice.id).await.unwrap()[0].verified_at, now());
        assert!(db.has_mailbox(alice.id, &mailbox("alice")).await.unwrap());
        assert!(!db.has_mailbox(alice.id, &mailbox("bob")).await.unwrap());

        let again = db.add_person(person("alice", Role::Admin), record(AuditAction::AddPerson)).await;
        assert!(matches!(again, Err(Error::Duplicate("mailbox"))), "{again:?}");
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, 1);
    }

    async fn changes_are_stored_and_recorded(db) {
        let world = samples::world(&db).await;
        let before = db.number("SELECT COUNT(*) FROM audit_entry").await;
        let alice = world.alice;
        db.record_sign_in(alice, after(1), record(AuditAction::SignIn)).await.unwrap();
        db.set_password(alice, "$new", after(2), None, record(AuditAction::SetPassword)).await.unwrap();
        db.set_role(alice, Role::Auditor, record(AuditAction::SetRole)).await.unwrap();
        db.set_state(alice, PersonState::Disabled, after(3), record(AuditAction::DisablePerson)).await.unwrap();
        let found = db.person(alice).await.unwrap().unwrap();
        assert_eq!(found.last_signed_in_at, Some(after(1)));
        assert_eq!((found.password_hash.as_str(), found.password_changed_at), ("$new", after(2)));
        assert_eq!((found.role, found.state), (Role::Auditor, PersonState::Disabled));
        db.set_state(alice, PersonState::Active, after(4), record(AuditAction::EnablePerson)).await.unwrap();
        assert_eq!(db.person(alice).await.unwrap().unwrap().state, PersonState::Active);
        assert_eq!(db.number("SELECT COUNT(*) FROM audit_entry").await, before + 5);
    }

    async fn a_person_who_is_not_there_cannot_be_changed(db) {
        samples::world(&db).await;
        let nobody = id::<PersonId>();
        let none = Record::default;
        assert!(matches!(db.record_sign_in(nobody, now(), none()).await, Err(Error::NotFound)));
        assert!(matches!(db.set_password(nobody, "$", now(), None, none()).await, Err(Error::NotFound)));
        assert!(matches!(db.set_role(nobody, Role::Admin, none()).await, Err(Error::NotFound)));
        let disabled = db.set_state(nobody, PersonState::Disabled, now(), none()).await;
        assert!(matches!(disabled, Err(Error::NotFound)));
    }

    async fn the_last_administrator_stays(db) {
        let world = samples::world(&db).await;
        let demoted = db.set_role(world.admin, Role::Employee, Record::default()).await;
        assert!(matches!(demoted, Err(Error::Conflict("the last active administrator"))));
        let disabled = db.set_state(world.admin, PersonState::Disabled, now(), Record::default()).await;
        assert!(matches!(disabled, Err(Error::Conflict("the last active administrator"))));
        // One who is disabled does not count.
        db.set_role(world.bob, Role::Admin, Record::default()).await.unwrap();
        db.set_state(world.bob, PersonState::Disabled, now(), Record::default()).await.unwrap();
        assert!(db.set_role(world.admin, Role::Employee, Record::default()).await.is_err());
        db.set_state(world.bob, PersonState::Active, now(), Record::default()).await.unwrap();
        db.set_role(world.admin, Role::Employee, Record::default()).await.unwrap();
    }

    async fn two_administrators_cannot_remove_each_other(db) {
        let world = samples::world(&db).await;
        for round in 0..25 {
            db.set_role(world.admin, Role::Admin, Record::default()).await.unwrap();
            db.set_role(world.bob, Role::Admin, Record::default()).await.unwrap();
            let (one, other) = (db.clone(), db.clone());
            let demote = tokio::spawn(async move {
                one.set_role(world.admin, Role::Employee, record(AuditAction::SetRole)).await
            });
            let disable = tokio::spawn(async move {
                other.set_state(world.bob, PersonState::Disabled, now(), record(AuditAction::DisablePerson)).await
            });
            let won = [demote.await.unwrap(), disable.await.unwrap()].iter().filter(|r| r.is_ok()).count();
            assert_eq!(won, 1, "round {round}");
            assert_eq!(db.admin_mailboxes().await.unwrap().len(), 1, "round {round}");
            db.set_state(world.bob, PersonState::Active, now(), Record::default()).await.unwrap();
        }
    }

    async fn people_are_listed_by_name_and_found(db) {
        let world = samples::world(&db).await;
        world.issue(&db, "alice").await;
        let all = db.people(query("")).await.unwrap();
        let names: Vec<_> = all.iter().map(|row| row.person.name.as_str()).collect();
        assert_eq!(names, ["Admin Smith", "Alice Smith", "Bob Smith", "Carol Smith"]);
        assert_eq!(all[1].certificates, 1);
        let later = PeopleQuery { now: after(366 * 86_400), ..query("alice") };
        assert_eq!(db.people(later).await.unwrap()[0].certificates, 0);

        for (search, found) in [("LICE", 1), ("carol@", 1), ("smith", 4), ("%", 0), ("_", 0), ("\0", 4), ("zz", 0)] {
            assert_eq!(db.people(query(search)).await.unwrap().len(), found, "{search:?}");
        }
        let approvers = PeopleQuery { role: Some(Role::Approver), ..query("") };
        assert_eq!(db.people(approvers).await.unwrap().len(), 2);

        let first = db.people(PeopleQuery { limit: 2, ..query("") }).await.unwrap();
        let last = &first[1].person;
        let after = Some((last.name.as_str().to_lowercase(), last.id));
        let second = db.people(PeopleQuery { after, ..query("") }).await.unwrap();
        assert_eq!(second.len(), 2);
        assert_eq!(second[0].person.id, world.bob);
    }

    async fn only_active_people_are_counted_and_written_to(db) {
        let world = samples::world(&db).await;
        assert_eq!(db.person_counts().await.unwrap(), 4);
        assert_eq!(db.approver_mailboxes().await.unwrap(),
            [(world.bob, mailbox("bob")), (world.carol, mailbox("carol"))]);
        db.set_state(world.bob, PersonState::Disabled, now(), Record::default()).await.unwrap();
        assert_eq!(db.approver_mailboxes().await.unwrap(), [(world.carol, mailbox("carol"))]);
        assert_eq!(db.person_counts().await.unwrap(), 3);
    }
}
