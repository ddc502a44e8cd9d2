//! **Bring along**: somebody uploads a PFX that they have from elsewhere, so that the portal can give
//! it to them again wherever they read old mail.
//!
//! What is uploaded is a stranger's file: it is read with limits and on the bounded pool, and each
//! certificate in it must be for one of the person's own verified addresses.

use crate::sign_in::throttled;
use crate::{Actor, Error, Portal, place};
use api::Done;
use domain::{AuditAction, ImportedId, Mailbox, Permission, PersonId, Secret};
use pki::{ForeignCertificate, ImportedPair, ImportedPfx, PfxError, PfxLimits};
use store::{ImportedRow, NewImported, Record, SealedImported};
use time::Duration;

/// What is uploaded.
#[derive(Debug)]
pub struct ImportForm {
    /// The file.
    pub pfx: Secret<Vec<u8>>,
    /// Its password.
    pub password: Secret<String>,
}

/// Keys in one upload.
const MOST_KEYS: usize = 20;

impl Portal {
    /// Keeps the certificates of a PFX with their keys, all or none.
    pub async fn import(&self, actor: &Actor, form: ImportForm) -> Result<Done, Error> {
        actor.require(Permission::UseOwn)?;
        let person = actor.person()?;
        if form.pfx.expose().is_empty() {
            return Err(Error::field(
                "pfx",
                "Please choose the file (.p12 or .pfx).",
            ));
        }
        let now = self.now();
        let limit = self.policy().reveals_per_hour;
        let key = format!("import:{person}");
        let hour = Duration::hours(1);
        throttled(
            self.store().throttle_count(&key, now, limit, hour).await?,
            now,
        )?;
        let read = self.read_upload(form).await?;
        let count = read.pairs.len();
        self.keep(actor, person, read).await?;
        self.mail_signal().notify_one();
        let what = if count == 1 { "It is" } else { "They are" };
        Ok(Done::then(
            format!("{what} kept with your certificates now, under a new password."),
            api::url::HOME,
        ))
    }

    async fn read_upload(&self, form: ImportForm) -> Result<ImportedPfx, Error> {
        let read = self.cpu().run(move || {
            let limits = PfxLimits {
                keys: MOST_KEYS,
                ..PfxLimits::with_nss()
            };
            pki::read_pfx(form.pfx.expose(), &form.password, &limits)
        });
        read.await?.map_err(|error| {
            let field = match error {
                PfxError::WrongPassword => "pfx_password",
                _ => "pfx",
            };
            Error::field(field, crate::error::sentence(&error.to_string()))
        })
    }

    async fn keep(&self, actor: &Actor, person: PersonId, read: ImportedPfx) -> Result<(), Error> {
        let now = self.now();
        let own = self.store().mailboxes(person).await?;
        let own: Vec<Mailbox> = own.into_iter().map(|row| row.address).collect();
        let issued = self.store().certificates_of(person).await?;
        let to = actor.mailbox.clone().ok_or(Error::Forbidden)?;
        let (mut kept, mut record) = (Vec::new(), Record::default());
        for pair in read.pairs {
            let certificate = ForeignCertificate::parse(&pair.certificate_der)
                .map_err(|_| Error::field("pfx", "A certificate in this file cannot be read."))?;
            let name = belongs(&certificate, &own)?;
            if issued
                .iter()
                .any(|row| row.thumbprint == certificate.thumbprint)
            {
                return Err(Error::field(
                    "pfx",
                    format!(
                        "The certificate for {name} comes from this portal; you have it here already."
                    ),
                ));
            }
            let new = self.to_keep(person, &pair, &certificate, name)?;
            let (id, thumbprint) = (new.row.id, hex::encode(certificate.thumbprint));
            let mut audit = actor.audit(AuditAction::Import, now, id.0, name.as_str());
            audit.details.push(("thumbprint".to_owned(), thumbprint));
            record = record.audit(audit).mail(
                self.imported_mail(&to, id, name.as_str(), now, &actor.client)
                    .await?,
            );
            kept.push(new);
        }
        match self.store().import(kept, record).await {
            Err(store::Error::Duplicate(_)) => Err(Error::field(
                "pfx",
                "You have brought this certificate along already.",
            )),
            kept => Ok(kept?),
        }
    }

    fn to_keep(
        &self,
        person: PersonId,
        pair: &ImportedPair,
        certificate: &ForeignCertificate,
        name: &Mailbox,
    ) -> Result<NewImported, Error> {
        let id = self.new_id(|now, rng| ImportedId::generate(now, rng));
        let pkcs8 = pair.key.to_pkcs8()?;
        let ring = self.key_ring()?;
        let sealed = self.random().with(|rng| {
            let password = safe::generate_pfx_password(crate::imported::POLICY, rng);
            Ok::<_, safe::Error>(SealedImported {
                key: ring.seal(place::imported_key(id, person), pkcs8.expose(), rng)?,
                password: ring.seal(
                    place::imported_password(id, person),
                    password.expose().as_bytes(),
                    rng,
                )?,
            })
        })?;
        Ok(NewImported {
            row: ImportedRow {
                id,
                person,
                name: name.as_str().to_owned(),
                der: pair.certificate_der.clone(),
                thumbprint: certificate.thumbprint.to_vec(),
                subject: certificate.subject.clone(),
                issuer: certificate.issuer.clone(),
                serial: certificate.serial.clone(),
                key_algorithm: pair.key.algorithm(),
                not_before: certificate.not_before,
                not_after: certificate.not_after,
                imported_at: self.now(),
            },
            sealed,
        })
    }
}

/// The address in it that is one of theirs.
fn belongs<'a>(certificate: &'a ForeignCertificate, own: &[Mailbox]) -> Result<&'a Mailbox, Error> {
    if certificate.is_authority {
        return Err(Error::field(
            "pfx",
            "This file holds the key of an authority, which is not kept here.",
        ));
    }
    let mut named = certificate.mailboxes.iter();
    named.find(|mailbox| own.contains(mailbox)).ok_or_else(|| {
        Error::field(
            "pfx",
            match certificate.mailboxes.first() {
                Some(other) => format!(
                    "The certificate is for {other}, which is not one of your verified addresses. \
                     If it should be, ask an administrator."
                ),
                None => {
                    "The certificate names no mail address, so it cannot be told whether it is \
                         yours."
                        .to_owned()
                }
            },
        )
    })
}
