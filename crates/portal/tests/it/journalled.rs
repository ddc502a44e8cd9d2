//! What was signed after the backup that a database was restored from: the journal beside it knows
//! the serial number, and that is enough to revoke it.

use crate::fixtures::own_keys::{csr, form, issue};
use crate::fixtures::reader::{listed, told_of_serial, write};
use crate::fixtures::requests::wrong_field;
use crate::setting::{Database, Ground, Place, actor, assert_ledger_is_clean, on_both, request};
use api::RequestCertificate;
use domain::{AuditAction, CertificateId, KeyAlgorithm, RevocationState};
use pki::PrivateKey;
use portal::{Actor, Error, Portal};
use std::path::Path;
use store::AuthorityRow;

on_both!(
    what_only_the_journal_knows_is_revoked,
    a_line_of_an_earlier_version_is_enough,
);

/// A database that was restored, with what was signed after the backup.
struct Restored {
    ground: Ground,
    portal: Portal,
    /// Erin keeps it.
    own_key: PrivateKey,
    /// A certificate of it, from before the backup.
    before: CertificateId,
    /// Serial numbers of one of erin's key and one of alice's, from after it.
    since: [Vec<u8>; 2],
}

async fn issued(portal: &Portal, key: &PrivateKey) -> CertificateId {
    let erin = actor(portal, "erin").await;
    issue(portal, &erin, asked(portal, key).await)
        .await
        .unwrap()
}

async fn asked(portal: &Portal, key: &PrivateKey) -> RequestCertificate {
    let erin = actor(portal, "erin").await;
    RequestCertificate {
        csr: csr(key, "erin@example.com"),
        ..form(portal, &erin).await
    }
}

async fn serial(portal: &Portal, id: CertificateId) -> Vec<u8> {
    let row = portal.store().certificate(id).await.unwrap();
    row.unwrap().serial
}

impl Restored {
    async fn new(database: Database) -> Option<Self> {
        let ground = Ground::new(database).await?;
        let own_key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
        let portal = ground.place.start(None).await;
        portal.seed_demo().await.unwrap();
        let before = issued(&portal, &own_key).await;
        portal.store().close().await;
        let backup = ground.place.copied();

        let portal = ground.place.start(None).await;
        let erins = issued(&portal, &own_key).await;
        let alice = actor(&portal, "alice").await;
        let alices = request(&portal, &alice, false, KeyAlgorithm::P256).await;
        portal.run_due_work().await;
        let alices = portal.store().request(alices).await.unwrap().unwrap();
        let alices = alices.certificate.unwrap();
        let since = [serial(&portal, erins).await, serial(&portal, alices).await];
        portal.store().close().await;

        let portal = backup.start(None).await;
        portal.restored(&Actor::command_line()).await.unwrap();
        let root = &portal.store().authorities().await.unwrap()[0];
        assert_eq!(root.parent, None);
        write(&backup.folder, "root.pem", &root.certificate);
        Some(Self {
            ground,
            portal,
            own_key,
            before,
            since,
        })
    }

    fn place(&self) -> &Place {
        &self.ground.place
    }

    /// The authority for mail.
    async fn authority(&self) -> AuthorityRow {
        let rows = self.portal.store().authorities().await.unwrap();
        let before = self.portal.store().certificate(self.before).await.unwrap();
        let id = before.unwrap().authority;
        rows.into_iter().find(|row| row.id == id).unwrap()
    }

    async fn told(&self, serial: &[u8]) -> String {
        let issuer = self.authority().await.certificate;
        let folder: &Path = &self.place().folder;
        told_of_serial(&self.portal, folder, &issuer, serial).await
    }

    async fn revoke(&self, serial: &[u8], reason: &str) -> Result<String, Error> {
        let (name, reason) = (hex::encode(serial), reason.to_owned());
        let desk = Actor::command_line();
        let done = self
            .portal
            .revoke_named(&desk, &name, reason, "Restored.".to_owned());
        done.await.map(|done| done.message)
    }

