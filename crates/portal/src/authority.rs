//! The authorities that sign. Each is loaded when it is first needed.

use crate::{Error, Portal, place};
use ca::{Embedded, EmbeddedSettings, Journal};
use domain::{AuthorityId, AuthorityPurpose, KeyAlgorithm, TemplateContent};
use pki::{AuthorityName, AuthorityUrls, PrivateKey, Serial, SigningAuthority};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::AuthorityRow;
use time::OffsetDateTime;

/// Holds the loaded authorities. Their keys and certificates never change.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    loaded: RwLock<HashMap<AuthorityId, Arc<Embedded>>>,
}

impl Authorities {
    fn get(&self, id: AuthorityId) -> Option<Arc<Embedded>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.get(&id).cloned()
    }

    fn keep(&self, id: AuthorityId, authority: &Arc<Embedded>) {
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        loaded.insert(id, Arc::clone(authority));
    }
}

/// Years a root is valid.
const ROOT_YEARS: u8 = 20;

impl Portal {
    /// The authority that signs for a template: the one it names, or the newest in use that signs
    /// such certificates.
    pub(crate) async fn authority_for(
        &self,
        content: &TemplateContent,
    ) -> Result<Arc<Embedded>, Error> {
        let rows = self.store().authorities().await?;
        let purpose = content.kind.authority();
        let chosen = rows
            .iter()
            .filter(|row| row.is_active && row.purpose == purpose && row.sealed_key.is_some())
            .rfind(|row| content.authority.is_none_or(|id| id == row.id))
            .ok_or_else(|| Error::Conflict(no_authority(purpose)))?;
        self.authority(chosen.id).await
    }

    /// An authority whose key is here.
    pub(crate) async fn authority(&self, id: AuthorityId) -> Result<Arc<Embedded>, Error> {
        if let Some(loaded) = self.authorities().get(id) {
            return Ok(loaded);
        }
        let loaded = Arc::new(self.load_authority(id).await?);
        tracing::info!(authority = %id, "an issuing authority is ready");
        self.authorities().keep(id, &loaded);
        Ok(loaded)
    }

    /// The certificates of an authority and of those above it, DER, the root last.
    pub(crate) async fn chain_of(&self, id: AuthorityId) -> Result<Vec<Vec<u8>>, Error> {
        use ca::CertificateAuthority as _;
        if let Some(loaded) = self.authorities().get(id) {
            return Ok(loaded.chain().to_vec());
        }
        let rows = self.store().authorities().await?;
        let row = rows.iter().find(|row| row.id == id);
        Ok(chain(row.ok_or(Error::NotFound)?, &rows))
    }

    async fn load_authority(&self, id: AuthorityId) -> Result<Embedded, Error> {
        let rows = self.store().authorities().await?;
        let row = rows.iter().find(|row| row.id == id);
        let row = row.ok_or(Error::NotFound)?;
        let sealed_key = row
            .sealed_key
            .as_ref()
            .ok_or_else(|| Error::Conflict(format!("the key of {} is kept elsewhere", row.name)))?;
        let chain = chain(row, &rows);
        let key = self
            .key_ring()?
            .open(place::authority_key(id), sealed_key)?;
        let certificate = row.certificate.clone();
        let authority = self
            .cpu()
            .run(move || SigningAuthority::new(&certificate, PrivateKey::from_pkcs8(key.expose())?))
            .await??;
        let settings = EmbeddedSettings {
            id,
            pki_url: self.policy().pki_url.clone(),
            policy_oid: self.policy().policy_oid.clone(),
            chain,
        };
        let journal = Journal::open(self.journal()).map_err(Error::internal)?;
        Ok(Embedded::new(
            settings,
            authority,
            journal,
            self.cpu().clone(),
        ))
    }

