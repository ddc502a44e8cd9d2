//! A certificate is signed, and the database refuses its row: it is still found and revoked, stands
//! on the list, and never comes back as a second one that nobody sees.

use crate::fixtures::authorities::rows;
use crate::fixtures::own_keys::{csr, form};
use crate::fixtures::reader::{listed, told_of_serial, write};
use crate::fixtures::requests::{ask_for_pair, issued, made, wrong_field};
use crate::life::Life;
use crate::mend::exhaust;
use crate::setting::{Database, actor, assert_ledger_is_clean, on_both, request};
use domain::{AuditAction, KeyAlgorithm, RequestId, RequestState};
use pki::PrivateKey;
use portal::{Actor, Error};
use std::collections::BTreeSet;
use store::AuthorityRow;

on_both!(
    one_that_could_not_be_stored_is_found_and_revoked,
    a_pair_that_could_not_be_stored_is_found_and_revoked,
    a_renewal_that_could_not_be_stored_is_found_and_revoked,
    one_for_an_own_key_that_could_not_be_stored_is_found_and_revoked,
    a_key_that_was_lost_so_is_never_certified_again,
    what_was_signed_before_its_key_was_lost_is_not_stored,
    what_is_tried_again_is_the_same_certificate,
    what_was_signed_ends_with_its_request,
    one_that_could_not_be_bundled_is_found_and_revoked,
);

/// What alice or erin asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    One,
    Pair,
    Renewal,
    OwnKey,
}

/// A portal where alice has a certificate, and whose database is about to refuse new ones.
struct Story {
    life: Life,
    authority: AuthorityRow,
    own_key: PrivateKey,
}

impl Story {
    async fn new(database: Database) -> Option<Self> {
        let life = Life::new(database).await?;
        let [root, authority, _] = rows(&life.portal).await.try_into().unwrap();
        write(&life.ground.place.folder, "root.pem", &root.certificate);
        Some(Self {
            life,
            authority,
            own_key: PrivateKey::generate(KeyAlgorithm::P256).unwrap(),
        })
    }

    /// Asks; nothing is done about it yet.
    async fn ask(&self, kind: Kind) -> RequestId {
        let Life { portal, alice, .. } = &self.life;
        let erin = actor(portal, "erin").await;
        match kind {
            Kind::One => request(portal, &erin, false, KeyAlgorithm::P256).await,
            Kind::Pair => ask_for_pair(portal, &erin).await,
            Kind::Renewal => {
                self.life.days_before_the_end(20).await;
                made(portal.renew(alice, self.life.certificate).await.unwrap())
            }
            Kind::OwnKey => made(self.ask_with_own_key().await.unwrap()),
        }
    }

    async fn ask_with_own_key(&self) -> Result<api::Done, Error> {
        let portal = &self.life.portal;
        let erin = actor(portal, "erin").await;
        let own = api::RequestCertificate {
            csr: csr(&self.own_key, "erin@example.com"),
            ..form(portal, &erin).await
        };
        portal.request_certificate(&erin, own).await
    }

