//! The authority that signs, made at set-up and loaded when it is first needed.

use crate::{Error, Portal, place};
use ca::{Embedded, EmbeddedSettings, Journal};
use domain::{AuthorityId, KeyAlgorithm};
use pki::{AuthorityName, AuthorityUrls, PrivateKey, Serial, SigningAuthority};
use store::AuthorityRow;
use time::OffsetDateTime;
use tokio::sync::OnceCell;

/// Holds the loaded authority.
pub(crate) type AuthorityCell = OnceCell<Embedded>;

/// Years a root is valid.
const ROOT_YEARS: u8 = 20;

impl Portal {
    /// The issuing authority.
    pub(crate) async fn authority(&self) -> Result<&Embedded, Error> {
        use ca::CertificateAuthority as _;
        self.authority_cell()
            .get_or_try_init(|| async {
                let loaded = self.load_authority().await?;
                tracing::info!(authority = %loaded.id(), "the issuing authority is ready");
                Ok(loaded)
            })
            .await
    }

    async fn load_authority(&self) -> Result<Embedded, Error> {
        let rows = self.store().authorities().await?;
        let issuing = rows
            .iter()
            .find(|row| row.parent.is_some())
            .ok_or(Error::NotFound)?;
        let chain = chain(issuing, &rows);
        let key = self
            .key_ring()?
            .open(place::authority_key(issuing.id), &issuing.sealed_key)?;
        let certificate = issuing.certificate.clone();
        let authority = self
            .cpu()
            .run(move || SigningAuthority::new(&certificate, PrivateKey::from_pkcs8(key.expose())?))
            .await??;
        let settings = EmbeddedSettings {
            id: issuing.id,
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
                    certificate: made.certificate,
                    sealed_key,
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

/// Certificates from an issuing authority up to its root.
fn chain(issuing: &AuthorityRow, rows: &[AuthorityRow]) -> Vec<Vec<u8>> {
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
