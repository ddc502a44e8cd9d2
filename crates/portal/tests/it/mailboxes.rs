//! Addresses of a person besides the one they sign in with.

use crate::fixtures::requests::{demo, wrong_field};
use crate::fixtures::templates::audits;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both};
use domain::AuditAction;
use portal::Error;

on_both!(
    an_address_is_recorded_and_removed,
    whose_an_address_is_only_administrators_say,
);

async fn an_address_is_recorded_and_removed(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, bob, carol) = (
        actor(&portal, "alice").await,
        actor(&portal, "bob").await,
        actor(&portal, "carol").await,
    );
    let sales = || "Sales@Example.com ".to_owned();
    for who in [&alice, &bob] {
        // The mail of a department is read by several.
        let done = portal.record_mailbox(&carol, who.id.unwrap(), sales());
        let done = done.await.unwrap();
        assert!(
            done.message.contains("sales@example.com"),
            "{}",
            done.message
        );
    }
    let person = alice.id.unwrap();
    let offered = portal
        .request_form(&alice, api::RequestFor::default())
        .await
        .unwrap();
    assert_eq!(
        offered.mailboxes,
        ["alice@example.com", "sales@example.com"]
    );
    for (typed, words) in [
        (sales(), "already"),
        ("bob@example.com".to_owned(), "Bob Brown signs in"),
        ("alice@example.net".to_owned(), "one of ours: example.com"),
        ("nonsense".to_owned(), ""),
        (String::new(), ""),
    ] {
        let (field, message) = wrong_field(portal.record_mailbox(&carol, person, typed).await);
        assert_eq!(field, "mailbox");
        assert!(message.contains(words), "{message}");
    }
    portal
        .remove_mailbox(&carol, person, sales())
        .await
        .unwrap();
    let mailboxes = portal.person(&carol, person).await.unwrap().mailboxes;
    assert_eq!(mailboxes, ["alice@example.com"]);
    // Bob keeps it; what is not there, and what somebody signs in with, is not removed.
    let bobs = portal.person(&carol, bob.id.unwrap()).await.unwrap();
    assert_eq!(bobs.mailboxes.len(), 2);
    for gone in [sales(), "alice@example.com".to_owned()] {
        let refused = portal.remove_mailbox(&carol, person, gone).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    for (action, count) in [
        (AuditAction::RecordMailbox, 2),
        (AuditAction::RemoveMailbox, 1),
    ] {
        let entries = audits(&portal, action).await;
        assert_eq!(entries.len(), count);
        let detail = ("mailbox".to_owned(), "sales@example.com".to_owned());
        assert!(entries.iter().all(|entry| entry.details.contains(&detail)));
    }
    assert_ledger_is_clean(&portal).await;
}

async fn whose_an_address_is_only_administrators_say(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let alice = actor(&portal, "alice").await.id.unwrap();
    let address = || "sales@example.com".to_owned();
    for key in ["alice", "bob", "dave"] {
        let who = actor(&portal, key).await;
        for refused in [
            portal.record_mailbox(&who, alice, address()).await,
            portal.remove_mailbox(&who, alice, address()).await,
        ] {
            assert!(
                matches!(refused, Err(Error::Forbidden)),
                "{key}: {refused:?}"
            );
        }
    }
    // Nor for themselves.
    let carol = actor(&portal, "carol").await;
    let own = portal.record_mailbox(&carol, carol.id.unwrap(), address());
    assert!(matches!(own.await, Err(Error::Conflict(_))));
    assert!(audits(&portal, AuditAction::RecordMailbox).await.is_empty());
}
