//! Taking over an authority that exists already, with its key and the chain above it.

use crate::{Actor, Error, Portal};
use api::{Done, Password};
use base64::Engine as _;
use domain::{AuditAction, AuthorityPurpose, Permission, Secret};
use pki::{AuthorityFile, AuthorityNotice, ImportedAuthority, IssuerPurpose, IssuingCertificate};
use store::{AuthorityRow, Record};

impl Portal {
    /// Takes an authority over: PEM with key and certificates, or a PFX as base64 text.
    pub async fn import_authority(
        &self,
        actor: &Actor,
        material: Password,
        password: Password,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        // Nothing of it stays where the portal could not seal it.
        self.key_ring()?;
        let imported = self
            .read_import(material.into_secret(), password.into_secret())
            .await?;
        if imported.notices.contains(&AuthorityNotice::Root) {
            return Err(Error::field(
                "material",
                "This is a root. Leave its key where it is, and take over an authority below it, \
                 or request a new one.",
            ));
        }
        let (rows, now) = (self.store().authorities().await?, self.now());
        let issuing = IssuingCertificate::parse(&imported.certificate_der)?;
        let (purpose, _) = purpose_of(issuing.purpose(), AuthorityPurpose::Mail);
        let mut new: Vec<AuthorityRow> = Vec::new();
        let mut parent = None;
        for certificate in imported.chain.iter().rev() {
            let known = rows.iter().find(|row| row.certificate == *certificate);
            parent = Some(if let Some(row) = known {
                row.id
            } else {
                let row = self.foreign_authority(certificate.clone(), parent)?;
                let id = row.id;
                new.push(row);
                id
            });
        }
        let id = self.authority_id();
        let name = pki::AuthorityFacts::read(&imported.certificate_der)?.name;
        new.push(AuthorityRow {
            id,
            parent,
            name: name.clone(),
            certificate: imported.certificate_der,
            purpose,
            is_active: true,
            sealed_key: Some(self.seal_authority_key(id, &imported.key)?),
            created_at: now,
        });
        let mut audit = actor.audit(AuditAction::ImportAuthority, now, id.0, name.clone());
        let thumbprint = ("thumbprint".to_owned(), issuing.sha256_thumbprint());
        audit.details.push(thumbprint);
        self.store()
            .add_authorities(new, None, Record::default().audit(audit))
            .await?;
        let mut message = format!("{name} is taken over and signs new certificates from now on.");
        for notice in &imported.notices {
            message.push_str(" Note: ");
            message.push_str(&notice.to_string());
            message.push('.');
        }
        Ok(Done::then(message, api::url::AUTHORITIES))
    }

    async fn read_import(
        &self,
        material: Secret<String>,
        password: Secret<String>,
    ) -> Result<ImportedAuthority, Error> {
        let now = self.now();
        let read = self.cpu().run(move || {
            if material.expose().contains("-----BEGIN ") {
                let passphrase = (!password.expose().is_empty()).then_some(&password);
                let text = material.expose().as_bytes();
                let file = AuthorityFile::Pem { text, passphrase };
                return pki::read_authority(&file, now).map_err(|error| error.to_string());
            }
            let compact: Secret<String> =
                Secret::new(material.expose().split_whitespace().collect());
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(compact.expose().as_bytes())
                .map(Secret::new);
            let Ok(bytes) = bytes else {
                return Err(
                    "this is neither PEM nor a PFX as base64 text; try `base64 authority.p12`"
                        .to_owned(),
                );
            };
            let file = AuthorityFile::Pfx {
                bytes: bytes.expose(),
                password: &password,
            };
            pki::read_authority(&file, now).map_err(|error| error.to_string())
        });
        read.await?
            .map_err(|why| Error::field("material", format!("It cannot be taken over: {why}.")))
    }
}

/// What an authority signs here, and whether its certificate says so itself.
pub(super) const fn purpose_of(
    says: IssuerPurpose,
    wanted: AuthorityPurpose,
) -> (AuthorityPurpose, bool) {
    match says {
        IssuerPurpose::Mail => (AuthorityPurpose::Mail, true),
        IssuerPurpose::Tls => (AuthorityPurpose::Tls, true),
        IssuerPurpose::Any | IssuerPurpose::Other => (wanted, false),
    }
}
