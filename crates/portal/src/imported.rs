//! What somebody brought along: its password, its PFX, and its end. All of it is their own alone.

use crate::confirm::Confirmed;
use crate::container::{Container, Entry};
use crate::download::{DownloadFile, PKCS12, flavour};
use crate::{Actor, Error, Portal, place};
use api::{Done, Download, ImportedCard, RevealedPassword};
use domain::{AuditAction, DownloadKind, ImportedId, Mailbox, PfxPasswordPolicy, Secret};
use mail::{CertificateDownloaded, PasswordShown};
use store::{ImportedRow, Record};

/// How their new passwords are made: so that every device reads the file.
pub(crate) const POLICY: PfxPasswordPolicy = PfxPasswordPolicy::Fours;

impl Portal {
    /// Shows the password of what one brought along.
    pub async fn show_imported_password(
        &self,
        actor: &Actor,
        id: ImportedId,
        password: Secret<String>,
    ) -> Result<Confirmed<RevealedPassword>, Error> {
        let (row, to) = self.own_imported(actor, id).await?;
        let confirmed_at = self.confirm(actor, password).await?;
        self.count_reveal(row.person).await?;
        let (_, shown) = self.open_imported(&row).await?;
        let now = self.now();
        let message = PasswordShown {
            mailbox: row.name.clone(),
            at: now,
            from_address: actor.client.address.clone(),
            link: api::url::HOME.to_owned(),
        };
        let event = format!("{id}:{}", now.unix_timestamp_nanos());
        let mail = self.mail(&to, &event, message).await?;
        let mut audit = actor.audit(AuditAction::ShowPassword, now, id.0, row.name.as_str());
        audit.details.push(brought_along(&row));
        self.store()
            .record(Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        Ok(Confirmed {
            value: RevealedPassword {
                password: api::Password::new(shown.expose().as_str()),
                hide_after_secs: self.policy().hide_password_after_secs,
            },
            confirmed_at,
        })
    }

    /// Downloads what one brought along, under the password that the portal made for it.
    pub async fn download_imported(
        &self,
        actor: &Actor,
        id: ImportedId,
        form: Download,
    ) -> Result<Confirmed<DownloadFile>, Error> {
        let (row, to) = self.own_imported(actor, id).await?;
        let confirmed_at = self.confirm(actor, form.password.into_secret()).await?;
        self.count_reveal(row.person).await?;
        let (key, password) = self.open_imported(&row).await?;
        let fitting = flavour(form.device);
        let bytes = self
            .make_container(Container {
                entries: vec![Entry {
                    key,
                    leaf: row.der.clone(),
                    name: friendly_name(&row),
                }],
                chain: Vec::new(),
                password,
                policy: POLICY,
                flavour: match form.kind {
                    DownloadKind::OtherPfx => fitting.other(),
                    _ => fitting,
                },
            })
            .await?;
        let now = self.now();
        let message = CertificateDownloaded {
            mailbox: row.name.clone(),
            at: now,
            from_address: actor.client.address.clone(),
            device: crate::mails::device_in_words(form.device).to_owned(),
            link: api::url::HOME.to_owned(),
        };
        let event = format!("{id}:{}", now.unix_timestamp_nanos());
        let mail = self.mail(&to, &event, message).await?;
        let mut audit = actor.audit(AuditAction::Download, now, id.0, row.name.as_str());
        audit.details = vec![
            brought_along(&row),
            ("device".to_owned(), form.device.to_string()),
        ];
        self.store()
            .record(Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        Ok(Confirmed {
            value: DownloadFile {
                file_name: format!("{}-{:04}.p12", row.name, row.not_before.year()),
                content_type: PKCS12,
                bytes,
            },
            confirmed_at,
        })
    }

    /// Deletes what one brought along, with its key.
    pub async fn remove_imported(&self, actor: &Actor, id: ImportedId) -> Result<Done, Error> {
        let (row, _) = self.own_imported(actor, id).await?;
        let mut audit = actor.audit(AuditAction::Delete, self.now(), id.0, row.name.as_str());
        audit.details.push(brought_along(&row));
        self.store()
            .delete_imported(id, row.person, Record::default().audit(audit))
            .await?;
        Ok(Done::then(
            "It is deleted here, with its key. Copies elsewhere are not touched.",
            api::url::HOME,
        ))
    }

    /// Key and password.
    pub(crate) async fn open_imported(
        &self,
        row: &ImportedRow,
    ) -> Result<(Secret<Vec<u8>>, Secret<String>), Error> {
        let sealed = self.store().imported_secrets(row.id).await?;
        let sealed = sealed.ok_or(Error::NotFound)?;
        let ring = self.key_ring()?;
        let key = ring.open(place::imported_key(row.id, row.person), &sealed.key)?;
        let password = ring.open(
            place::imported_password(row.id, row.person),
            &sealed.password,
        )?;
        let password = std::str::from_utf8(password.expose()).map_err(Error::internal)?;
        Ok((key, Secret::new(password.to_owned())))
    }

    /// For its owner's eyes, and where to write to them. Everybody else is told that there is
    /// nothing.
    async fn own_imported(
        &self,
        actor: &Actor,
        id: ImportedId,
    ) -> Result<(ImportedRow, Mailbox), Error> {
        let row = self.store().imported(id).await?.ok_or(Error::NotFound)?;
        match &actor.mailbox {
            Some(mailbox) if actor.is(row.person) => Ok((row, mailbox.clone())),
            _ => Err(Error::NotFound),
        }
    }
}

/// Name of the detail that tells what was brought along from the portal's own; it has no page.
pub(crate) const BROUGHT_ALONG: &str = "brought along";

/// Which one it was, for the audit log.
fn brought_along(row: &ImportedRow) -> (String, String) {
    (BROUGHT_ALONG.to_owned(), hex::encode(&row.thumbprint))
}

pub(crate) fn card(row: &ImportedRow) -> ImportedCard {
    ImportedCard {
        id: row.id,
        name: row.name.clone(),
        issuer: row.issuer.clone(),
        not_after: row.not_after,
    }
}

/// The name that an importing system shows.
pub(crate) fn friendly_name(row: &ImportedRow) -> String {
    Mailbox::parse(&row.name).map_or_else(
        |_| "mail".to_owned(),
        |mailbox| pki::pfx::friendly_name(&mailbox, row.not_before),
    )
}
