//! Renewing with one click: when, from what, and by whose leave.

use crate::fixtures::authorities::words;
use crate::fixtures::requests::{approve, issued, made, pair};
use crate::life::{Life, change_template};
use crate::setting::{Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both};
use api::RenewalOffer;
use domain::{CertificateId, KeyPart, RequestState};
use portal::{Actor, Error, Portal};

on_both!(
    one_click_renews_in_the_window,
    the_same_key_needs_no_second_approval,
    a_key_that_was_deleted_is_not_kept,
    what_cannot_be_renewed_says_what_to_do,
    a_pair_is_renewed_as_a_pair
);

async fn offer(portal: &Portal, who: &Actor, id: CertificateId) -> RenewalOffer {
    portal.certificate(who, id).await.unwrap().renewal
}

async fn key_of(portal: &Portal, id: CertificateId) -> Option<Vec<u8>> {
    let row = portal.store().certificate(id).await.unwrap();
    row.unwrap().key_id
}

async fn one_click_renews_in_the_window(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice, id) = (&life.portal, &life.alice, life.certificate);
    let refused = words(portal.renew(alice, id).await);
    assert!(refused.contains("too early"), "{refused}");
    assert_eq!(offer(portal, alice, id).await, RenewalOffer::Nothing);
    life.days_before_the_end(20).await;
    assert_eq!(offer(portal, alice, id).await, RenewalOffer::Now);
    assert!(portal.my_certificates(alice).await.unwrap().certificates[0].may_renew);
    for key in ["erin", "bob", "carol", "dave"] {
        let other = actor(portal, key).await;
        assert!(
            matches!(portal.renew(&other, id).await, Err(Error::NotFound)),
            "{key}"
        );
    }
    let first = portal.renew(alice, id).await.unwrap().next;
    assert_eq!(portal.renew(alice, id).await.unwrap().next, first, "once");
    assert!(matches!(
        offer(portal, alice, id).await,
        RenewalOffer::UnderWay(_)
    ));
    portal.run_due_work().await;
    let RenewalOffer::Done(next) = offer(portal, alice, id).await else {
        panic!("not renewed");
    };
    let again = portal.renew(alice, id).await.unwrap();
    assert_eq!(again.next, Some(api::url::certificate(next)));
    let old = portal.store().certificate(id).await.unwrap().unwrap();
    let new = portal.store().certificate(next).await.unwrap().unwrap();
    assert_eq!(old.revocation_reason, None, "the old one stays valid");
    assert_ne!(old.key_id, new.key_id, "a new key, as the template says");
    assert_eq!(offer(portal, alice, next).await, RenewalOffer::Nothing);
    assert_ledger_is_clean(portal).await;
}

async fn the_same_key_needs_no_second_approval(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice, id) = (&life.portal, &life.alice, life.certificate);
    life.days_before_the_end(10).await;
    // The rule changed with the version: somebody has to agree, once.
    change_template(portal, id, |template| {
        template.content.approval = domain::ApprovalRule::ONE;
        template.content.renewal.keeps_key = true;
    })
    .await;
    portal.renew(alice, id).await.unwrap();
    let RenewalOffer::UnderWay(waiting) = offer(portal, alice, id).await else {
        panic!("not asked for");
    };
    let row = portal.store().request(waiting).await.unwrap().unwrap();
    assert_eq!((row.state, row.keeps_key), (RequestState::Waiting, true));
    // Taken back, it can be asked for again.
    portal.withdraw(alice, waiting).await.unwrap();
    assert_eq!(offer(portal, alice, id).await, RenewalOffer::Now);
    portal.renew(alice, id).await.unwrap();
    let RenewalOffer::UnderWay(again) = offer(portal, alice, id).await else {
        panic!("not asked for again");
    };
    assert_ne!(again, waiting);
    approve(portal, again).await;
    portal.run_due_work().await;
    let RenewalOffer::Done(second) = offer(portal, alice, id).await else {
        panic!("not renewed");
    };
    let key = |id| key_of(portal, id);
    assert_eq!(key(id).await, key(second).await);
    // The next time nothing has changed.
    let life = Life {
        certificate: second,
        ..life
    };
    life.days_before_the_end(10).await;
    life.portal.renew(&life.alice, second).await.unwrap();
    assert_eq!(life.portal.run_due_work().await, 1);
    assert!(matches!(
        offer(&life.portal, &life.alice, second).await,
        RenewalOffer::Done(_)
    ));
    assert_ledger_is_clean(&life.portal).await;
}

