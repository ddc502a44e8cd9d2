//! Authorities below a root that is kept elsewhere: their request, and the certificate that comes
//! back. The key was made here and never leaves.

use super::import::purpose_of;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, AuthorityId, AuthorityPurpose, Permission};
use pki::{AuthorityFacts, PrivateKey};
use store::{AuthorityRequestRow, AuthorityRow};

impl Portal {
    /// The signing request of an authority that waits for its certificate, as PEM (RFC 7468).
    pub async fn authority_csr(&self, actor: &Actor, id: AuthorityId) -> Result<String, Error> {
        actor.require(Permission::SeeAuthorities)?;
        let row = self.authority_request(id).await?;
        Ok(pki::pem::request(&row.csr)?)
    }

    /// Takes the certificate that an offline root has signed, with the root's own where that is new.
    pub async fn complete_authority(
        &self,
        actor: &Actor,
        id: AuthorityId,
        certificates: String,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let request = self.authority_request(id).await?;
        let wrong = |why: String| Error::field("certificates", why);
        let brought = pki::pem::read_certificates(certificates.as_bytes()).unwrap_or_default();
        if brought.is_empty() {
            return Err(wrong(
                "Please paste the certificate as PEM: the lines from BEGIN CERTIFICATE to END \
                 CERTIFICATE."
                    .to_owned(),
            ));
        }
        let rows = self.store().authorities().await?;
        let roots: Vec<_> = rows
            .iter()
            .filter(|row| row.parent.is_none())
            .map(|row| row.certificate.clone())
            .collect();
        let place = crate::place::authority_key(id);
        let key = self.key_ring()?.open(place, &request.sealed_key)?;
        let now = self.now();
        let found = self.cpu().run(move || {
            let key = PrivateKey::from_pkcs8(key.expose())?.public_key()?;
            pki::find_issuing_certificate(&brought, &roots, &key, now)
        });
        let (issuing, root) = found.await?.map_err(|error| match error {
            pki::Error::Certificate(why) | pki::Error::Key(why) => {
                wrong(format!("This certificate cannot be used: {why}."))
            }
            _ => wrong("One of the certificates cannot be read; export it again.".to_owned()),
        })?;
        let (purpose, _) = purpose_of(issuing.purpose(), request.purpose);
        if purpose != request.purpose {
            return Err(wrong(format!(
                "It was asked for {}, but its extended key usage says otherwise. Have it signed as \
                 the request says.",
                request.purpose
            )));
        }
        let known = rows.iter().find(|row| row.certificate == root);
        let mut new = Vec::new();
        let parent = if let Some(row) = known {
            row.id
        } else {
            let row = self.foreign_authority(root, None)?;
            let id = row.id;
            new.push(row);
            id
        };
        new.push(AuthorityRow {
            id,
            parent: Some(parent),
            name: AuthorityFacts::read(issuing.der())?.name,
            certificate: issuing.der().to_vec(),
            purpose,
            is_active: true,
            sealed_key: Some(request.sealed_key.clone()),
            created_at: now,
        });
        let record = self.simple_record(actor, AuditAction::ImportAuthority, (id, &request.name));
        self.store().add_authorities(new, Some(id), record).await?;
        Ok(Done::then(
            format!(
                "{} is ready and signs new certificates from now on.",
                request.name
            ),
            api::url::AUTHORITIES,
        ))
    }

    /// Gives a request up, with its key.
    pub async fn discard_authority_request(
        &self,
        actor: &Actor,
        id: AuthorityId,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let request = self.authority_request(id).await?;
        let record =
            self.simple_record(actor, AuditAction::RemoveAuthorityKey, (id, &request.name));
        self.store().remove_authority_request(id, record).await?;
        Ok(Done::then(
            format!("The request of {} and its key are deleted.", request.name),
            api::url::AUTHORITIES,
        ))
    }

    async fn authority_request(&self, id: AuthorityId) -> Result<AuthorityRequestRow, Error> {
        let requests = self.store().authority_requests().await?;
        requests
            .into_iter()
            .find(|row| row.id == id)
            .ok_or(Error::NotFound)
    }

    /// A row for an authority that stands above ours and whose key is elsewhere.
    pub(super) fn foreign_authority(
        &self,
        certificate: Vec<u8>,
        parent: Option<AuthorityId>,
    ) -> Result<AuthorityRow, Error> {
        Ok(AuthorityRow {
            id: self.authority_id(),
            parent,
            name: AuthorityFacts::read(&certificate)?.name,
            certificate,
            purpose: AuthorityPurpose::Root,
            is_active: true,
            sealed_key: None,
            created_at: self.now(),
        })
    }
}
