//! **Download certificate**: the owner gets their PFX, in the flavour that their device reads, or a
//! profile for Apple's devices with it.

use crate::confirm::Confirmed;
use crate::container::{Container, Entry};
use crate::mails::device_in_words;
use crate::{Actor, Error, Portal, place};
use api::Download;
use domain::{AuditAction, CertificateId, Device, DownloadKind, PfxFlavour, Secret};
use store::{CertificateRow, Record, SealedCredential};

/// A file on its way to its owner.
#[derive(Debug)]
pub struct DownloadFile {
    /// Name, safe in every file system.
    pub file_name: String,
    /// Media type.
    pub content_type: &'static str,
    /// Content.
    pub bytes: Secret<Vec<u8>>,
}

impl DownloadFile {
    /// Whether it is a profile for Apple's devices, which whoever serves it signs.
    pub fn is_profile(&self) -> bool {
        self.content_type == crate::profile::MOBILECONFIG
    }
}

/// The registered media type of PKCS#12 (RFC 7292 has none; IANA lists it).
pub(crate) const PKCS12: &str = "application/x-pkcs12";

impl Portal {
    /// Downloads one's own certificate with its key.
    pub async fn download(
        &self,
        actor: &Actor,
        id: CertificateId,
        form: Download,
    ) -> Result<Confirmed<DownloadFile>, Error> {
        let certificate = self.own_secrets(actor, id).await?;
        let confirmed_at = self.confirm(actor, form.password.into_secret()).await?;
        self.count_reveal(certificate.person).await?;
        let sealed = self.credential(id).await?;
        let fitting = certificate.content.pfx.flavour(flavour(form.device));
        let value = match form.kind {
            DownloadKind::Profile => self.profile(&certificate, &sealed).await?,
            DownloadKind::OtherPfx => {
                self.pfx_file(&certificate, &sealed, fitting.other())
                    .await?
            }
            DownloadKind::Pfx => self.pfx_file(&certificate, &sealed, fitting).await?,
        };

        let details = [
            ("device", form.device.to_string()),
            ("file", form.kind.to_string()),
        ];
        let target = device_in_words(form.device);
        self.record_fetch(actor, &certificate, details, target)
            .await?;
        Ok(Confirmed {
            value,
            confirmed_at,
        })
    }

    /// Records that the owner, or a program of theirs, gets a key, and writes to them. Before it
    /// leaves: if it cannot be recorded, it does not.
    pub(crate) async fn record_fetch(
        &self,
        actor: &Actor,
        certificate: &CertificateRow,
        details: [(&str, String); 2],
        target: &str,
    ) -> Result<(), Error> {
        let (id, now) = (certificate.id, self.now());
        let label = certificate.mailbox.as_str();
        let mut audit = actor.audit(AuditAction::Download, now, id.0, label);
        let details = details.map(|(name, value)| (name.to_owned(), value));
        audit.details.extend(details);
        let mail = self
            .downloaded_mail(certificate, target, now, &actor.client)
            .await?;
        let record = Record::default().audit(audit).mail(mail);
        self.store().record_download(id, now, record).await?;
        self.mail_signal().notify_one();
        Ok(())
    }

    pub(crate) async fn pfx_file(
        &self,
        certificate: &CertificateRow,
        sealed: &SealedCredential,
        flavour: PfxFlavour,
    ) -> Result<DownloadFile, Error> {
        Ok(DownloadFile {
            file_name: pki::pfx::file_name(&certificate.mailbox, certificate.not_before),
            content_type: PKCS12,
            bytes: self.pfx(certificate, sealed, flavour).await?,
        })
    }

    /// The PFX in a flavour: the one that was made when it was issued, or the same key, certificate
    /// and password in the other one, made when it is asked for.
    pub(crate) async fn pfx(
        &self,
        certificate: &CertificateRow,
        sealed: &SealedCredential,
        flavour: PfxFlavour,
    ) -> Result<Secret<Vec<u8>>, Error> {
        let password = self.open_password(sealed)?;
        let ring = self.key_ring()?;
        if flavour == certificate.content.pfx.flavour(PfxFlavour::Modern) {
            let pfx = ring.open(place::pfx(sealed.into()), &sealed.pfx)?;
            return self.check_container(pfx, password).await;
        }
        let entry = Entry {
            key: ring.open(place::key(sealed.into()), &sealed.key)?,
            leaf: certificate.der.clone(),
            name: pki::pfx::friendly_name(&certificate.mailbox, certificate.not_before),
        };
        self.make_container(Container {
            entries: vec![entry],
            chain: self.chain_of(certificate.authority).await?,
            password,
            policy: certificate.content.password_policy,
            flavour,
        })
        .await
    }
}

/// What each device reads today. Apple's and Android's importers answer "wrong password" to the
/// modern algorithms on many versions that are still in use.
pub(crate) const fn flavour(device: Device) -> PfxFlavour {
    match device {
        Device::Windows | Device::Thunderbird => PfxFlavour::Modern,
        Device::Mac | Device::Ios | Device::Android => PfxFlavour::Compatible,
    }
}
