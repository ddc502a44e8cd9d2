//! What the database knows about waiting requests, for whoever decides them.

use crate::column::{Maybe, Micros, micros};
use crate::{Error, Store};
use domain::RequestId;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// Facts about one waiting request.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RequestEvidence {
    /// Which request.
    #[sqlx(rename = "id", try_from = "Uuid")]
    pub request: RequestId,
    /// Since when the mailbox is verified as the requester's; nothing if it is not (any more).
    #[sqlx(try_from = "Maybe<Micros>")]
    pub mailbox_verified_at: Option<OffsetDateTime>,
    /// Since when the last of the further mailboxes is verified as theirs; nothing where there are
    /// none.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub more_verified_at: Option<OffsetDateTime>,
    /// How many of the further mailboxes are verified as theirs.
    pub more_verified: i64,
    /// Valid certificates for the mailbox.
    pub valid_certificates: i64,
    /// Other open requests for the mailbox.
    pub other_open: i64,
}

/// As many at a time as there are places; the nil identifier fills the rest.
const PLACES: usize = 25;
/// What the mailboxes of the requester are that stand among the names, whole ones.
macro_rules! more {
    ($what:literal) => {
        concat!(
            "(SELECT ",
            $what,
            " FROM mailbox WHERE mailbox.person_id = request.person_id
                AND replace(' ' || request.names || ' ', ' ' || mailbox.address || ' ', '')
                    <> ' ' || request.names || ' ')"
        )
    };
}
const EVIDENCE: &str = concat!(
    "SELECT request.id,
        (SELECT mailbox.verified_at FROM mailbox WHERE mailbox.address = request.mailbox
            AND mailbox.person_id = request.person_id) AS mailbox_verified_at, ",
    more!("MAX(mailbox.verified_at)"),
    " AS more_verified_at, ",
    more!("COUNT(*)"),
    " AS more_verified,
        (SELECT COUNT(*) FROM certificate WHERE certificate.mailbox = request.mailbox
            AND certificate.not_after > $1 AND certificate.revocation_reason IS NULL) AS valid_certificates,
        (SELECT COUNT(*) FROM request AS other WHERE other.mailbox = request.mailbox
            AND other.state IN ('waiting', 'issuing') AND other.id <> request.id) AS other_open
    FROM request WHERE request.id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
        $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)"
);

impl Store {
    /// Facts about requests, in no order.
    pub async fn evidence(
        &self,
        requests: &[RequestId],
        now: OffsetDateTime,
    ) -> Result<Vec<RequestEvidence>, Error> {
        let mut rows = Vec::with_capacity(requests.len());
        for chunk in requests.chunks(PLACES) {
            let found: Vec<RequestEvidence> = self.evidence_of(chunk, micros(now)).await?;
            rows.extend(found);
        }
        Ok(rows)
    }

    async fn evidence_of(
        &self,
        requests: &[RequestId],
        now: i64,
    ) -> Result<Vec<RequestEvidence>, Error> {
        let id = |place: usize| requests.get(place).map(|id| id.0).unwrap_or_default();
        #[rustfmt::skip]
        let rows = on_each!(self, fetch_all(
            EVIDENCE, now, id(0), id(1), id(2), id(3), id(4), id(5), id(6), id(7), id(8), id(9),
            id(10), id(11), id(12), id(13), id(14), id(15), id(16), id(17), id(18), id(19), id(20),
            id(21), id(22), id(23), id(24)
        ));
        rows
    }
}
