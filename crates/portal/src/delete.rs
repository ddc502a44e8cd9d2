//! Deleting key, password and PFX of certificates that ended long ago. Mail that only they open can
//! never be read again; the certificate, its intent and the audit log stay.

use crate::deliver::has_secrets;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, CertificateId, Permission};
use store::{CertificateRow, Record};
use time::OffsetDateTime;

impl Portal {
    /// Deletes the secrets of a certificate that ended longer ago than they have to be kept.
    pub async fn delete_secrets(&self, actor: &Actor, id: CertificateId) -> Result<Done, Error> {
        actor.require(Permission::IssueForOthers)?;
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        self.delete_row(actor, &row).await?;
        Ok(Done::then(
            "Key, password and PFX are deleted. The certificate itself stays.",
            api::url::certificate(id),
        ))
    }

    pub(crate) async fn delete_row(
        &self,
        actor: &Actor,
        row: &CertificateRow,
    ) -> Result<(), Error> {
        has_secrets(row)?;
        let before = self.deletable_before();
        if !row.is_ready || row.not_after >= before {
            return Err(Error::Conflict(too_early(self.policy().retention_days)));
        }
        let mut audit = actor.audit(
            AuditAction::Delete,
            self.now(),
            row.id.0,
            row.mailbox.as_str(),
        );
        audit
            .details
            .push(("serial".to_owned(), hex::encode(&row.serial)));
        let record = Record::default().audit(audit);
        if self.store().delete_secrets(row.id, before, record).await? {
            Ok(())
        } else {
            Err(Error::Conflict(
                "Somebody else has just deleted them.".to_owned(),
            ))
        }
    }

    /// Secrets of certificates that ended before may be deleted.
    pub(crate) fn deletable_before(&self) -> OffsetDateTime {
        let kept = time::Duration::days(self.policy().retention_days.into());
        self.now().saturating_sub(kept)
    }
}

pub(crate) fn too_early(days: u16) -> String {
    format!(
        "Key and password are kept until {days} days after the end of the certificate, because old \
         mail opens with them."
    )
}