    /// What the doctor says about signatures that it does not know.
    async fn unknown(&self) -> String {
        let findings = self.portal.doctor().await.unwrap();
        let bad = findings.into_iter().filter(|finding| !finding.is_good);
        let bad: Vec<_> = bad.collect();
        assert!(
            bad.iter().all(|finding| finding.check.starts_with("I3")),
            "{bad:#?}"
        );
        bad.into_iter().map(|finding| finding.detail).collect()
    }
}

async fn what_only_the_journal_knows_is_revoked(database: Database) {
    let Some(restored) = Restored::new(database).await else {
        return;
    };
    let Restored { portal, since, .. } = &restored;
    let [erins, alices] = since;
    let said = restored.unknown().await;
    for serial in since {
        assert!(said.contains(&hex::encode(serial)), "{said}");
        let told = restored.told(serial).await;
        assert!(told.contains(": unknown"), "{told}");
    }
    let bob = actor(portal, "bob").await;
    let refused = portal
        .revoke_named(
            &bob,
            &hex::encode(erins),
            "superseded".to_owned(),
            String::new(),
        )
        .await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let refused = restored.revoke(erins, "certificateHold").await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let nobody = restored.revoke(&[7; 16], "superseded").await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");

    let message = restored.revoke(erins, "keyCompromise").await.unwrap();
    assert!(message.contains("Only the signing journal"), "{message}");
    assert!(message.contains("with it another one"), "{message}");
    assert!(!message.contains("blocklists"), "{message}");
    let said = restored.unknown().await;
    assert!(!said.contains(&hex::encode(erins)), "{said}");
    assert!(said.contains(&hex::encode(alices)), "{said}");
    let message = restored.revoke(alices, "superseded").await.unwrap();
    assert!(!message.contains("another one"), "{message}");
    for serial in since {
        let again = restored.revoke(serial, "superseded").await;
        assert!(
            matches!(&again, Err(Error::Conflict(text)) if text.contains("already revoked")),
            "{again:?}"
        );
        let told = restored.told(serial).await;
        assert!(told.contains(": revoked"), "{told}");
    }
    let before = portal.store().certificate(restored.before).await.unwrap();
    let before = before.unwrap();
    assert_eq!(before.revocation_state(), RevocationState::Revoked);
    let mut expected = [erins.clone(), alices.clone(), before.serial];
    expected.sort();
    assert_eq!(listed(portal, before.authority).await, expected);
    // The key that the journal knows is never certified again.
    let erin = actor(portal, "erin").await;
    let own = asked(portal, &restored.own_key).await;
    let (field, message) = wrong_field(portal.request_certificate(&erin, own).await);
    assert_eq!(field, "csr");
    assert!(
        message.contains("somebody else may have the key"),
        "{message}"
    );
    let carol = actor(portal, "carol").await;
    let entries = portal.audit(&carol, api::AuditFilter::default()).await;
    let entries = entries.unwrap().rows;
    for serial in since {
        let serial = hex::encode(serial);
        let mut of_it = entries.iter().filter(|entry| entry.subject == serial);
        let entry = of_it.next().unwrap();
        assert_eq!(entry.action, AuditAction::Revoke.as_str());
        assert_eq!(of_it.next(), None);
    }
    assert_ledger_is_clean(portal).await;
}

async fn a_line_of_an_earlier_version_is_enough(database: Database) {
    let Some(restored) = Restored::new(database).await else {
        return;
    };
    let Restored { portal, since, .. } = &restored;
    let journal = restored.place().folder.join("journal-1.log");
    let lines = std::fs::read_to_string(&journal).unwrap();
    let old = lines.lines().map(|line| {
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!(words.len(), 4, "{line}");
        format!("{} {}\n", words[0], words[1])
    });
    std::fs::write(&journal, old.collect::<String>()).unwrap();
    let message = restored.revoke(&since[0], "keyCompromise").await.unwrap();
    assert!(message.contains("keys.blocklists"), "{message}");
    restored.revoke(&since[1], "superseded").await.unwrap();
    let mut expected = since.clone();
    expected.sort();
    for authority in portal.store().authorities().await.unwrap() {
        assert_eq!(
            listed(portal, authority.id).await,
            expected,
            "{}",
            authority.name
        );
    }
    let told = restored.told(&since[0]).await;
    assert!(told.contains(": revoked"), "{told}");
    assert_ledger_is_clean(portal).await;
}
