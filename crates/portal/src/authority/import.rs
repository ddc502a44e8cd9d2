//! Taking over an authority that exists already, with its key and the chain above it.

use crate::{Actor, Error, Portal};
use api::{Done, ImportAuthority};
use domain::{AuditAction, AuthorityPurpose, Permission, Secret};
use pki::{
    AuthorityFile, AuthorityNotice, ImportError, ImportedAuthority, IssuerPurpose,
    IssuingCertificate, PfxError,
};
use store::{AuthorityRow, Record};
use time::OffsetDateTime;

impl Portal {
    /// Takes an authority over, for mail or for TLS: PEM with key and certificates, or a PFX.
    pub async fn import_authority(
        &self,
        actor: &Actor,
        form: ImportAuthority,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        // Nothing of it stays where the portal could not seal it.
        self.key_ring()?;
        let field = if form.file.is_some() {
            "file"
        } else {
            "material"
        };
        let (pasted, password) = (form.material.into_secret(), form.password.into_secret());
        let imported = self.read_import(form.file, pasted, password).await?;
        if imported.notices.contains(&AuthorityNotice::Root) {
            return Err(Error::field(
                field,
                "This is a root. Leave its key where it is, and take over an authority below it, \
                 or request a new one.",
            ));
        }
        let (rows, now) = (self.store().authorities().await?, self.now());
        let issuing = IssuingCertificate::parse(&imported.certificate_der)?;
        let purpose = chosen(imported.purpose, &form.purpose)?;
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
        let purpose = ("purpose".to_owned(), purpose.to_string());
        audit.details.push(purpose);
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

    /// Reads what was chosen or pasted; that either was, and not both, is for the reader's sake.
    async fn read_import(
        &self,
        file: Option<Secret<Vec<u8>>>,
        pasted: Secret<String>,
        password: Secret<String>,
    ) -> Result<ImportedAuthority, Error> {
        let (field, bytes) = match (file, pasted.expose().trim()) {
            (Some(file), "") => ("file", file),
            (None, "") => {
                let why = "Please choose the file, or paste key and certificates as PEM.";
                return Err(Error::field("file", why));
            }
            (None, text) if !text.contains(PEM) => {
                let why = "This is not PEM text. A .p12 or .pfx is chosen as a file above.";
                return Err(Error::field("material", why));
            }
            (None, text) => ("material", Secret::new(text.as_bytes().to_vec())),
            (Some(_), _) => {
                let why = "There is pasted text too. Send either the file or the text.";
                return Err(Error::field("file", why));
            }
        };
        let now = self.now();
        let read = self.cpu().run(move || read(bytes.expose(), &password, now));
        read.await?.map_err(|error| {
            let field = match error {
                ImportError::Pfx(PfxError::WrongPassword)
                | ImportError::WrongPassphrase
                | ImportError::NeedsPassphrase => "password",
                _ => field,
            };
            Error::field(field, format!("It cannot be taken over: {error}."))
        })
    }
}

/// What PEM starts its parts with (RFC 7468 section 2).
const PEM: &str = "-----BEGIN ";

fn read(
    bytes: &[u8],
    password: &Secret<String>,
    now: OffsetDateTime,
) -> Result<ImportedAuthority, ImportError> {
    let is_pem = std::str::from_utf8(bytes).is_ok_and(|text| text.contains(PEM));
    let file = if is_pem {
        let passphrase = (!password.expose().is_empty()).then_some(password);
        let text = bytes;
        AuthorityFile::Pem { text, passphrase }
    } else {
        AuthorityFile::Pfx { bytes, password }
    };
    pki::read_authority(&file, now)
}

/// What it is to sign here: what its certificate says, or what was chosen where it says nothing.
fn chosen(says: IssuerPurpose, wanted: &str) -> Result<AuthorityPurpose, Error> {
    let wanted = match wanted {
        "" => None,
        "mail" => Some(AuthorityPurpose::Mail),
        "tls" => Some(AuthorityPurpose::Tls),
        _ => return Err(Error::field("purpose", "Please choose one of these.")),
    };
    let why = match (says, wanted) {
        (IssuerPurpose::Any | IssuerPurpose::Other, Some(wanted)) => return Ok(wanted),
        (IssuerPurpose::Mail, None | Some(AuthorityPurpose::Mail)) => {
            return Ok(AuthorityPurpose::Mail);
        }
        (IssuerPurpose::Tls, None | Some(AuthorityPurpose::Tls)) => {
            return Ok(AuthorityPurpose::Tls);
        }
        (IssuerPurpose::Mail, _) => "Its certificate is for mail, so it cannot be used for TLS.",
        (IssuerPurpose::Tls, _) => "Its certificate is for TLS, so it cannot be used for mail.",
        (_, None) => "Its certificate allows mail and TLS. Please choose what it is to sign here.",
    };
    Err(Error::field("purpose", why))
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
