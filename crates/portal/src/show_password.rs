//! **Show my password**: the owner sees the password of their PFX.
//!
//! Recorded in the audit log before the password leaves; if it cannot be recorded, it does not.

use crate::confirm::Confirmed;
use crate::sign_in::throttled;
use crate::{Actor, Error, Portal, place};
use api::RevealedPassword;
use domain::{AuditAction, CertificateId, PersonId, Secret};
use store::{Record, SealedCredential};
use time::Duration;

impl Portal {
    /// Shows the password of one's own certificate's PFX.
    pub async fn show_password(
        &self,
        actor: &Actor,
        id: CertificateId,
        password: Secret<String>,
    ) -> Result<Confirmed<RevealedPassword>, Error> {
        let certificate = self.own_secrets(actor, id).await?;
        let confirmed_at = self.confirm(actor, password).await?;
        self.count_reveal(certificate.person).await?;
        let sealed = self.credential(id).await?;
        let shown = self.open_password(&sealed)?;

        let now = self.now();
        let audit = actor.audit(
            AuditAction::ShowPassword,
            now,
            id.0,
            certificate.mailbox.as_str(),
        );
        let mail = self
            .password_shown_mail(&certificate, now, &actor.client)
            .await?;
        self.store()
            .record(Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        let value = RevealedPassword {
            password: api::Password::new(shown.expose().as_str()),
            hide_after_secs: self.policy().hide_password_after_secs,
        };
        Ok(Confirmed {
            value,
            confirmed_at,
        })
    }

    /// Counts showing and downloading together, so that a stolen session cannot do it for long.
    pub(crate) async fn count_reveal(&self, person: PersonId) -> Result<(), Error> {
        let now = self.now();
        let limit = self.policy().reveals_per_hour;
        let key = format!("reveal:{person}");
        throttled(
            self.store()
                .throttle_count(&key, now, limit, Duration::hours(1))
                .await?,
            now,
        )
    }

    pub(crate) async fn credential(&self, id: CertificateId) -> Result<SealedCredential, Error> {
        self.store().credential(id).await?.ok_or(Error::NotFound)
    }

    pub(crate) fn open_password(&self, sealed: &SealedCredential) -> Result<Secret<String>, Error> {
        let bytes = self
            .key_ring()?
            .open(place::password(sealed.into()), &sealed.password)?;
        let text = std::str::from_utf8(bytes.expose()).map_err(Error::internal)?;
        Ok(Secret::new(text.to_owned()))
    }
}
