//! Delivering again: an administrator has a certificate sent to its owner once more.
//!
//! The PFX leaves only as it is stored, sealed by its password; the password is shown in the portal
//! alone.

use crate::attachment::Attached;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, CertificateId, Permission};
use store::{CertificateRow, Record};

impl Portal {
    /// Sends a certificate by mail once more: `certificate` alone, or the `pfx`.
    pub async fn deliver(
        &self,
        actor: &Actor,
        id: CertificateId,
        what: String,
    ) -> Result<Done, Error> {
        actor.require(Permission::IssueForOthers)?;
        let row = self.store().certificate(id).await?.ok_or(Error::NotFound)?;
        self.deliver_row(actor, &row, &what).await?;
        Ok(Done::then(
            format!("{} gets a mail with it.", row.person_name),
            api::url::certificate(id),
        ))
    }

    pub(crate) async fn deliver_row(
        &self,
        actor: &Actor,
        row: &CertificateRow,
        what: &str,
    ) -> Result<(), Error> {
        let attached = match what {
            "certificate" => Attached::Certificate(row.id),
            "pfx" => {
                has_secrets(row)?;
                Attached::Pfx(row.id)
            }
            _ => return Err(Error::field("what", "Please choose what is sent.")),
        };
        if !row.is_ready {
            return Err(Error::NotFound);
        }
        let now = self.now();
        let mut audit = actor.audit(AuditAction::Deliver, now, row.id.0, row.mailbox.as_str());
        audit.details.push(("what".to_owned(), what.to_owned()));
        let mail = self.delivered_mail(row, actor, attached).await?;
        self.store()
            .record(Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        Ok(())
    }
}

/// Fails where there is no PFX to give: its owner keeps the key, or it was deleted.
pub(crate) fn has_secrets(row: &CertificateRow) -> Result<(), Error> {
    if row.is_own_key {
        return Err(Error::Conflict(
            "The key of this certificate never was in the portal: its owner keeps it. Only the \
             certificate itself can be fetched."
                .to_owned(),
        ));
    }
    if row.is_deleted {
        return Err(Error::Conflict(
            "Key and password of this certificate were deleted long after its end.".to_owned(),
        ));
    }
    Ok(())
}
