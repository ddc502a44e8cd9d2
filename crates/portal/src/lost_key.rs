//! What is revoked together: where somebody else may have a key, the key is compromised and not one
//! of its certificates (RFC 5280 section 5.3.1; S/MIME Baseline Requirements section 4.9.1.1). Others
//! of it, from renewals that keep the key or from one signing request, end with the one that is
//! named: in one transaction, each with its entry in the audit log, and with one mail to each person.

use crate::{Actor, Error, Portal, day};
use domain::{AuditAction, Reason, RevocationReason};
use std::collections::BTreeSet;
use store::{CertificateRow, LostKeys, NewAudit, Record, SignedRow};
use time::OffsetDateTime;

/// Why certificates are revoked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Why<'a> {
    /// The reason.
    pub(crate) reason: RevocationReason,
    /// More about it; the owners read it.
    pub(crate) comment: Option<&'a Reason>,
    /// Serial number of the certificate that was named; others end because they have its key.
    pub(crate) named: &'a [u8],
}

impl Portal {
    /// Other good certificates of the key of one that is revoked, where the reason is about the key.
    pub(crate) async fn others_revoked_with(
        &self,
        row: &CertificateRow,
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<Vec<CertificateRow>, Error> {
        let Some(key) = row.key_id.as_ref().filter(|_| is_about_the_key(reason)) else {
            return Ok(Vec::new());
        };
        let mut others = self.store().certificates_of_key(key, now).await?;
        others.retain(|other| other.id != row.id);
        Ok(others)
    }

    /// The same for what was signed for a request without having been stored. Certificates of that
    /// request are not among them: they end with it.
    pub(crate) async fn others_lost_with(
        &self,
        signed: &[SignedRow],
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<(LostKeys, Vec<CertificateRow>), Error> {
        let (mut keys, mut others) = (Vec::new(), Vec::new());
        if !is_about_the_key(reason) {
            return Ok((LostKeys::default(), others));
        }
        self.read_keys().await?;
        for one in signed.iter().filter(|one| one.revoked_at.is_none()) {
            let key = pki::tbs_key_sha256(&one.tbs)?.to_vec();
            let found = self.store().certificates_of_key(&key, now).await?;
            others.extend(found.into_iter().filter(|row| row.request != one.request));
            keys.push(key);
        }
        Ok((lost_with(keys, &others), others))
    }

    /// An entry for each, and a mail to each person that names all of theirs.
    pub(crate) async fn revoked_record(
        &self,
        actor: &Actor,
        rows: &[&CertificateRow],
        why: Why<'_>,
    ) -> Result<Record, Error> {
        let mut record = Record::default();
        for row in rows {
            let mut audit = self.end_audit(actor, row, AuditAction::Revoke, Some(why.reason));
            if row.serial != why.named {
                detail(&mut audit, "same key as", &hex::encode(why.named));
            }
            if let Some(comment) = why.comment {
                detail(&mut audit, "comment", comment.as_str());
            }
            record = record.audit(audit);
        }
        let mut people = BTreeSet::new();
        for (place, row) in rows.iter().enumerate() {
            if people.insert(row.person) {
                let rest = rows.iter().skip(place + 1);
                let others = rest.filter(|other| other.person == row.person);
                let others = others.map(|other| in_words(other)).collect();
                record = record.mail(self.revoked_mail(row, others, actor, why).await?);
            }
        }
        Ok(record)
    }

    /// The entry about the end of a certificate, or of its hold.
    pub(crate) fn end_audit(
        &self,
        actor: &Actor,
        row: &CertificateRow,
        action: AuditAction,
        reason: Option<RevocationReason>,
    ) -> NewAudit {
        let mut audit = actor.audit(action, self.now(), row.id.0, row.mailbox.as_str());
        detail(&mut audit, "serial", &hex::encode(&row.serial));
        if let Some(reason) = reason {
            detail(&mut audit, "reason", reason.as_str());
        }
        audit
    }
}

/// Whether a reason says that somebody else may have the key.
pub(crate) const fn is_about_the_key(reason: RevocationReason) -> bool {
    matches!(reason, RevocationReason::KeyCompromise)
}

/// A certificate and its key, with others of the key, as they were seen.
pub(crate) fn lost(row: &CertificateRow, others: &[CertificateRow]) -> LostKeys {
    LostKeys {
        keys: row.key_id.iter().cloned().collect(),
        certificates: std::iter::once(row).chain(others).map(seen).collect(),
    }
}

/// Keys, with certificates of them as they were seen.
pub(crate) fn lost_with(keys: Vec<Vec<u8>>, rows: &[CertificateRow]) -> LostKeys {
    LostKeys {
        keys,
        certificates: rows.iter().map(seen).collect(),
    }
}

/// How many more ended, as the rest of a sentence.
pub(crate) fn and_others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", and with it another one that has the same key".to_owned(),
        count => format!(", and with it {count} others that have the same key"),
    }
}

/// Adds a fact to an entry.
pub(crate) fn detail(audit: &mut NewAudit, name: &str, value: &str) {
    audit.details.push((name.to_owned(), value.to_owned()));
}

fn seen(row: &CertificateRow) -> (domain::CertificateId, domain::RevocationState) {
    (row.id, row.revocation_state())
}

/// A certificate in a list of several.
fn in_words(row: &CertificateRow) -> String {
    let (mailbox, end) = (&row.mailbox, day::in_words(row.not_after));
    let serial = hex::encode(&row.serial);
    format!("{mailbox}, until {end}, serial number {serial}")
}