async fn a_key_that_was_deleted_is_not_kept(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice, id) = (&life.portal, &life.alice, life.certificate);
    change_template(portal, id, |template| {
        template.content.renewal.keeps_key = true;
    })
    .await;
    life.days_before_the_end(-5).await;
    let done = portal.renew(alice, id).await.unwrap();
    assert!(!done.message.contains("new key"), "{}", done.message);
    let RenewalOffer::UnderWay(asked) = offer(portal, alice, id).await else {
        panic!("not asked for");
    };
    let row = portal.store().request(asked).await.unwrap().unwrap();
    assert!(row.keeps_key);
    // A portal that keeps secrets for a short time deletes it before its turn comes.
    let deleted = portal.store();
    let deleted = deleted.delete_secrets(id, portal.now(), store::Record::default());
    assert!(deleted.await.unwrap());
    portal.run_due_work().await;
    let row = portal.store().request(asked).await.unwrap().unwrap();
    assert_eq!(
        row.state,
        RequestState::Failed,
        "no other key takes its place"
    );
    let problem = row.problem.unwrap();
    assert!(problem.contains("renewed again"), "{problem}");
    let carol = actor(portal, "carol").await;
    let why = "its key is deleted".to_owned();
    portal.cancel(&carol, asked, why).await.unwrap();

    // Now it is known beforehand: a new key, and the person is told.
    let done = portal.renew(alice, id).await.unwrap();
    assert!(done.message.contains("gets a new key"), "{}", done.message);
    portal.run_due_work().await;
    let RenewalOffer::Done(next) = offer(portal, alice, id).await else {
        panic!("not renewed");
    };
    let old = portal.store().certificate(id).await.unwrap().unwrap();
    let new = portal.store().certificate(next).await.unwrap().unwrap();
    assert_ne!(old.key_id, new.key_id);
}

async fn what_cannot_be_renewed_says_what_to_do(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, alice, id) = (&life.portal, &life.alice, life.certificate);
    life.days_before_the_end(5).await;
    let row = portal.store().certificate(id).await.unwrap().unwrap();
    let offered = async |is_offered| {
        let done =
            portal
                .store()
                .offer_template(row.template, is_offered, store::Record::default());
        done.await.unwrap();
    };
    offered(false).await;
    let RenewalOffer::Otherwise(told) = offer(portal, alice, id).await else {
        panic!("offered");
    };
    assert!(told.contains("Request one of another kind"), "{told}");
    assert_eq!(words(portal.renew(alice, id).await), told);
    offered(true).await;
    let carol = actor(portal, "carol").await;
    portal.hold(&carol, id, String::new()).await.unwrap();
    assert_eq!(offer(portal, alice, id).await, RenewalOffer::Nothing);
    let refused = words(portal.renew(alice, id).await);
    assert!(refused.contains("on hold"), "{refused}");
    portal.reactivate(&carol, id).await.unwrap();
    life.days_before_the_end(-31).await;
    let refused = words(portal.renew(alice, id).await);
    assert!(refused.contains("ended too long ago"), "{refused}");
    life.days_before_the_end(-29).await;
    let next = made(portal.renew(alice, id).await.unwrap());
    let next = issued(portal, next).await.unwrap();
    assert_eq!(offer(portal, alice, id).await, RenewalOffer::Done(next));
}

async fn a_pair_is_renewed_as_a_pair(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    portal.seed_demo().await.unwrap();
    let alice = actor(&portal, "alice").await;
    let [sign, encrypt] = pair(&portal, &alice).await[..] else {
        panic!("not two");
    };
    let life = Life {
        ground,
        clock,
        portal,
        alice,
        certificate: sign,
    };
    let (portal, alice) = (&life.portal, &life.alice);
    let view = portal.certificate(alice, sign).await.unwrap();
    assert_eq!(
        (view.card.part, view.other_half),
        (KeyPart::Sign, Some(encrypt))
    );
    change_template(portal, sign, |template| {
        template.content.renewal.keeps_key = true;
        template.content.approval = domain::ApprovalRule::NONE;
    })
    .await;
    life.days_before_the_end(3).await;
    let told = portal.look_after_endings(portal.now()).await.unwrap();
    assert_eq!(told.notices, 1, "one for the pair");
    // Asked for at the other half, it is the same renewal.
    portal.renew(alice, encrypt).await.unwrap();
    assert!(matches!(
        offer(portal, alice, sign).await,
        RenewalOffer::UnderWay(_)
    ));
    portal.run_due_work().await;
    let RenewalOffer::Done(next) = offer(portal, alice, sign).await else {
        panic!("not renewed");
    };
    let other = portal
        .certificate(alice, next)
        .await
        .unwrap()
        .other_half
        .unwrap();
    let key = |id| key_of(portal, id);
    assert_eq!(
        (key(sign).await, key(encrypt).await),
        (key(next).await, key(other).await)
    );
    assert_ne!(key(sign).await, key(encrypt).await);
    assert_ledger_is_clean(portal).await;
}