    /// Has it signed while the database refuses rows of a table; gives its serial numbers.
    async fn sign_in_vain(&self, id: RequestId, table: &str) -> Vec<Vec<u8>> {
        let Life { portal, ground, .. } = &self.life;
        ground.place.break_inserts(table);
        assert_eq!(portal.run_due_work().await, 1);
        let row = portal.store().request(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.attempts), (RequestState::Issuing, 1));
        let serials = self.serials(id).await;
        let journal = std::fs::read_to_string(ground.place.folder.join("journal-1.log")).unwrap();
        for serial in &serials {
            let signed = hex::encode(serial);
            assert!(journal.contains(&signed), "it was signed: {signed}");
        }
        serials
    }

    async fn serials(&self, id: RequestId) -> Vec<Vec<u8>> {
        let signed = self.life.portal.store().signed_for(id).await.unwrap();
        let mut serials: Vec<_> = signed.into_iter().map(|row| row.serial).collect();
        serials.sort();
        serials
    }

    /// What a mail program is told.
    async fn told(&self, serial: &[u8]) -> String {
        let folder = self.life.ground.place.folder.as_path();
        told_of_serial(
            &self.life.portal,
            folder,
            &self.authority.certificate,
            serial,
        )
        .await
    }

    async fn revoke(&self, serial: &[u8]) -> Result<api::Done, Error> {
        self.revoke_as(serial, "superseded").await
    }

    async fn revoke_as(&self, serial: &[u8], reason: &str) -> Result<api::Done, Error> {
        // As the audit log and OpenSSL write it: upper case, with colons.
        let pairs = serial.iter().map(|byte| format!("{byte:02X}"));
        let name = pairs.collect::<Vec<_>>().join(":");
        let (reason, comment) = (reason.to_owned(), "The disk was full.".to_owned());
        let Life { portal, clock, .. } = &self.life;
        let desk = Actor::command_line();
        let done = portal.revoke_named(&desk, &name, reason, comment).await;
        // So long it may take until who asked before is told.
        clock.advance(time::Duration::seconds(5));
        done
    }

    /// All of them and nothing else is on the list, and everybody is told.
    async fn assert_revoked(&self, serials: &[Vec<u8>]) {
        assert_eq!(
            listed(&self.life.portal, self.authority.id).await,
            serials,
            "the list"
        );
        for serial in serials {
            let told = self.told(serial).await;
            assert!(told.contains(": revoked"), "{told}");
        }
        assert_ledger_is_clean(&self.life.portal).await;
    }

    async fn state(&self, id: RequestId) -> RequestState {
        let row = self.life.portal.store().request(id).await.unwrap();
        row.unwrap().state
    }

    /// How many certificates are good.
    async fn good(&self) -> i64 {
        let Life { portal, .. } = &self.life;
        let now = portal.now();
        portal.store().valid_certificates(now).await.unwrap()
    }

    /// Asks once more, with a database that is whole again: a certificate of its own, seen by all.
    async fn assert_asked_again(&self, kind: Kind, before: &[Vec<u8>]) {
        let Life { portal, .. } = &self.life;
        let good = self.good().await;
        assert_eq!(portal.run_due_work().await, 0, "nothing is left to do");
        let again = self.ask(kind).await;
        issued(portal, again).await.unwrap();
        let serials = self.serials(again).await;
        assert!(serials.iter().all(|serial| !before.contains(serial)));
        assert_eq!(
            self.good().await,
            good + i64::try_from(serials.len()).unwrap()
        );
        for serial in &serials {
            let told = self.told(serial).await;
            assert!(told.contains(": good"), "{told}");
        }
        self.assert_revoked(before).await;
    }
}

async fn found_and_revoked(database: Database, kind: Kind) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let good = story.good().await;
    let id = story.ask(kind).await;
    let serials = story.sign_in_vain(id, "certificate").await;
    assert_eq!(serials.len(), if kind == Kind::Pair { 2 } else { 1 });
    assert_eq!(
        listed(portal, story.authority.id).await,
        Vec::<Vec<u8>>::new()
    );
    let told = story.told(&serials[0]).await;
    assert!(told.contains(": unknown"), "never called good: {told}");

    // The last one: the other half of a pair ends with it.
    let done = story.revoke(serials.last().unwrap()).await.unwrap();
    assert!(done.message.contains("never stored"), "{}", done.message);
    assert_eq!(story.state(id).await, RequestState::Cancelled);
    story.assert_revoked(&serials).await;
    for serial in &serials {
        let again = story.revoke(serial).await;
        assert!(
            matches!(&again, Err(Error::Conflict(text)) if text.contains("already revoked")),
            "{again:?}"
        );
    }
    let nobody = story.revoke(&[7; 16]).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    let entries = portal.store().request_events(id).await.unwrap();
    let revoked = entries
        .iter()
        .filter(|entry| entry.kind == AuditAction::Revoke.as_str());
    let by: Vec<_> = revoked.map(|entry| entry.by.as_str()).collect();
    assert_eq!(by, vec!["command line"; serials.len()]);

    ground.place.mend_inserts("certificate");
    assert_eq!(story.good().await, good);
    story.assert_asked_again(kind, &serials).await;
}

async fn one_that_could_not_be_stored_is_found_and_revoked(database: Database) {
    found_and_revoked(database, Kind::One).await;
}

async fn a_pair_that_could_not_be_stored_is_found_and_revoked(database: Database) {
    found_and_revoked(database, Kind::Pair).await;
}

async fn a_renewal_that_could_not_be_stored_is_found_and_revoked(database: Database) {
    found_and_revoked(database, Kind::Renewal).await;
}

async fn one_for_an_own_key_that_could_not_be_stored_is_found_and_revoked(database: Database) {
    found_and_revoked(database, Kind::OwnKey).await;
}

async fn a_key_that_was_lost_so_is_never_certified_again(database: Database) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let id = story.ask(Kind::OwnKey).await;
    let serials = story.sign_in_vain(id, "certificate").await;
    let done = story.revoke_as(&serials[0], "keyCompromise").await.unwrap();
    assert!(done.message.contains("never stored"), "{}", done.message);
    ground.place.mend_inserts("certificate");
    for _ in 0..2 {
        let (field, message) = wrong_field(story.ask_with_own_key().await);
        assert_eq!(field, "csr");
        assert!(
            message.contains("somebody else may have the key"),
            "{message}"
        );
    }
    let erin = actor(portal, "erin").await;
    let mine = portal.my_certificates(&erin).await.unwrap();
    assert_eq!(mine.certificates, [], "nothing was certified");
    story.assert_revoked(&serials).await;
}

