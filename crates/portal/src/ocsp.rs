//! Answering for the status of certificates (OCSP, RFC 6960). Open to everybody.
//!
//! An answer without a nonce is kept and given to everybody who asks the same, for half of its life
//! at most; the row of the certificate is looked at again every few seconds, so that a revocation
//! on any node is answered within [`RECHECK`]. An answer with a nonce is signed for the one who
//! asked. Nothing is ever called good that was not issued.

mod cache;
mod responder;
mod state;

use crate::{Error, Portal};
use cache::Kept;
use pki::ocsp::{CertId, CertStatus, OcspError, OcspRequest};
use responder::{Ready, Slot};
use std::sync::Arc;
use store::StatusRow;
use time::{Duration, OffsetDateTime};

pub(crate) use state::OcspState;

/// An answer is valid for this long.
const LIFE: Duration = Duration::hours(24);
/// A kept answer older than this is made anew.
const RENEWED: Duration = Duration::hours(12);
/// A revocation is answered after this long at the latest.
const RECHECK: Duration = Duration::seconds(4);
/// Others may keep an answer for this long.
const LONGEST_AGE: Duration = Duration::hours(1);

/// An answer to a request, an error included.
#[derive(Debug, Clone)]
pub struct OcspAnswer {
    /// `OCSPResponse` (RFC 6960 section 4.2.1), DER.
    pub bytes: Arc<[u8]>,
    /// How it may be kept; nothing where it is for one asker only.
    pub caching: Option<OcspCaching>,
}

/// How an answer may be kept (RFC 5019 section 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspCaching {
    /// Changes when the content does.
    pub etag: String,
    /// For how long it may be kept, in seconds.
    pub max_age_secs: u64,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// Until when it is valid.
    pub next_update: OffsetDateTime,
}

impl Portal {
    /// Answers a request. Whatever is sent has an answer, and a fault is never a status.
    pub async fn ocsp(&self, request: &[u8]) -> OcspAnswer {
        let Ok(request) = OcspRequest::parse(request) else {
            return OcspAnswer::once(OcspError::MalformedRequest.to_der());
        };
        match self.ocsp_answer(request).await {
            Ok(answer) => answer,
            Err(error) => OcspAnswer::once(self.ocsp_error(error).to_der()),
        }
    }

    async fn ocsp_answer(&self, request: OcspRequest) -> Result<OcspAnswer, Error> {
        // An answer has one signature, so the first authority that is ours gives it.
        let mut found = None;
        for id in &request.ids {
            if found.is_none() {
                found = self.ocsp_slot(id).await?;
            }
        }
        let slot = found.ok_or(Error::NotFound)?;
        let ready = self.ocsp_responder(&slot).await?;
        if let ([id], None) = (request.ids.as_slice(), &request.nonce) {
            return self.kept_answer(&slot, &ready, id).await;
        }
        let now = self.now();
        let mut statuses = Vec::with_capacity(request.ids.len());
        for id in request.ids {
            let status = self.ocsp_status(&slot, &id).await?;
            statuses.push((id, status));
        }
        let bytes = self
            .sign_answer(ready, statuses, request.nonce, now)
            .await?;
        Ok(OcspAnswer::once(bytes))
    }

    async fn kept_answer(
        &self,
        slot: &Slot,
        ready: &Arc<Ready>,
        id: &CertId,
    ) -> Result<OcspAnswer, Error> {
        let (now, state) = (self.now(), self.ocsp_state());
        let kept = state
            .cache()
            .find(id.der())
            .filter(|kept| within(RENEWED, kept.this_update, now));
        if let Some(kept) = &kept
            && within(RECHECK, kept.checked_at, now)
        {
            return Ok(kept.answer(now));
        }
        let status = self.ocsp_status(slot, id).await?;
        if let Some(kept) = kept
            && kept.status == status
        {
            state.cache().set_checked(id.der(), now);
            return Ok(kept.answer(now));
        }
        let signed = vec![(id.clone(), status)];
        let bytes = self
            .sign_answer(Arc::clone(ready), signed, None, now)
            .await?;
        if status == CertStatus::Unknown {
            // It may be issued in a moment; and numbers out of the air must not fill the cache.
            return Ok(OcspAnswer::once(bytes));
        }
        let next_update = (now + LIFE).min(ready.responder.not_after());
        let kept = Kept::new(bytes, status, now, next_update);
        let answer = kept.answer(now);
        state.cache().keep(id.der(), kept);
        Ok(answer)
    }

