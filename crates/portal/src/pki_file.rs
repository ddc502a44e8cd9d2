//! What relying parties fetch over plain http: authorities' certificates and revocation lists.

use crate::{Error, Portal, place};
use domain::AuthorityId;
use pki::{PrivateKey, SigningAuthority};
use store::{AuthorityRow, CrlRow};
use time::Duration;

/// A file for relying parties.
#[derive(Debug, Clone)]
pub struct PkiFile {
    /// Media type (RFC 2585 section 4).
    pub content_type: &'static str,
    /// DER.
    pub bytes: Vec<u8>,
    /// Changes when the content does.
    pub etag: String,
    /// For how long it may be kept, in seconds.
    pub max_age_secs: u64,
}

/// A list is valid for this long.
const CRL_LIFE: Duration = Duration::days(7);
/// A list older than this is made anew.
const CRL_RENEWED: Duration = Duration::hours(24);

impl Portal {
    /// A file by name: `<authority id>.crt` or `<authority id>.crl`.
    pub async fn pki_file(&self, name: &str) -> Result<Option<PkiFile>, Error> {
        let Some((stem, ending)) = name.rsplit_once('.') else {
            return Ok(None);
        };
        let Ok(id) = stem.parse::<AuthorityId>() else {
            return Ok(None);
        };
        let rows = self.store().authorities().await?;
        let Some(authority) = rows.into_iter().find(|row| row.id == id) else {
            return Ok(None);
        };
        match ending {
            "crt" => Ok(Some(PkiFile {
                content_type: "application/pkix-cert",
                etag: etag(&authority.certificate),
                bytes: authority.certificate,
                max_age_secs: 86_400,
            })),
            "crl" => self.crl(&authority).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn crl(&self, authority: &AuthorityRow) -> Result<PkiFile, Error> {
        let now = self.now();
        let row = match self.store().crl(authority.id).await? {
            Some(row) if row.this_update + CRL_RENEWED > now => row,
            _ => self.make_crl(authority).await?,
        };
        let left = (row.next_update - now).whole_seconds().clamp(0, 3600);
        Ok(PkiFile {
            content_type: "application/pkix-crl",
            etag: etag(&row.der),
            bytes: row.der,
            max_age_secs: u64::try_from(left).unwrap_or_default(),
        })
    }

    async fn make_crl(&self, authority: &AuthorityRow) -> Result<CrlRow, Error> {
        let now = self.now();
        let next_update = now + CRL_LIFE;
        let number = self.store().next_crl_number(authority.id).await?;
        let key = self
            .key_ring()?
            .open(place::authority_key(authority.id), &authority.sealed_key)?;
        let certificate = authority.certificate.clone();
        let crl_number = u64::try_from(number).map_err(Error::internal)?;
        let made = self.cpu().run(move || {
            let signer =
                SigningAuthority::new(&certificate, PrivateKey::from_pkcs8(key.expose())?)?;
            pki::create_crl(&signer, crl_number, now, next_update, &[])
        });
        let row = CrlRow {
            number,
            der: made.await??,
            this_update: now,
            next_update,
        };
        self.store().put_crl(authority.id, row.clone()).await?;
        Ok(row)
    }
}

pub(crate) fn etag(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = hex::encode(Sha256::digest(bytes));
    format!("\"{}\"", digest.get(..32).unwrap_or(&digest))
}
