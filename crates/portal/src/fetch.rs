//! **Fetching** by a program: the PFX in the container that it asks for. The password is fetched as
//! it is shown ([`Portal::show_password`]).

use crate::download::DownloadFile;
use crate::{Actor, Error, Portal};
use domain::{CertificateId, DownloadKind, PfxFlavour, Secret};

impl Portal {
    /// Fetches one's own certificate with its key; without a wish in the container that its
    /// template says, the modern one where that leaves it open.
    pub async fn fetch_pfx(
        &self,
        actor: &Actor,
        id: CertificateId,
        container: Option<PfxFlavour>,
    ) -> Result<DownloadFile, Error> {
        let certificate = self.own_secrets(actor, id).await?;
        // Passes for a token that was made for secrets, and for nobody else without a password.
        self.confirm(actor, Secret::new(String::new())).await?;
        self.count_reveal(certificate.person).await?;
        let sealed = self.credential(id).await?;
        let usual = certificate.content.pfx.flavour(PfxFlavour::Modern);
        let flavour = container.unwrap_or(usual);
        let file = self.pfx_file(&certificate, &sealed, flavour).await?;
        let details = [
            ("container", flavour.to_string()),
            ("file", DownloadKind::Pfx.to_string()),
        ];
        self.record_fetch(actor, &certificate, details, "a program, through the API")
            .await?;
        Ok(file)
    }
}
