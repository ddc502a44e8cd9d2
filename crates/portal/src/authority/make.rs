//! Making keys and certificates of authorities: at set-up a root with an issuing authority for mail
//! and one for TLS, later further ones below it.

use crate::set_up::Organisation;
use crate::{Error, Portal, place};
use domain::{AuthorityId, AuthorityPurpose, KeyAlgorithm, MailDomain};
use pki::{AuthorityName, AuthorityUrls, PrivateKey, Serial};
use store::AuthorityRow;

/// Years a root is valid.
const ROOT_YEARS: u8 = 20;

/// An issuing authority to be made.
pub(super) struct Plan {
    pub(super) id: AuthorityId,
    pub(super) name: AuthorityName,
    pub(super) purpose: pki::AuthorityPurpose,
}

impl Plan {
    pub(super) const fn row_purpose(&self) -> AuthorityPurpose {
        match self.purpose {
            pki::AuthorityPurpose::Mail { .. } => AuthorityPurpose::Mail,
            pki::AuthorityPurpose::Tls { .. } => AuthorityPurpose::Tls,
        }
    }
}

impl Portal {
    /// Makes the authorities of a new portal. The three keys are made at the same time, as far as
    /// there are processors.
    pub(crate) async fn make_authorities(
        &self,
        organisation: &Organisation,
    ) -> Result<Vec<AuthorityRow>, Error> {
        let algorithm = self.policy().authority_key;
        let (root_key, mail_key, tls_key) = tokio::try_join!(
            self.authority_key(algorithm),
            self.authority_key(algorithm),
            self.authority_key(algorithm),
        )?;
        let called = |what: &str| AuthorityName {
            common_name: common_name(organisation.name.as_str(), what),
            organisation: organisation.name.as_str().to_owned(),
            country: organisation.country.clone(),
        };
        let (root_id, name, key) = (self.authority_id(), called("Root CA"), root_key.clone());
        let (serial, now) = (self.serial(), self.now());
        let root_name = name.common_name.clone();
        let certificate = self
            .cpu()
            .run(move || pki::create_root(&name, &key, &serial, now, ROOT_YEARS))
            .await??;
        let root = AuthorityRow {
            id: root_id,
            parent: None,
            name: root_name,
            certificate,
            purpose: AuthorityPurpose::Root,
            is_active: true,
            sealed_key: Some(self.seal_authority_key(root_id, &root_key)?),
            created_at: now,
        };
        let confined = |domains: &[MailDomain]| {
            if organisation.is_confined {
                domains.to_vec()
            } else {
                Vec::new()
            }
        };
        let mail = Plan {
            id: self.authority_id(),
            name: called("Issuing CA 1"),
            purpose: pki::AuthorityPurpose::Mail {
                domains: confined(&organisation.mail_domains),
                has_client_auth: false,
            },
        };
        let tls = Plan {
            id: self.authority_id(),
            name: called("TLS CA 1"),
            purpose: pki::AuthorityPurpose::Tls {
                domains: Vec::new(),
            },
        };
        let mail = self.issue_authority(&root, mail, mail_key).await?;
        let mut tls = self.issue_authority(&root, tls, tls_key).await?;
        // Lists have them in this order, however quick the machine is.
        tls.created_at = mail.created_at + time::Duration::MICROSECOND;
        Ok(vec![root, mail, tls])
    }

    /// Makes a key on the processor pool.
    pub(super) async fn authority_key(&self, algorithm: KeyAlgorithm) -> Result<PrivateKey, Error> {
        let made = self.cpu().run(move || PrivateKey::generate(algorithm));
        Ok(made.await??)
    }

    /// Has a root whose key is here sign the certificate of an issuing authority.
    pub(super) async fn issue_authority(
        &self,
        root: &AuthorityRow,
        plan: Plan,
        key: PrivateKey,
    ) -> Result<AuthorityRow, Error> {
        let signer = self.signing_authority(root).await?;
        let pki_url = &self.policy().pki_url;
        let urls = AuthorityUrls {
            crl_url: format!("{pki_url}/pki/{}.crl", root.id),
            issuer_url: format!("{pki_url}/pki/{}.crt", root.id),
        };
        let (serial, now, public_key) = (self.serial(), self.now(), key.public_key()?);
        let (id, purpose) = (plan.id, plan.row_purpose());
        let name = plan.name.common_name.clone();
        let certificate = self.cpu().run(move || {
            pki::create_issuing_for(
                &plan.name,
                &public_key,
                &signer,
                &serial,
                now,
                &urls,
                &plan.purpose,
            )
        });
        Ok(AuthorityRow {
            id,
            parent: Some(root.id),
            name,
            certificate: certificate.await??,
            purpose,
            is_active: true,
            sealed_key: Some(self.seal_authority_key(id, &key)?),
            created_at: now,
        })
    }

    pub(super) fn seal_authority_key(
        &self,
        id: AuthorityId,
        key: &PrivateKey,
    ) -> Result<Vec<u8>, Error> {
        let (ring, pkcs8) = (self.key_ring()?, key.to_pkcs8()?);
        let place = place::authority_key(id);
        Ok(self
            .random()
            .with(|rng| ring.seal(place, pkcs8.expose(), rng))?)
    }

    pub(super) fn authority_id(&self) -> AuthorityId {
        self.new_id(|now, rng| AuthorityId::generate(now, rng))
    }

    fn serial(&self) -> Serial {
        self.random().with(|rng| Serial::generate(rng))
    }
}

/// The organisation's name and what the authority is, within the 64 characters of a common name
/// (RFC 5280 appendix A).
fn common_name(organisation: &str, what: &str) -> String {
    let room = 64 - what.chars().count() - 1;
    let short: String = organisation.chars().take(room).collect();
    format!("{} {what}", short.trim_end())
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
