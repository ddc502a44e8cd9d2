//! **Open my old mail**: every key of one's own that decrypts, whatever has become of its
//! certificate, in one PFX.
//!
//! It opens with the password of the newest of one's certificates, which its owner knows or has
//! shown: so the file and its password never travel together, and nobody writes a new one down.

use crate::confirm::Confirmed;
use crate::container::{Container, Entry};
use crate::download::{DownloadFile, PKCS12, flavour};
use crate::{Actor, Error, Portal, place};
use api::{OldMail, OpenOldMail};
use domain::{AuditAction, Device, KeyPart, Mailbox, PfxPasswordPolicy, Secret};
use store::{CertificateRow, ImportedRow, Record};
use time::OffsetDateTime;

/// Keys in one file; readers take 200, with all the certificates above them.
const MOST: usize = 100;

/// Whether mail that was encrypted to it can be read with a key that is here.
fn decrypts(row: &CertificateRow) -> bool {
    row.is_ready
        && !row.is_own_key
        && !row.is_deleted
        && row.part != KeyPart::Sign
        && row.content.kind.decrypts()
}

/// What the page says about it.
pub(crate) fn offer(rows: &[CertificateRow], imported: &[ImportedRow]) -> Option<OldMail> {
    // The first of several, as in `own_keys`.
    let newest = rows
        .iter()
        .filter(|row| decrypts(row))
        .min_by_key(|row| std::cmp::Reverse(row.not_before));
    let keys = rows.iter().filter(|row| decrypts(row)).count() + imported.len();
    (keys > 0).then(|| OldMail {
        keys: keys.min(MOST),
        password_of: newest.map(|row| row.id),
    })
}

/// One of the keys, with what its container needs.
struct OldKey {
    not_before: OffsetDateTime,
    entry: Entry,
    chain: Vec<Vec<u8>>,
    password: Secret<String>,
    policy: PfxPasswordPolicy,
}

impl Portal {
    /// Downloads all of one's keys that open old mail. Identity is confirmed each time.
    pub async fn open_old_mail(
        &self,
        actor: &Actor,
        form: OpenOldMail,
    ) -> Result<Confirmed<DownloadFile>, Error> {
        let person = actor.person()?;
        let mailbox = actor.mailbox.clone().ok_or(Error::Forbidden)?;
        let stale = Actor {
            confirmed_at: None,
            ..actor.clone()
        };
        let confirmed_at = self.confirm(&stale, form.password.into_secret()).await?;
        self.count_reveal(person).await?;
        let mut keys = self.own_keys(actor).await?;
        keys.truncate(MOST);
        let count = keys.len();
        let bytes = self.one_container(keys, form.device).await?;

        let now = self.now();
        let mut audit = actor.audit(AuditAction::OpenOldMail, now, person.0, mailbox.as_str());
        audit.details = vec![
            ("keys".to_owned(), count.to_string()),
            ("device".to_owned(), form.device.to_string()),
        ];
        let mail = self
            .old_mail_opened_mail((person, &mailbox), count, now, &actor.client)
            .await?;
        self.store()
            .record(Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        Ok(Confirmed {
            value: DownloadFile {
                file_name: file_name(&mailbox, now),
                content_type: PKCS12,
                bytes,
            },
            confirmed_at,
        })
    }

    /// The portal's own, newest first, and then what was brought along.
    async fn own_keys(&self, actor: &Actor) -> Result<Vec<OldKey>, Error> {
        let person = actor.person()?;
        let ring = self.key_ring()?;
        let mut keys = Vec::new();
        for row in self.store().certificates_of(person).await? {
            if !decrypts(&row) {
                continue;
            }
            let Some(sealed) = self.store().credential(row.id).await? else {
                continue;
            };
            keys.push(OldKey {
                not_before: row.not_before,
                entry: Entry {
                    key: ring.open(place::key((&sealed).into()), &sealed.key)?,
                    name: pki::pfx::friendly_name(&row.mailbox, row.not_before),
                    leaf: row.der,
                },
                chain: self.chain_of(row.authority).await?,
                password: self.open_password(&sealed)?,
                policy: row.content.password_policy,
            });
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.not_before));
        for row in self.store().imported_of(person).await? {
            let (key, password) = self.open_imported(&row).await?;
            keys.push(OldKey {
                not_before: row.not_before,
                entry: Entry {
                    key,
                    name: crate::imported::friendly_name(&row),
                    leaf: row.der,
                },
                chain: Vec::new(),
                password,
                policy: crate::imported::POLICY,
            });
        }
        Ok(keys)
    }

    async fn one_container(
        &self,
        keys: Vec<OldKey>,
        device: Device,
    ) -> Result<Secret<Vec<u8>>, Error> {
        let Some(first) = keys.first() else {
            return Err(Error::Conflict(
                "You have no key yet that opens old mail. Request a certificate first, or bring one \
                 along."
                    .to_owned(),
            ));
        };
        let (password, policy) = (first.password.clone(), first.policy);
        let (mut entries, mut chain): (Vec<Entry>, Vec<Vec<u8>>) = (Vec::new(), Vec::new());
        for key in keys {
            for der in key.chain {
                if !chain.contains(&der) {
                    chain.push(der);
                }
            }
            let mut entry = key.entry;
            if entries.iter().any(|other| other.leaf == entry.leaf) {
                continue;
            }
            entry.name = unlike(&entries, &entry.name);
            entries.push(entry);
        }
        self.make_container(Container {
            entries,
            chain,
            password,
            policy,
            flavour: flavour(device),
        })
        .await
    }
}

/// A name that none of the others has: importing systems take equal ones for the same thing.
fn unlike(entries: &[Entry], name: &str) -> String {
    let is_taken = |name: &str| {
        let mut others = entries.iter();
        others.any(|other| other.name.eq_ignore_ascii_case(name))
    };
    if !is_taken(name) {
        return name.to_owned();
    }
    let short: String = name.chars().take(58).collect();
    let mut number = 2;
    loop {
        let numbered = format!("{short} #{number}");
        if !is_taken(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

/// `<mail>-old-mail-<yyyymmdd>.p12`
fn file_name(mailbox: &Mailbox, now: OffsetDateTime) -> String {
    let (year, month, day) = now.date().to_calendar_date();
    let address: String = mailbox.as_str().chars().take(200).collect();
    format!(
        "{address}-old-mail-{year:04}{:02}{day:02}.p12",
        u8::from(month)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_names_are_numbered() {
        let mut entries: Vec<Entry> = Vec::new();
        for expected in ["a (2026-01)", "a (2026-01) #2", "a (2026-01) #3"] {
            let name = unlike(&entries, "a (2026-01)");
            assert_eq!(name, expected);
            entries.push(Entry {
                key: Secret::new(Vec::new()),
                leaf: Vec::new(),
                name,
            });
        }
        assert!(unlike(&entries, &"x".repeat(64)).len() <= 64);
    }
}
