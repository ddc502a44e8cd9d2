//! Certificates towards their end: whom to tell, and what renews them.
//!
//! Several nodes look at the same time; each change names in its condition what must still hold, so
//! that a notice is queued once, whoever comes first.

use crate::column::{Micros, Word, micros};
use crate::{Error, Record, RequestRow, Store, record};
use domain::{CertificateId, KeyPart, RequestId, TemplateId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A certificate that ends soon; of a split pair the half that signs.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct EndingRow {
    /// The certificate.
    #[sqlx(try_from = "Uuid")]
    pub id: CertificateId,
    /// The template it was made from.
    #[sqlx(rename = "template_id", try_from = "Uuid")]
    pub template: TemplateId,
    /// Valid from.
    #[sqlx(try_from = "Micros")]
    pub not_before: OffsetDateTime,
    /// Valid until.
    #[sqlx(try_from = "Micros")]
    pub not_after: OffsetDateTime,
    /// Days before the end for which its owner was told last.
    pub noticed_days: Option<i64>,
    /// Renewals that were ever asked for.
    pub renewals: i64,
}

/// Which of the certificates of a request.
#[derive(FromRow)]
struct Half {
    #[sqlx(try_from = "Uuid")]
    id: CertificateId,
    #[sqlx(try_from = "Word<KeyPart>")]
    part: KeyPart,
}

const ENDING: &str = "SELECT certificate.id, request.template_id, certificate.not_before,
        certificate.not_after, certificate.noticed_days,
        (SELECT COUNT(*) FROM request renewal WHERE renewal.renews = certificate.id) AS renewals
    FROM certificate
    JOIN request ON request.id = certificate.request_id
    JOIN person ON person.id = certificate.person_id
    WHERE (certificate.not_after, certificate.id) > ($1, $2) AND certificate.not_after <= $3
        AND certificate.part <> 'encrypt' AND request.state = 'issued' AND person.state = 'active'
        AND NOT EXISTS (SELECT 1 FROM certificate half
            WHERE half.request_id = certificate.request_id AND half.revocation_reason IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM request renewal
            WHERE renewal.renews = certificate.id AND renewal.state = 'issued')
    ORDER BY certificate.not_after, certificate.id LIMIT $4";
const NOTICED: &str = "UPDATE certificate SET noticed_days = $2
    WHERE id = $1 AND (noticed_days IS NULL OR noticed_days > $2)
        AND NOT EXISTS (SELECT 1 FROM certificate half
            WHERE half.request_id = certificate.request_id AND half.revocation_reason IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM request
            WHERE request.renews = certificate.id AND request.state = 'issued')
        AND EXISTS (SELECT 1 FROM person
            WHERE person.id = certificate.person_id AND person.state = 'active')";
const RENEWAL: &str = select_request!(
    "WHERE request.renews = $1 ORDER BY request.created_at DESC, request.id DESC LIMIT 1"
);
const GIVEN_UP: &str = "SELECT COUNT(*) FROM request
    WHERE renews = $1 AND state IN ('rejected', 'withdrawn', 'cancelled')";
const HALVES: &str = "SELECT id, part FROM certificate WHERE request_id = $1";
const HALF: &str = "SELECT half.id FROM certificate
    JOIN certificate half ON half.request_id = certificate.request_id
    WHERE certificate.id = $1 AND half.part = $2";

impl Store {
    /// Certificates that end after `after` and until `until`, in that order, of people who are
    /// active: neither renewed nor held nor revoked. The next page begins after the last row.
    pub async fn ending(
        &self,
        after: (OffsetDateTime, CertificateId),
        until: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<EndingRow>, Error> {
        let (from, id) = after;
        on_each!(
            self,
            fetch_all(ENDING, micros(from), id.0, micros(until), limit)
        )
    }

    /// The owner is told of the end so many days before, unless they were told for as many or fewer,
    /// or it was renewed or revoked meanwhile. Whether they are.
    pub async fn record_notice(
        &self,
        id: CertificateId,
        days: i64,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(NOTICED, id.0, days))? == 0 {
                return Ok(false);
            }
            record::append(tx, &record, None).await?;
            Ok(true)
        })
    }

    /// The last request that renews a certificate.
    pub async fn renewal_of(&self, id: CertificateId) -> Result<Option<RequestRow>, Error> {
        on_each!(self, fetch_optional(RENEWAL, id.0))
    }

    /// How many requests that would have renewed a certificate were rejected or taken back.
    pub async fn renewals_given_up(&self, id: CertificateId) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(GIVEN_UP, id.0))
    }

    /// The certificates of a request, in the order of its parts.
    pub async fn certificate_ids(&self, request: RequestId) -> Result<Vec<CertificateId>, Error> {
        let mut halves: Vec<Half> = on_each!(self, fetch_all(HALVES, request.0))?;
        halves.sort_by_key(|half| half.part);
        Ok(halves.into_iter().map(|half| half.id).collect())
    }

    /// The certificate of the same request that is this part of it.
    pub async fn half(
        &self,
        id: CertificateId,
        part: KeyPart,
    ) -> Result<Option<CertificateId>, Error> {
        let found: Option<Uuid> = on_each!(self, scalar fetch_optional(HALF, id.0, part.as_str()))?;
        Ok(found.map(CertificateId))
    }
}
