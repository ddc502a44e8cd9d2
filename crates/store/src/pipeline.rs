//! The pipeline's queue: requests that are due, and the leases of the nodes that work on them.
//!
//! A lease says which node may record the next step. One that has ended may be taken by any node;
//! whoever comes too late fails to record, because each step names its node.

use crate::column::{Maybe, Micros, micros};
use crate::pool::Tx;
use crate::template::StoredTemplate;
use crate::{Error, RequestRow, Store};
use domain::{AuthorityId, CertificateId, NodeId, Template};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A request to work on, with everything its next step needs.
#[derive(Clone)]
pub struct Work {
    /// The request.
    pub request: RequestRow,
    /// Its template.
    pub template: Template,
    /// The password of the PFX, sealed.
    pub sealed_password: Option<Vec<u8>>,
    /// The private key, sealed.
    pub sealed_key: Option<Vec<u8>>,
    /// The signing request, DER.
    pub csr: Option<Vec<u8>>,
    /// What is to be signed.
    pub intent: Option<IntentRow>,
    /// The certificate, DER.
    pub certificate: Option<(CertificateId, Vec<u8>)>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work")
            .field("request", &self.request.id)
            .field("step", &self.request.step)
            .finish_non_exhaustive()
    }
}

/// What is to be signed, written down before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentRow {
    /// Serial number, as in the certificate.
    pub serial: Vec<u8>,
    /// Who will sign.
    pub authority: AuthorityId,
    /// The content, DER.
    pub tbs: Vec<u8>,
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT id FROM request
                WHERE state = 'issuing' AND next_try_at <= $3
                    AND (lease_until IS NULL OR lease_until <= $3)
                ORDER BY next_try_at, id LIMIT $4",
            $lock,
            ") UPDATE request SET lease_owner = $1, lease_until = $2
            WHERE id IN (SELECT id FROM due) RETURNING id"
        )
    };
}
const CLAIM: &str = claim!("");
const CLAIM_SKIPPING_LOCKED: &str = claim!(" FOR UPDATE SKIP LOCKED");
/// As many at a time as there are places; the nil identifier fills the rest.
const LOAD: &str = select_request!(
    ", template.summary, template.approval, template.key_algorithms, template.password_policy,
        credential.sealed_password, credential.sealed_key, credential.csr, intent.serial,
        intent.authority_id, intent.tbs, certificate.der AS certificate_der",
    "LEFT JOIN credential ON credential.request_id = request.id
    LEFT JOIN intent ON intent.request_id = request.id ",
    "WHERE request.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
);
const PLACES: usize = 16;
const RENEW: &str = "UPDATE request SET lease_until = $2 WHERE lease_owner = $1";
const RELEASE: &str = "UPDATE request SET lease_owner = NULL, lease_until = NULL
    WHERE lease_owner = $1";
const NEXT_DUE: &str = "SELECT MIN(CASE WHEN lease_until > next_try_at THEN lease_until
        ELSE next_try_at END)
    FROM request WHERE state = 'issuing'";

#[derive(FromRow)]
struct StoredWork {
    #[sqlx(flatten)]
    request: RequestRow,
    #[sqlx(flatten)]
    template: StoredTemplate,
    sealed_password: Option<Vec<u8>>,
    sealed_key: Option<Vec<u8>>,
    csr: Option<Vec<u8>>,
    serial: Option<Vec<u8>>,
    #[sqlx(try_from = "Maybe<Uuid>")]
    authority_id: Option<AuthorityId>,
    tbs: Option<Vec<u8>>,
    certificate_der: Option<Vec<u8>>,
}

impl TryFrom<StoredWork> for Work {
    type Error = Error;

    fn try_from(row: StoredWork) -> Result<Self, Error> {
        let intent = match (row.serial, row.authority_id, row.tbs) {
            (Some(serial), Some(authority), Some(tbs)) => Some(IntentRow {
                serial,
                authority,
                tbs,
            }),
            _ => None,
        };
        Ok(Self {
            certificate: row.request.certificate.zip(row.certificate_der),
            request: row.request,
            template: row.template.try_into()?,
            sealed_password: row.sealed_password,
            sealed_key: row.sealed_key,
            csr: row.csr,
            intent,
        })
    }
}

impl Store {
    /// Takes requests that are due, for `node` alone until the lease ends. Oldest first.
    pub async fn claim_work(
        &self,
        node: NodeId,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<Work>, Error> {
        let mut rows: Vec<StoredWork> = transaction!(self, tx => {
            let claim = tx.locking(CLAIM, CLAIM_SKIPPING_LOCKED);
            let (now, until) = (micros(now), micros(lease_until));
            let claimed: Vec<Uuid> =
                on_each!(tx, scalar fetch_all(claim, node.0, until, now, limit))?;
            let mut rows = Vec::with_capacity(claimed.len());
            for ids in claimed.chunks(PLACES) {
                rows.extend(load(tx, ids).await?);
            }
            Ok(rows)
        })?;
        rows.sort_by_key(|row| (row.request.next_try_at, row.request.id));
        rows.into_iter().map(Work::try_from).collect()
    }

    /// Moves the end of all leases of a node.
    pub async fn renew_leases(&self, node: NodeId, until: OffsetDateTime) -> Result<(), Error> {
        transaction!(self, tx => {
            on_each!(tx, execute(RENEW, node.0, micros(until))).map(drop)
        })
    }

    /// Gives back what a node has claimed, when it stops.
    pub async fn release_leases(&self, node: NodeId) -> Result<(), Error> {
        transaction!(self, tx => {
            on_each!(tx, execute(RELEASE, node.0)).map(drop)
        })
    }

    /// When the next request is due, which may be in the past; none if none is in the pipeline.
    pub async fn next_work_due(&self) -> Result<Option<OffsetDateTime>, Error> {
        let due: Option<i64> = on_each!(self, scalar fetch_one(NEXT_DUE))?;
        Maybe(due.map(Micros))
            .try_into()
            .map_err(|_| Error::corrupt("request", "next_try_at", "it is out of range"))
    }
}

async fn load(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<StoredWork>, Error> {
    let id = |place: usize| ids.get(place).copied().unwrap_or_default();
    on_each!(
        tx,
        fetch_all(
            LOAD,
            id(0),
            id(1),
            id(2),
            id(3),
            id(4),
            id(5),
            id(6),
            id(7),
            id(8),
            id(9),
            id(10),
            id(11),
            id(12),
            id(13),
            id(14),
            id(15)
        )
    )
}
