//! Writing an answer (RFC 6960 section 4.2).

use super::{CertId, Responder};
use crate::asn1::{
    bit_string, constructed, element, enumerated, generalized_time, octet_string, oid, primitive,
    sequence, sequence_of,
};
use crate::tbs::whole_seconds;
use crate::{Error, extension, oid};
use time::OffsetDateTime;

/// Status of a certificate (RFC 6960 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Issued and not revoked.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// Since when.
        at: OffsetDateTime,
        /// `CRLReason` (RFC 5280 section 5.3.1); none where no reason is given.
        reason: Option<u8>,
    },
    /// Not issued by this authority, as far as anybody knows.
    Unknown,
}

impl CertStatus {
    fn to_der(self) -> Vec<u8> {
        match self {
            Self::Good => primitive(0, &[]),
            Self::Revoked { at, reason } => {
                let reason = reason.map(|code| constructed(0, &enumerated(code)));
                let at = generalized_time(whole_seconds(at));
                constructed(1, &[at, reason.unwrap_or_default()].concat())
            }
            Self::Unknown => primitive(2, &[]),
        }
    }
}

/// Why there is no status (RFC 6960 section 2.3). Such an answer is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspError {
    /// The request is not one.
    MalformedRequest,
    /// The responder has a fault; another one may answer.
    InternalError,
    /// The responder cannot answer now.
    TryLater,
    /// This responder does not answer for the certificate's issuer.
    Unauthorized,
}

impl OcspError {
    /// The whole answer, in DER.
    pub fn to_der(self) -> Vec<u8> {
        let status = match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::Unauthorized => 6,
        };
        sequence(&[&enumerated(status)])
    }
}

impl Responder {
    /// Answers for certificates, each with its status, valid from `now` to `next_update`, or to
    /// the end of the responder's own certificate if that is sooner. Returns an `OCSPResponse`.
    pub fn answer(
        &self,
        statuses: &[(CertId, CertStatus)],
        nonce: Option<&[u8]>,
        now: OffsetDateTime,
        next_update: OffsetDateTime,
    ) -> Result<Vec<u8>, Error> {
        let this_update = generalized_time(whole_seconds(now));
        let next_update = constructed(
            0,
            &generalized_time(whole_seconds(next_update.min(self.not_after()))),
        );
        let single = |(id, status): &(CertId, CertStatus)| {
            sequence(&[id.der(), &status.to_der(), &this_update, &next_update])
        };
        let extensions = nonce.map_or_else(Vec::new, |nonce| {
            constructed(1, &sequence(&[&extension::ocsp_nonce(nonce)]))
        });
        let content = sequence(&[
            // byKey (RFC 6960 section 4.2.1): short, and always unambiguous.
            &constructed(2, &octet_string(self.key_id())),
            &this_update,
            &sequence_of(&statuses.iter().map(single).collect::<Vec<_>>()),
            &extensions,
        ]);
        let (algorithm, signature) = self.key().sign(&content)?;
        let basic = sequence(&[
            &content,
            algorithm.identifier(),
            &bit_string(&signature),
            &constructed(0, &sequence(&[self.certificate()])),
        ]);
        let bytes = sequence(&[&oid(oid::OCSP_BASIC), &octet_string(&basic)]);
        Ok(element(
            0x30,
            &[enumerated(0), constructed(0, &bytes)].concat(),
        ))
    }
}
