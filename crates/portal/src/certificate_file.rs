//! A certificate as a file, for whoever has its key: nothing in it is secret.

use crate::download::DownloadFile;
use crate::{Actor, Error, Portal};
use domain::{CertificateId, Secret};
use store::CertificateRow;

impl Portal {
    /// The certificate and those above it as PEM, without the root, in the order that servers want
    /// (RFC 8446 section 4.4.2): for its owner and for who may see certificates.
    pub async fn certificate_file(
        &self,
        actor: &Actor,
        id: CertificateId,
    ) -> Result<DownloadFile, Error> {
        let row = self.visible_certificate(actor, id).await?;
        self.certificate_pem(&row).await
    }

    pub(crate) async fn certificate_pem(
        &self,
        row: &CertificateRow,
    ) -> Result<DownloadFile, Error> {
        let mut chain = vec![row.der.clone()];
        let above = self.chain_of(row.authority).await?;
        // Whoever checks it has the root already.
        chain.extend(above.iter().take(above.len().saturating_sub(1)).cloned());
        let pem = pki::pem::certificates(&chain)?;
        let name = pki::pfx::file_name(&row.mailbox, row.not_before);
        let name = name.strip_suffix(".p12").unwrap_or(&name);
        Ok(DownloadFile {
            file_name: format!("{name}.pem"),
            content_type: "application/x-pem-file",
            bytes: Secret::new(pem.into_bytes()),
        })
    }
}