    /// Makes the keys and certificates of a root and an issuing authority, and seals the keys.
    pub(crate) async fn make_authorities(
        &self,
        organisation: &str,
        country: &str,
    ) -> Result<Vec<AuthorityRow>, Error> {
        let now = self.now();
        let root_id = self.new_id(|now, rng| AuthorityId::generate(now, rng));
        let issuing_id = self.new_id(|now, rng| AuthorityId::generate(now, rng));
        let pki_url = &self.policy().pki_url;
        let urls = AuthorityUrls {
            crl_url: format!("{pki_url}/pki/{root_id}.crl"),
            issuer_url: format!("{pki_url}/pki/{root_id}.crt"),
        };
        let names = [("Root CA", root_id), ("Issuing CA 1", issuing_id)].map(|(what, id)| {
            let name = AuthorityName {
                common_name: common_name(organisation, what),
                organisation: organisation.to_owned(),
                country: country.to_owned(),
            };
            (id, name)
        });
        let serials = self
            .random()
            .with(|rng| [Serial::generate(rng), Serial::generate(rng)]);
        let algorithm = self.policy().authority_key;
        let made = self
            .cpu()
            .run(move || make(algorithm, &names, &serials, &urls, now))
            .await??;
        made.into_iter()
            .map(|made| {
                let key = made.key.to_pkcs8()?;
                let place = place::authority_key(made.id);
                let ring = self.key_ring()?;
                let sealed_key = self
                    .random()
                    .with(|rng| ring.seal(place, key.expose(), rng))?;
                Ok(AuthorityRow {
                    id: made.id,
                    parent: made.parent,
                    name: made.name,
                    purpose: if made.parent.is_none() {
                        AuthorityPurpose::Root
                    } else {
                        AuthorityPurpose::Mail
                    },
                    is_active: true,
                    certificate: made.certificate,
                    sealed_key: Some(sealed_key),
                    created_at: now,
                })
            })
            .collect()
    }
}

struct Made {
    id: AuthorityId,
    parent: Option<AuthorityId>,
    name: String,
    certificate: Vec<u8>,
    key: PrivateKey,
}

fn make(
    algorithm: KeyAlgorithm,
    [(root_id, root_name), (issuing_id, issuing_name)]: &[(AuthorityId, AuthorityName); 2],
    [root_serial, issuing_serial]: &[Serial; 2],
    urls: &AuthorityUrls,
    now: OffsetDateTime,
) -> Result<[Made; 2], pki::Error> {
    let root_key = PrivateKey::generate(algorithm)?;
    let root_certificate = pki::create_root(root_name, &root_key, root_serial, now, ROOT_YEARS)?;
    let issuing_key = PrivateKey::generate(algorithm)?;
    let root = SigningAuthority::new(
        &root_certificate,
        PrivateKey::from_pkcs8(root_key.to_pkcs8()?.expose())?,
    )?;
    let issuing_certificate = pki::create_issuing(
        issuing_name,
        &issuing_key.public_key()?,
        &root,
        issuing_serial,
        now,
        urls,
    )?;
    Ok([
        Made {
            id: *root_id,
            parent: None,
            name: root_name.common_name.clone(),
            certificate: root_certificate,
            key: root_key,
        },
        Made {
            id: *issuing_id,
            parent: Some(*root_id),
            name: issuing_name.common_name.clone(),
            certificate: issuing_certificate,
            key: issuing_key,
        },
    ])
}

/// The organisation's name and what the authority is, within the 64 characters of a common name
/// (RFC 5280 appendix A).
fn common_name(organisation: &str, what: &str) -> String {
    let room = 64 - what.chars().count() - 1;
    let short: String = organisation.chars().take(room).collect();
    format!("{} {what}", short.trim_end())
}

fn no_authority(purpose: AuthorityPurpose) -> String {
    let what = match purpose {
        AuthorityPurpose::Tls => "servers, devices and their clients",
        AuthorityPurpose::Mail | AuthorityPurpose::Root => "mail",
    };
    format!(
        "there is no issuing authority in use for {what}; an administrator makes one on the page Authorities"
    )
}

/// Certificates from an issuing authority up to its root.
pub(crate) fn chain(issuing: &AuthorityRow, rows: &[AuthorityRow]) -> Vec<Vec<u8>> {
    let mut chain = Vec::new();
    let mut next = Some(issuing);
    while let Some(row) = next {
        chain.push(row.certificate.clone());
        next = rows
            .iter()
            .find(|candidate| row.parent == Some(candidate.id) && chain.len() < rows.len());
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::common_name;

    #[test]
    fn a_long_organisation_is_cut_to_fit() {
        let name = common_name(&"Ä".repeat(64), "Issuing CA 1");
        assert_eq!(name.chars().count(), 64);
        assert!(name.ends_with(" Issuing CA 1"));
    }
}
