//! Revoking what only the signing journal knows. The database was restored from a backup, and this was
//! signed after the backup was made: its owner may have it, and nothing here names it any more.
//!
//! The journal is that of this node, so the command is given where it was signed.

use crate::lost_key::{Why, and_others, detail, is_about_the_key, lost_with};
use crate::revoke::already;
use crate::{Actor, Error, Portal};
use api::Done;
use ca::{Journal, JournalEntry};
use domain::{AuditAction, Reason, RevocationReason, RevocationState};
use pki::Serial;
use store::{AuthorityRow, JournalRevocation, KEY_MOVED_ON, LostKeys, NewAudit};

impl Portal {
    /// All signatures of this node, in the order in which they were made.
    pub(crate) async fn journal_entries(&self) -> Result<Vec<JournalEntry>, Error> {
        let path = self.journal().clone();
        tokio::task::spawn_blocking(move || Journal::read(&path))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }

    /// Revokes what only the journal knows. Nothing where a certificate of its key changed in the
    /// meantime.
    pub(crate) async fn revoke_journalled(
        &self,
        actor: &Actor,
        serial: &Serial,
        (reason, comment): (RevocationReason, Option<Reason>),
    ) -> Result<Option<Done>, Error> {
        let comment = comment.as_ref();
        if self
            .store()
            .is_journalled_revoked(serial.as_bytes())
            .await?
        {
            return Err(Error::Conflict(already(RevocationState::Revoked)));
        }
        let entry = self.journalled(serial).await?.ok_or(Error::NotFound)?;
        let authorities = self.signers(&entry).await?;
        let now = self.now();
        let (mut lost, mut others) = (LostKeys::default(), Vec::new());
        if let Some(key) = entry.key_id.clone().filter(|_| is_about_the_key(reason)) {
            self.read_keys().await?;
            others = self.store().certificates_of_key(&key, now).await?;
            lost = lost_with(vec![key], &others);
        }
        let why = Why {
            reason,
            comment,
            named: &entry.serial,
        };
        let ended: Vec<_> = others.iter().collect();
        let record = self.revoked_record(actor, &ended, why).await?;
        let record = record.audit(self.journalled_audit(actor, &authorities, why));
        let is_key_unknown = is_about_the_key(reason) && entry.key_id.is_none();
        let revocation = JournalRevocation {
            serial: entry.serial,
            authorities: authorities.into_iter().map(|row| row.id).collect(),
            key_id: entry.key_id,
            reason,
            lost,
            at: now,
        };
        let revoked = self.store();
        let revoked = revoked.revoke_journalled(revocation, record);
        match revoked.await {
            Ok(true) => self.mail_signal().notify_one(),
            Ok(false) => return Err(Error::Conflict(already(RevocationState::Revoked))),
            Err(store::Error::Conflict(KEY_MOVED_ON)) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        let about_the_key = if is_key_unknown {
            " Its key is not known here: if you have the certificate, put the key on a list of \
             keys.blocklists, so that it is never certified again."
        } else {
            ""
        };
        Ok(Some(Done::here(format!(
            "The certificate is revoked{}. Only the signing journal knew it: it was signed after the \
             backup was made that this database was restored from. The revocation list says so from \
             now on.{about_the_key}",
            and_others(others.len())
        ))))
    }

    fn journalled_audit(
        &self,
        actor: &Actor,
        authorities: &[AuthorityRow],
        why: Why<'_>,
    ) -> NewAudit {
        let (now, serial) = (self.now(), hex::encode(why.named));
        let mut audit = actor.audit(AuditAction::Revoke, now, uuid::Uuid::nil(), &*serial);
        // There is no page that it could name.
        audit.subject = None;
        detail(&mut audit, "serial", &serial);
        detail(&mut audit, "reason", why.reason.as_str());
        for authority in authorities {
            detail(&mut audit, "authority", &authority.name);
        }
        if let Some(comment) = why.comment {
            detail(&mut audit, "comment", comment.as_str());
        }
        detail(&mut audit, "known from", "the signing journal");
        audit
    }

    /// The line about a serial number that the database does not know.
    async fn journalled(&self, serial: &Serial) -> Result<Option<JournalEntry>, Error> {
        if self.store().has_intent(serial.as_bytes()).await? {
            return Ok(None);
        }
        let mut entries = self.journal_entries().await?.into_iter();
        Ok(entries.find(|entry| entry.serial == serial.as_bytes()))
    }

    /// Whose lists it belongs on. Earlier versions did not write down who signed; then it is on the
    /// list of every authority that signs here, because a serial number that an authority never gave
    /// out does no harm on its list.
    async fn signers(&self, entry: &JournalEntry) -> Result<Vec<AuthorityRow>, Error> {
        let mut rows = self.store().authorities().await?;
        rows.retain(|row| row.sealed_key.is_some());
        rows.retain(|row| entry.authority.is_none_or(|id| row.id == id));
        if rows.is_empty() {
            return Err(Error::Conflict(
                "The authority that signed this certificate has no key in this database, so no \
                 revocation list can be made for it here."
                    .to_owned(),
            ));
        }
        Ok(rows)
    }
}