async fn what_was_signed_before_its_key_was_lost_is_not_stored(database: Database) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let first = story.ask(Kind::OwnKey).await;
    let certificate = issued(portal, first).await.unwrap();
    let mut serials = story.serials(first).await;
    let id = story.ask(Kind::OwnKey).await;
    serials.extend(story.sign_in_vain(id, "certificate").await);
    ground.place.mend_inserts("certificate");
    let (erin, carol) = (actor(portal, "erin").await, actor(portal, "carol").await);
    let lost = "keyCompromise".to_owned();
    portal.report_lost(&erin, certificate, lost).await.unwrap();
    exhaust(&ground.place);
    assert_eq!(portal.run_due_work().await, 1);
    let row = portal.store().request(id).await.unwrap().unwrap();
    assert_eq!(row.state, RequestState::Failed);
    let why = row.problem.unwrap();
    assert!(why.contains("somebody else may have the key"), "{why}");
    let why = "The key was lost.".to_owned();
    portal.cancel(&carol, id, why).await.unwrap();
    serials.sort();
    story.assert_revoked(&serials).await;
}

async fn what_is_tried_again_is_the_same_certificate(database: Database) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let carol = actor(portal, "carol").await;
    let mut all = Vec::new();
    for kind in [Kind::One, Kind::Pair, Kind::OwnKey, Kind::Renewal] {
        let good = story.good().await;
        let id = story.ask(kind).await;
        let serials = story.sign_in_vain(id, "certificate").await;
        exhaust(&ground.place);
        assert_eq!(portal.run_due_work().await, 1);
        assert_eq!(story.state(id).await, RequestState::Failed);
        ground.place.mend_inserts("certificate");
        portal.retry(&carol, id).await.unwrap();
        issued(portal, id).await.unwrap();
        assert_eq!(story.serials(id).await, serials, "{kind:?}");
        let count = i64::try_from(serials.len()).unwrap();
        assert_eq!(story.good().await, good + count, "{kind:?}");
        // The same number was signed several times, and always with the same content.
        let journal = std::fs::read_to_string(ground.place.folder.join("journal-1.log")).unwrap();
        for serial in &serials {
            let number = hex::encode(serial);
            let mine = journal.lines().filter(|line| line.starts_with(&number));
            let lines: Vec<_> = mine.collect();
            assert_eq!(lines.len(), 3, "{kind:?}");
            assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), 1, "{kind:?}");
            let told = story.told(serial).await;
            assert!(told.contains(": good"), "{kind:?}: {told}");
            story.revoke(serial).await.unwrap();
        }
        all.extend(serials);
        all.sort();
        story.assert_revoked(&all).await;
    }
}

async fn what_was_signed_ends_with_its_request(database: Database) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let carol = actor(portal, "carol").await;
    let mut all = Vec::new();
    // Refused before there is a certificate, and after.
    for (kind, table) in [
        (Kind::One, "certificate"),
        (Kind::Pair, "certificate"),
        (Kind::Pair, "certificate_search"),
        (Kind::OwnKey, "certificate_search"),
    ] {
        let good = story.good().await;
        let id = story.ask(kind).await;
        let serials = story.sign_in_vain(id, table).await;
        exhaust(&ground.place);
        assert_eq!(portal.run_due_work().await, 1);
        let reason = "The disk was full.".to_owned();
        let done = portal.cancel(&carol, id, reason).await.unwrap();
        assert!(done.message.contains("is revoked"), "{}", done.message);
        all.extend(serials);
        all.sort();
        story.assert_revoked(&all).await;
        assert_eq!(story.good().await, good, "{kind:?} {table}");
        ground.place.mend_inserts(table);
        story.assert_asked_again(kind, &all).await;
    }
}

async fn one_that_could_not_be_bundled_is_found_and_revoked(database: Database) {
    let Some(story) = Story::new(database).await else {
        return;
    };
    let Life { portal, ground, .. } = &story.life;
    let id = story.ask(Kind::One).await;
    let serials = story.sign_in_vain(id, "certificate_search").await;
    let told = story.told(&serials[0]).await;
    assert!(told.contains(": good"), "it is stored: {told}");
    let name = hex::encode(&serials[0]);
    let found = portal.find_certificate(&Actor::command_line(), &name).await;
    let row = portal.store().certificate(found.unwrap()).await.unwrap();
    assert_eq!(row.unwrap().serial, serials[0]);
    story.revoke(&serials[0]).await.unwrap();
    story.assert_revoked(&serials).await;
    ground.place.mend_inserts("certificate_search");
}