    async fn ocsp_status(&self, slot: &Slot, id: &CertId) -> Result<CertStatus, Error> {
        if !slot.issuer.is_issuer_of(id) {
            return Ok(CertStatus::Unknown);
        }
        if pki::Serial::from_bytes(id.serial()).is_ok() {
            let row = self
                .store()
                .certificate_status(slot.authority, id.serial())
                .await?;
            if let Some(row) = row {
                return Ok(status(&row));
            }
        }
        // An authority below this one; its number is of any length where somebody else chose it.
        let rows = self.store().authorities().await?;
        for row in rows.iter().filter(|row| row.parent == Some(slot.authority)) {
            if pki::AuthorityFacts::read(&row.certificate)?.serial == id.serial() {
                return Ok(CertStatus::Good);
            }
        }
        Ok(CertStatus::Unknown)
    }

    async fn sign_answer(
        &self,
        ready: Arc<Ready>,
        statuses: Vec<(CertId, CertStatus)>,
        nonce: Option<Vec<u8>>,
        now: OffsetDateTime,
    ) -> Result<Vec<u8>, Error> {
        let state = self.ocsp_state();
        let _turn = state.turn()?;
        let signed = state.cpu().run(move || {
            let next_update = now + LIFE;
            ready
                .responder
                .answer(&statuses, nonce.as_deref(), now, next_update)
        });
        Ok(signed.await??)
    }

    /// An error as the protocol has it (RFC 6960 section 2.3).
    fn ocsp_error(&self, error: Error) -> OcspError {
        match error {
            Error::NotFound => OcspError::Unauthorized,
            Error::Sealed | Error::Busy(_) => OcspError::TryLater,
            other => {
                // Logs the cause.
                self.explain(other);
                OcspError::InternalError
            }
        }
    }
}

impl OcspAnswer {
    fn once(bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            caching: None,
        }
    }
}

fn status(row: &StatusRow) -> CertStatus {
    match &row.revoked {
        None => CertStatus::Good,
        Some((at, reason)) => CertStatus::Revoked {
            at: *at,
            reason: reason_code(reason),
        },
    }
}

/// `CRLReason` (RFC 5280 section 5.3.1) by its word; unspecified is better left out.
fn reason_code(word: &str) -> Option<u8> {
    match word {
        "keyCompromise" => Some(1),
        "affiliationChanged" => Some(3),
        "superseded" => Some(4),
        "cessationOfOperation" => Some(5),
        "certificateHold" => Some(6),
        "privilegeWithdrawn" => Some(9),
        _ => None,
    }
}

/// Whether less than so much time went by; a clock that was set back makes nothing younger.
fn within(length: Duration, since: OffsetDateTime, now: OffsetDateTime) -> bool {
    (Duration::ZERO..length).contains(&(now - since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-04 09:00 UTC);

    #[test]
    fn a_row_is_good_until_it_is_revoked() {
        let mut row = StatusRow {
            issued_at: NOW,
            revoked: None,
        };
        assert_eq!(status(&row), CertStatus::Good);
        for (word, reason) in [
            ("keyCompromise", Some(1)),
            ("certificateHold", Some(6)),
            ("unspecified", None),
        ] {
            row.revoked = Some((NOW, word.to_owned()));
            assert_eq!(status(&row), CertStatus::Revoked { at: NOW, reason });
        }
    }

    #[test]
    fn nothing_is_young_before_it_was_made() {
        assert!(within(RECHECK, NOW, NOW));
        assert!(!within(RECHECK, NOW, NOW + RECHECK));
        assert!(!within(RECHECK, NOW, NOW - Duration::SECOND));
    }
}
