//! What happens by itself towards the end of a certificate, with a clock that is moved.

use crate::setting::{
    Database, Ground, MovedClock, Place, actor, assert_ledger_is_clean, on_both, request,
};
use domain::{CertificateId, KeyAlgorithm, PersonState, RequestState, Template};
use portal::{Actor, Endings, Portal};
use store::{MailRow, Record};
use time::Duration;

on_both!(
    each_stage_is_told_once,
    a_portal_that_was_down_sends_the_nearest_notice,
    what_is_over_is_not_noticed,
    the_portal_renews_by_itself_where_the_template_says_so
);

/// A portal with a clock, and alice with a certificate.
pub(crate) struct Life {
    pub(crate) ground: Ground,
    pub(crate) clock: MovedClock,
    pub(crate) portal: Portal,
    pub(crate) alice: Actor,
    pub(crate) certificate: CertificateId,
}

impl Life {
    pub(crate) async fn new(database: Database) -> Option<Self> {
        let ground = Ground::new(database).await?;
        let clock = MovedClock::default();
        let portal = ground.place.start_at(1, clock.clone()).await;
        portal.seed_demo().await.unwrap();
        let alice = actor(&portal, "alice").await;
        request(&portal, &alice, false, KeyAlgorithm::P256).await;
        portal.run_due_work().await;
        let certificate = portal.my_certificates(&alice).await.unwrap().certificates[0].id;
        Some(Self {
            ground,
            clock,
            portal,
            alice,
            certificate,
        })
    }

    /// Moves the clock to so many days before the end of the certificate, and a minute.
    pub(crate) async fn days_before_the_end(&self, days: i64) {
        let row = self.portal.store().certificate(self.certificate).await;
        let then = row.unwrap().unwrap().not_after - Duration::days(days) + Duration::minutes(1);
        self.clock.advance(then - self.portal.now());
    }

    async fn look(&self) -> Endings {
        let now = self.portal.now();
        self.portal.look_after_endings(now).await.unwrap()
    }
}

/// Changes the template of a certificate, as an administrator would.
pub(crate) async fn change_template(
    portal: &Portal,
    certificate: CertificateId,
    change: impl FnOnce(&mut Template),
) {
    let row = portal.store().certificate(certificate).await.unwrap();
    let template = row.unwrap().template;
    let mut template = portal.store().template(template).await.unwrap().unwrap();
    change(&mut template);
    template.version += 1;
    let carol = actor(portal, "carol").await.id;
    let now = portal.now();
    let changed = portal.store();
    let changed = changed.change_template(template, carol, now, Record::default());
    changed.await.unwrap();
}

/// Mails of a kind that wait; none of them is sent.
pub(crate) async fn mails(place: &Place, clock: &MovedClock, kind: &str) -> Vec<MailRow> {
    let other = place.start_at(9, clock.clone()).await;
    let now = other.now() + Duration::hours(1);
    let node = domain::NodeId(uuid::Uuid::from_u128(9));
    let all = other.store().claim_mails(node, now, now, 1000).await;
    other.store().close().await;
    let all = all.unwrap().into_iter();
    all.filter(|mail| mail.kind == kind).collect()
}

async fn each_stage_is_told_once(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    assert_eq!(life.look().await, Endings::default(), "a year is left");
    let other = life.ground.place.start_at(2, life.clock.clone()).await;
    for (days, told) in [
        (31, 0),
        (30, 1),
        (29, 0),
        (14, 1),
        (8, 0),
        (7, 1),
        (2, 0),
        (1, 1),
    ] {
        life.days_before_the_end(days).await;
        // Both nodes look at the same time.
        let now = life.portal.now();
        let (one, two) = tokio::join!(
            life.portal.look_after_endings(now),
            other.look_after_endings(now)
        );
        assert_eq!(one.unwrap().notices + two.unwrap().notices, told, "{days}");
    }
    let sent = mails(&life.ground.place, &life.clock, "certificate_ending").await;
    assert_eq!(sent.len(), 4);
    assert!(
        sent.iter()
            .all(|mail| mail.to.as_str() == "alice@example.com")
    );
    let link = format!("/certificates/{}", life.certificate);
    assert!(sent.iter().all(|mail| mail.text.contains(&link)));
    assert!(sent[0].text.contains("press Renew"), "{}", sent[0].text);
}

async fn a_portal_that_was_down_sends_the_nearest_notice(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    life.days_before_the_end(6).await;
    assert_eq!(life.look().await.notices, 1);
    let sent = mails(&life.ground.place, &life.clock, "certificate_ending").await;
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0].subject.ends_with("ends in 6 days"),
        "{}",
        sent[0].subject
    );
    life.days_before_the_end(-1).await;
    assert_eq!(life.look().await, Endings::default(), "it has ended");
}

async fn what_is_over_is_not_noticed(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let (portal, id) = (&life.portal, life.certificate);
    let carol = actor(portal, "carol").await;
    life.days_before_the_end(30).await;
    portal.hold(&carol, id, String::new()).await.unwrap();
    assert_eq!(life.look().await, Endings::default(), "on hold");
    portal.reactivate(&carol, id).await.unwrap();
    let alice = life.alice.id.unwrap();
    let set = async |state| {
        let now = portal.now();
        let done = portal
            .store()
            .set_state(alice, state, now, Record::default());
        done.await.unwrap();
    };
    set(PersonState::Disabled).await;
    assert_eq!(life.look().await, Endings::default(), "disabled");
    set(PersonState::Active).await;
    portal.renew(&life.alice, id).await.unwrap();
    portal.run_due_work().await;
    assert_eq!(life.look().await, Endings::default(), "renewed");
    assert_eq!(
        portal
            .my_certificates(&life.alice)
            .await
            .unwrap()
            .certificates
            .len(),
        2
    );
}

async fn the_portal_renews_by_itself_where_the_template_says_so(database: Database) {
    let Some(life) = Life::new(database).await else {
        return;
    };
    let portal = &life.portal;
    change_template(portal, life.certificate, |template| {
        template.content.renewal.is_automatic = true;
        template.content.renewal.window_days = 45;
    })
    .await;
    life.days_before_the_end(46).await;
    assert_eq!(life.look().await, Endings::default());
    life.days_before_the_end(45).await;
    let other = life.ground.place.start_at(2, life.clock.clone()).await;
    let now = portal.now();
    let (one, two) = tokio::join!(
        portal.look_after_endings(now),
        other.look_after_endings(now)
    );
    assert_eq!(one.unwrap().renewals + two.unwrap().renewals, 1);
    portal.run_due_work().await;
    assert_eq!(life.look().await, Endings::default());
    let mine = portal.my_certificates(&life.alice).await.unwrap();
    assert_eq!(mine.certificates.len(), 2);
    let requests = portal
        .store()
        .requests_of(life.alice.id.unwrap(), 9)
        .await
        .unwrap();
    assert_eq!(
        (requests[0].state, requests[0].renews),
        (RequestState::Issued, Some(life.certificate))
    );
    let said = mails(&life.ground.place, &life.clock, "renewal_started").await;
    assert_eq!(said.len(), 1);
    assert!(said[0].text.contains("automatically"), "{}", said[0].text);
    assert_ledger_is_clean(portal).await;
}
