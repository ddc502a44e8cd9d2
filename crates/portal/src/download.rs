//! **Download certificate**: the owner gets their PFX, in the flavour that their device reads.

use crate::confirm::Confirmed;
use crate::{Actor, Error, Portal, place};
use api::Download;
use domain::{AuditAction, CertificateId, Device, PfxFlavour, Secret};
use store::{CertificateRow, Record, SealedCredential};

/// A file on its way to its owner.
#[derive(Debug)]
pub struct DownloadFile {
    /// Name, ASCII, safe in every file system.
    pub file_name: String,
    /// Media type.
    pub content_type: &'static str,
    /// Content.
    pub bytes: Secret<Vec<u8>>,
}

/// Fewest bits of a password that protects the older flavour.
const COMPATIBLE_BITS: u32 = 112;

/// The registered media type of PKCS#12 (RFC 7292 has none; IANA lists it).
const PKCS12: &str = "application/x-pkcs12";

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
        let bytes = match flavour(form.device) {
            PfxFlavour::Modern => self
                .key_ring()?
                .open(place::pfx((&sealed).into()), &sealed.pfx)?,
            PfxFlavour::Compatible => self.compatible(&certificate, &sealed).await?,
        };

        let now = self.now();
        let mut audit = actor.audit(
            AuditAction::Download,
            now,
            id.0,
            certificate.mailbox.as_str(),
        );
        audit
            .details
            .push(("device".to_owned(), form.device.to_string()));
        let mail = self
            .downloaded_mail(&certificate, form.device, now, &actor.client)
            .await?;
        self.store()
            .record_download(id, now, Record::default().audit(audit).mail(mail))
            .await?;
        self.mail_signal().notify_one();
        let value = DownloadFile {
            file_name: pki::pfx::file_name(&certificate.mailbox, certificate.not_before),
            content_type: PKCS12,
            bytes,
        };
        Ok(Confirmed {
            value,
            confirmed_at,
        })
    }

    /// The same key, certificate and password in the other flavour, made when it is asked for.
    async fn compatible(
        &self,
        certificate: &CertificateRow,
        sealed: &SealedCredential,
    ) -> Result<Secret<Vec<u8>>, Error> {
        let password = self.open_password(sealed)?;
        // The older flavour leans on the password alone, so it takes only the long kind.
        let policy = certificate.content.password_policy;
        if policy.bits() < COMPATIBLE_BITS {
            return Err(Error::Conflict(
                "This device needs the older file format, which is only safe with the long kind of \
                 password. Please ask an administrator."
                    .to_owned(),
            ));
        }
        let key = self
            .key_ring()?
            .open(place::key(sealed.into()), &sealed.key)?;
        let chain = self.chain_of(certificate.authority).await?;
        let leaf = certificate.der.clone();
        let name = pki::pfx::friendly_name(&certificate.mailbox, certificate.not_before);
        let iterations = pki::pfx::iterations(policy);
        let mut rng = self.random().fork();
        let made = self.cpu().run(move || {
            let key = pki::PrivateKey::from_pkcs8(key.expose())?;
            let input = pki::pfx::BundleInput {
                key: &key,
                leaf_der: &leaf,
                chain: &chain,
                friendly_name: &name,
                password: &password,
                flavour: PfxFlavour::Compatible,
                iterations,
            };
            let made = pki::pfx::bundle(&input, &mut rng)?;
            pki::pfx::verify_opens(made.expose(), &password)?;
            Ok::<_, pki::Error>(made)
        });
        Ok(made.await??)
    }
}

/// What each device reads today. Apple's and Android's importers answer "wrong password" to the
/// modern algorithms on many versions that are still in use.
const fn flavour(device: Device) -> PfxFlavour {
    match device {
        Device::Windows | Device::Thunderbird => PfxFlavour::Modern,
        Device::Mac | Device::Ios | Device::Android => PfxFlavour::Compatible,
    }
}
