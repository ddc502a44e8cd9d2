//! The certificate without its key, for owners who keep the key themselves: as text, in DER, and
//! with those above it. None of it is secret, so nobody has to confirm who they are.

use crate::download::DownloadFile;
use crate::{Actor, Error, Portal};
use domain::{AuditAction, CertificateId, DownloadKind, Secret};
use store::Record;

impl Portal {
    /// Downloads one's own certificate without a key.
    pub async fn download_public(
        &self,
        actor: &Actor,
        id: CertificateId,
        kind: DownloadKind,
    ) -> Result<DownloadFile, Error> {
        let certificate = self.own_certificate(actor, id).await?;
        let (ending, content_type, bytes) = match kind {
            // RFC 8555 section 9.1 registers the media type of chains in PEM; one is a chain too.
            DownloadKind::Pem => (
                "pem",
                "application/pem-certificate-chain",
                pki::pem::certificates(&[&certificate.der])?.into_bytes(),
            ),
            // RFC 2585 section 4.1.
            DownloadKind::Der => ("cer", "application/pkix-cert", certificate.der.clone()),
            DownloadKind::Chain => {
                let mut all = self.chain_of(certificate.authority).await?;
                all.insert(0, certificate.der.clone());
                ("p7b", "application/x-pkcs7-certificates", pki::p7b(&all)?)
            }
            DownloadKind::Pfx | DownloadKind::OtherPfx | DownloadKind::Profile => {
                return Err(Error::field("kind", "Please choose one of the files."));
            }
        };
        let now = self.now();
        let label = certificate.mailbox.as_str();
        let mut audit = actor.audit(AuditAction::Download, now, id.0, label);
        audit.details.push(("file".to_owned(), kind.to_string()));
        self.store()
            .record_download(id, now, Record::default().audit(audit))
            .await?;
        let name = pki::pfx::file_name(&certificate.mailbox, certificate.not_before);
        Ok(DownloadFile {
            file_name: format!("{}.{ending}", name.trim_end_matches(".p12")),
            content_type,
            bytes: Secret::new(bytes),
        })
    }
}
