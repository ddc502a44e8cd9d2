//! The authorities that sign. Each is loaded when it is first needed; which there are, and which of
//! them is in use, is read from the database each time, so that a change holds on all nodes at once.

mod change;
mod create;
mod foreign_list;
mod import;
mod make;
mod offline;
mod take_key;
mod view;

use crate::{Error, Portal, place};
use ca::{Embedded, EmbeddedSettings, Journal};
use domain::{AuthorityId, AuthorityPurpose, TemplateContent};
use pki::{PrivateKey, SigningAuthority};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::AuthorityRow;

/// Holds the loaded authorities. Their keys and certificates never change. A root is never among
/// them: its key may leave the portal, and then no node may still have it.
#[derive(Debug, Default)]
pub(crate) struct Authorities {
    loaded: RwLock<HashMap<AuthorityId, Arc<Embedded>>>,
}

impl Authorities {
    fn get(&self, id: AuthorityId) -> Option<Arc<Embedded>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.get(&id).cloned()
    }

    fn forget(&self, id: AuthorityId) {
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        loaded.remove(&id);
    }

    fn keep(&self, id: AuthorityId, authority: &Arc<Embedded>) {
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        loaded.insert(id, Arc::clone(authority));
    }
}

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
        let rows = self.store().authorities().await?;
        let row = rows.iter().find(|row| row.id == id);
        let row = row.ok_or(Error::NotFound)?;
        let loaded = Arc::new(self.load_authority(row, &rows).await?);
        if row.purpose != AuthorityPurpose::Root {
            tracing::info!(authority = %id, "an issuing authority is ready");
            self.authorities().keep(id, &loaded);
        }
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

    /// An authority with its key, for one thing that it signs.
    pub(crate) async fn signing_authority(
        &self,
        row: &AuthorityRow,
    ) -> Result<SigningAuthority, Error> {
        let sealed_key = row
            .sealed_key
            .as_ref()
            .ok_or_else(|| Error::Conflict(format!("the key of {} is kept elsewhere", row.name)))?;
        let key = self
            .key_ring()?
            .open(place::authority_key(row.id), sealed_key)?;
        let certificate = row.certificate.clone();
        Ok(self
            .cpu()
            .run(move || SigningAuthority::new(&certificate, PrivateKey::from_pkcs8(key.expose())?))
            .await??)
    }

    async fn load_authority(
        &self,
        row: &AuthorityRow,
        rows: &[AuthorityRow],
    ) -> Result<Embedded, Error> {
        let chain = chain(row, rows);
        let authority = self.signing_authority(row).await?;
        let settings = EmbeddedSettings {
            id: row.id,
            pki_url: self.policy().pki_url.clone(),
            policy_oid: self.policy().policy_oid.clone(),
            chain,
            blocklist: self.outside().blocklist(),
        };
        let journal = Journal::open(self.journal()).map_err(Error::internal)?;
        Ok(Embedded::new(
            settings,
            authority,
            journal,
            self.cpu().clone(),
        ))
    }
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
