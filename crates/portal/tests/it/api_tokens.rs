//! API tokens: made by people for their programs, and what ends them.

use crate::fixtures::requests::demo;
use crate::fixtures::templates::audits;
use crate::fixtures::tokens::{form, program, token};
use crate::setting::{Database, Ground, MovedClock, actor, on_both};
use api::{MakeToken, Password};
use domain::{AuditAction, MOST_TOKENS, Secret, TokenScope};
use portal::{Actor, Error};
use time::Duration;

on_both!(
    what_is_no_good_any_more_is_refused,
    making_one_is_confirmed_checked_and_bounded,
    an_administrator_revokes_and_sees_how_many,
    use_is_noted_once_a_minute,
);

async fn what_is_no_good_any_more_is_refused(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let refused = async |token: &Secret<String>| {
        let answer = program(&portal, token).await;
        assert!(matches!(answer, Err(Error::NotSignedIn)), "{answer:?}");
    };
    for nonsense in ["", "cpt_", "cpt_x", "cpt_\0", &"cpt_A".repeat(2000)] {
        refused(&Secret::new(nonsense.to_owned())).await;
    }
    // One character more or less is another token.
    let good = token(&portal, &alice, TokenScope::Read).await;
    refused(&Secret::new(good.expose()[4..].to_owned())).await;
    refused(&Secret::new(format!("{}A", good.expose()))).await;
    program(&portal, &good).await.unwrap();
    // Revoked by its owner; nobody else can.
    let id = portal.api_tokens(&alice).await.unwrap().tokens[0].id;
    assert!(matches!(
        portal.revoke_token(&carol, id).await,
        Err(Error::NotFound)
    ));
    portal.revoke_token(&alice, id).await.unwrap();
    refused(&good).await;
    // Of somebody who is disabled, and is enabled again.
    let good = token(&portal, &alice, TokenScope::Read).await;
    portal
        .disable_person(&carol, alice.id.unwrap())
        .await
        .unwrap();
    refused(&good).await;
    portal
        .enable_person(&carol, alice.id.unwrap())
        .await
        .unwrap();
    refused(&good).await;
    // Expired; its owner sees that for a while.
    let made = portal
        .make_token(&alice, form(TokenScope::Read, "2"))
        .await
        .unwrap();
    let good = made.value.token.into_secret();
    clock.advance(Duration::days(2) - Duration::minutes(1));
    program(&portal, &good).await.unwrap();
    clock.advance(Duration::minutes(1));
    refused(&good).await;
    let listed = portal.api_tokens(&alice).await.unwrap().tokens;
    assert!(listed.len() == 1 && listed[0].is_expired);
    assert_eq!(audits(&portal, AuditAction::RevokeToken).await.len(), 1);
}

async fn making_one_is_confirmed_checked_and_bounded(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    let people = portal.seed_demo().await.unwrap();
    let fresh = actor(&portal, "alice").await;
    let stale = Actor {
        confirmed_at: Some(portal.now() - Duration::minutes(6)),
        ..fresh.clone()
    };
    let field = |result: Result<_, Error>| match result {
        Err(Error::Invalid(fields)) => fields[0].field.clone(),
        Ok(_) => panic!("made"),
        Err(other) => panic!("{other:?}"),
    };
    let made = |who: &Actor, form: MakeToken| {
        let (portal, who) = (portal.clone(), who.clone());
        async move {
            portal
                .make_token(&who, form)
                .await
                .map(|made| made.confirmed_at)
        }
    };
    let good = || form(TokenScope::Read, "90");
    assert!(portal.api_tokens(&stale).await.unwrap().must_confirm);
    assert_eq!(field(made(&stale, good()).await), "password");
    let wrong = MakeToken {
        password: Password::new("not it"),
        ..good()
    };
    assert_eq!(field(made(&stale, wrong).await), "password");
    let alice = people.iter().find(|person| person.key == "alice").unwrap();
    let password = Password::new(alice.password.expose().as_str());
    let confirmed = made(&stale, MakeToken { password, ..good() })
        .await
        .unwrap();
    assert!(portal.now() - confirmed < Duration::minutes(1));

    for days in ["", "0", "366", "-1", "1.5", "99999999999999999999", "soon"] {
        let wrong = form(TokenScope::Read, days);
        assert_eq!(field(made(&fresh, wrong).await), "days", "{days}");
    }
    let wrong = MakeToken {
        scope: "everything".to_owned(),
        ..good()
    };
    assert_eq!(field(made(&fresh, wrong).await), "scope");
    for name in ["", " ", "a\u{202e}b", &"x".repeat(65)] {
        let wrong = MakeToken {
            name: name.to_owned(),
            ..good()
        };
        assert_eq!(field(made(&fresh, wrong).await), "name", "{name:?}");
    }
    for days in ["1", "365", " 30 "] {
        made(&fresh, form(TokenScope::Read, days)).await.unwrap();
    }
    for _ in 4..MOST_TOKENS {
        made(&fresh, good()).await.unwrap();
    }
    let refused = made(&fresh, good()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let tokens = portal.api_tokens(&fresh).await.unwrap().tokens;
    assert_eq!(tokens.len(), usize::from(MOST_TOKENS));
    portal.revoke_token(&fresh, tokens[7].id).await.unwrap();
    made(&fresh, good()).await.unwrap();
}

async fn an_administrator_revokes_and_sees_how_many(database: Database) {
    let Some((_ground, portal)) = demo(database).await else {
        return;
    };
    let (alice, carol) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    let id = alice.id.unwrap();
    let first = token(&portal, &alice, TokenScope::Read).await;
    token(&portal, &alice, TokenScope::Secrets).await;
    assert_eq!(portal.person(&carol, id).await.unwrap().tokens, 2);
    for key in ["alice", "bob", "erin", "dave"] {
        let who = actor(&portal, key).await;
        let refused = portal.revoke_tokens_of(&who, id).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{key}");
    }
    let done = portal.revoke_tokens_of(&carol, id).await.unwrap();
    assert_eq!(done.message, "2 API tokens of Alice Adams are revoked.");
    assert!(program(&portal, &first).await.is_err());
    let done = portal.revoke_tokens_of(&carol, id).await.unwrap();
    assert_eq!(done.message, "Alice Adams had no API token.");
    let rows = audits(&portal, AuditAction::RevokeToken).await;
    assert_eq!((rows.len(), rows[0].actor), (1, carol.id));
    // A password that an administrator resets leaves nothing behind that was made with the old one.
    let last = token(&portal, &alice, TokenScope::Read).await;
    portal.reset_password(&carol, id).await.unwrap();
    assert!(program(&portal, &last).await.is_err());
}

async fn use_is_noted_once_a_minute(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let alice = actor(&portal, "alice").await;
    let sent = token(&portal, &alice, TokenScope::Read).await;
    let used = async || portal.api_tokens(&alice).await.unwrap().tokens[0].last_used_at;
    assert_eq!(used().await, None);
    program(&portal, &sent).await.unwrap();
    let first = used().await.unwrap();
    clock.advance(Duration::seconds(30));
    program(&portal, &sent).await.unwrap();
    assert_eq!(used().await, Some(first));
    clock.advance(Duration::seconds(30));
    program(&portal, &sent).await.unwrap();
    assert!(used().await.unwrap() - first >= Duration::minutes(1));
}
