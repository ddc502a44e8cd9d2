//! What relying parties fetch over plain http: authorities' certificates and revocation lists.

use crate::{Error, Portal};
use domain::AuthorityId;
use store::AuthorityRow;

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

/// Caches on the way keep a list for this long, so that a revocation is seen within a minute.
const CRL_KEPT_SECS: u64 = 60;

impl Portal {
    /// A file by name: an authority's identifier with `.crt` (DER), `.pem`, `.p7b` (with the chain
    /// above it) or `.crl`.
    pub async fn pki_file(&self, name: &str) -> Result<Option<PkiFile>, Error> {
        let Some((stem, ending)) = name.rsplit_once('.') else {
            return Ok(None);
        };
        let Ok(id) = stem.parse::<AuthorityId>() else {
            return Ok(None);
        };
        let rows = self.store().authorities().await?;
        let Some(authority) = rows.iter().find(|row| row.id == id) else {
            return Ok(None);
        };
        let of_certificate = |content_type, bytes: Vec<u8>| {
            Ok(Some(PkiFile {
                content_type,
                etag: etag(&bytes),
                bytes,
                max_age_secs: 86_400,
            }))
        };
        match ending {
            "crt" => of_certificate("application/pkix-cert", authority.certificate.clone()),
            "pem" => {
                let pem = pki::pem::certificates(&[&authority.certificate])?;
                of_certificate("application/x-pem-file", pem.into_bytes())
            }
            "p7b" => {
                let chain = crate::authority::chain(authority, &rows);
                of_certificate("application/x-pkcs7-certificates", pki::p7b(&chain)?)
            }
            "crl" => match self.crl_file(authority).await {
                Err(Error::NotFound) => Ok(None),
                file => file.map(Some),
            },
            _ => Ok(None),
        }
    }

    async fn crl_file(&self, authority: &AuthorityRow) -> Result<PkiFile, Error> {
        let row = self.crl(authority).await?;
        let left = (row.next_update - self.now()).whole_seconds();
        Ok(PkiFile {
            content_type: "application/pkix-crl",
            etag: etag(&row.der),
            bytes: row.der,
            max_age_secs: u64::try_from(left).unwrap_or_default().min(CRL_KEPT_SECS),
        })
    }
}

pub(crate) fn etag(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = hex::encode(Sha256::digest(bytes));
    format!("\"{}\"", digest.get(..32).unwrap_or(&digest))
}
