//! A certificate as a file, for whoever has its key: nothing in it is secret, so nobody has to confirm
//! who they are, and nothing is recorded.

use crate::download::DownloadFile;
use crate::{Actor, Error, Portal};
use domain::{CertificateForm, CertificateId, Secret};
use store::CertificateRow;

impl Portal {
    /// The certificate without its key: for its owner and for who may see certificates.
    pub async fn certificate_file(
        &self,
        actor: &Actor,
        id: CertificateId,
        form: CertificateForm,
    ) -> Result<DownloadFile, Error> {
        let row = self.visible_certificate(actor, id).await?;
        self.write_certificate(&row, form).await
    }

    pub(crate) async fn write_certificate(
        &self,
        row: &CertificateRow,
        form: CertificateForm,
    ) -> Result<DownloadFile, Error> {
        let leaf = std::iter::once(row.der.clone());
        let above = self.chain_of(row.authority).await?;
        let (ending, content_type, bytes) = match form {
            CertificateForm::Pem => {
                // In the order that servers want (RFC 8446 section 4.4.2); whoever checks it has
                // the root already.
                let below_root = above.len().saturating_sub(1);
                let chain: Vec<Vec<u8>> = leaf.chain(above.into_iter().take(below_root)).collect();
                let pem = pki::pem::certificates(&chain)?.into_bytes();
                ("pem", "application/x-pem-file", pem)
            }
            // RFC 2585 section 4.1.
            CertificateForm::Der => ("cer", "application/pkix-cert", row.der.clone()),
            CertificateForm::P7b => {
                let all: Vec<Vec<u8>> = leaf.chain(above).collect();
                ("p7b", "application/x-pkcs7-certificates", pki::p7b(&all)?)
            }
        };
        let name = pki::pfx::file_name(&row.mailbox, row.not_before);
        let name = name.strip_suffix(".p12").unwrap_or(&name);
        Ok(DownloadFile {
            file_name: format!("{name}.{ending}"),
            content_type,
            bytes: Secret::new(bytes),
        })
    }
}
