//! A profile for iPhone, iPad and Mac: the PFX in the flavour that they read, without its password,
//! and the authorities' certificates. Whoever serves it signs it with the key of https.

use crate::download::DownloadFile;
use crate::{Error, Portal};
use domain::{PfxFlavour, Secret};
use pki::mobileconfig::{MobileCertificate, MobileConfig, MobilePfx, mobileconfig};
use sha2::{Digest as _, Sha256};
use store::{CertificateRow, SealedCredential};

/// What Apple's devices take for a profile.
pub(crate) const MOBILECONFIG: &str = "application/x-apple-aspen-config";

impl Portal {
    pub(crate) async fn profile(
        &self,
        certificate: &CertificateRow,
        sealed: &SealedCredential,
    ) -> Result<DownloadFile, Error> {
        let pfx = self
            .pfx(certificate, sealed, PfxFlavour::Compatible)
            .await?;
        let rows = self.store().authorities().await?;
        let chain = self.chain_of(certificate.authority).await?;
        let named: Vec<(String, String, &[u8])> = chain
            .iter()
            .enumerate()
            .map(|(index, der)| {
                let row = rows.iter().find(|row| row.certificate == *der);
                let name = row.map_or("Certification authority", |row| row.name.as_str());
                let uuid = part_uuid(certificate, index + 1);
                (uuid, name.to_owned(), der.as_slice())
            })
            .collect();
        let authorities: Vec<_> = named
            .iter()
            .map(|(uuid, name, der)| MobileCertificate {
                uuid,
                display_name: name,
                der,
            })
            .collect();
        let file_name = pki::pfx::file_name(&certificate.mailbox, certificate.not_before);
        let name = pki::pfx::friendly_name(&certificate.mailbox, certificate.not_before);
        let xml = mobileconfig(&MobileConfig {
            display_name: &name,
            organisation: &self.organisation().await?,
            description: "Your certificate for secure mail, and the authorities that it comes from.",
            // The same certificate replaces itself; another one stands beside it.
            identifier: &format!("certportal.{}", certificate.id),
            uuid: &certificate.id.to_string(),
            pfx: MobilePfx {
                uuid: &part_uuid(certificate, 0),
                display_name: &name,
                file_name: &file_name,
                bytes: pfx.expose(),
            },
            authorities: &authorities,
        })?;
        Ok(DownloadFile {
            file_name: format!("{}.mobileconfig", file_name.trim_end_matches(".p12")),
            content_type: MOBILECONFIG,
            bytes: Secret::new(xml.into_bytes()),
        })
    }
}

/// The UUID of a part of a profile: the same at each download.
fn part_uuid(certificate: &CertificateRow, index: usize) -> String {
    let digest = Sha256::new()
        .chain_update(certificate.id.0.as_bytes())
        .chain_update(index.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}
