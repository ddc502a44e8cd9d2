//! Walks over everything that is stored, page by page, for checks that need more than SQL.

use crate::column::Word;
use crate::{Error, Store};
use domain::{CertificateId, KeyPart, PersonId, RequestId};
use sqlx::FromRow;
use uuid::Uuid;

/// A certificate on a walk.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CertificateWalkRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: CertificateId,
    /// The request it was made for.
    #[sqlx(rename = "request_id", try_from = "Uuid")]
    pub request: RequestId,
    /// Whose it is.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// The serial number it is stored under.
    pub serial: Vec<u8>,
}

/// Sealed secrets on a walk.
#[derive(Clone, FromRow)]
pub struct SealedCredentialRow {
    /// The request they were made for.
    #[sqlx(rename = "request_id", try_from = "Uuid")]
    pub request: RequestId,
    /// Which of its certificates.
    #[sqlx(try_from = "Word<KeyPart>")]
    pub part: KeyPart,
    /// Whose they are.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// Password of the PFX; none where the owner keeps the key.
    #[sqlx(rename = "sealed_password")]
    pub password: Option<Vec<u8>>,
    /// Private key; none where the owner keeps it.
    #[sqlx(rename = "sealed_key")]
    pub key: Option<Vec<u8>>,
    /// PFX, once it is bundled.
    #[sqlx(rename = "sealed_pfx")]
    pub pfx: Option<Vec<u8>>,
}

impl std::fmt::Debug for SealedCredentialRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedCredentialRow")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

const CERTIFICATES: &str = "SELECT id, request_id, person_id, der, serial FROM certificate
    WHERE id > $1 ORDER BY id LIMIT $2";
const CREDENTIALS: &str = "SELECT credential.request_id, credential.part, request.person_id,
        credential.sealed_password, credential.sealed_key, credential.sealed_pfx
    FROM credential JOIN request ON request.id = credential.request_id
    WHERE credential.request_id > $1
        OR (credential.request_id = $1 AND credential.part > $2)
    ORDER BY credential.request_id, credential.part LIMIT $3";
const COUNT_INTENTS: &str = "SELECT (SELECT COUNT(*) FROM intent WHERE serial = $1)
    + (SELECT COUNT(*) FROM ocsp_responder WHERE serial = $1)
    + (SELECT COUNT(*) FROM journal_revocation WHERE serial = $1)";

impl Store {
    /// Certificates by identifier, after one.
    pub async fn certificates_after(
        &self,
        after: Option<CertificateId>,
        limit: i64,
    ) -> Result<Vec<CertificateWalkRow>, Error> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        on_each!(self, fetch_all(CERTIFICATES, after, limit))
    }

    /// Sealed secrets by request and part, after one.
    pub async fn credentials_after(
        &self,
        after: Option<(RequestId, KeyPart)>,
        limit: i64,
    ) -> Result<Vec<SealedCredentialRow>, Error> {
        let (id, part) = after.map_or((Uuid::nil(), ""), |(id, part)| (id.0, part.as_str()));
        on_each!(self, fetch_all(CREDENTIALS, id, part, limit))
    }

    /// Whether it was written down that something with this serial number is to be signed, or that
    /// it was signed and is revoked.
    pub async fn has_intent(&self, serial: &[u8]) -> Result<bool, Error> {
        let count: i64 = on_each!(self, scalar fetch_one(COUNT_INTENTS, serial))?;
        Ok(count > 0)
    }
}
