//! The pipeline's queue: requests that are due, and the leases of the nodes that work on them.
//!
//! A lease says which node may record the next step. One that has ended may be taken by any node;
//! whoever comes too late fails to record, because each step names its node.

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::Tx;
use crate::{Error, RequestRow, Store};
use domain::{AuthorityId, CertificateId, KeyPart, NodeId, RequestId, Step};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A request to work on, with everything its next step needs.
#[derive(Debug, Clone)]
pub struct Work {
    /// The request.
    pub request: RequestRow,
    /// A signing request that was brought along, DER.
    pub own_csr: Option<Vec<u8>>,
    /// What was made for it so far: nothing before it is prepared, then one for each certificate.
    pub parts: Vec<WorkPart>,
}

/// What was made for one certificate of a request so far.
#[derive(Clone)]
pub struct WorkPart {
    /// Which one.
    pub part: KeyPart,
    /// The password of the PFX, sealed; none where the owner keeps the key.
    pub sealed_password: Option<Vec<u8>>,
    /// The private key, sealed; none where the owner keeps it.
    pub sealed_key: Option<Vec<u8>>,
    /// The signing request, DER.
    pub csr: Vec<u8>,
    /// What is to be signed.
    pub intent: Option<IntentRow>,
    /// The certificate, DER.
    pub certificate: Option<(CertificateId, Vec<u8>)>,
}

impl std::fmt::Debug for WorkPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkPart")
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

/// What is to be signed, written down before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentRow {
    /// Which of the certificates of the request.
    pub part: KeyPart,
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
/// The nil identifier fills the places of a statement that has more than there are.
macro_rules! places {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    };
}
const LOAD: &str = select_request!(
    ", request.csr AS own_csr",
    "",
    concat!("WHERE request.id IN ", places!())
);
const PARTS: &str = concat!(
    "SELECT credential.request_id, credential.part, credential.sealed_password,
        credential.sealed_key, credential.csr, intent.serial, intent.authority_id, intent.tbs,
        certificate.id AS certificate_id, certificate.der AS certificate_der
    FROM credential
    LEFT JOIN intent ON intent.request_id = credential.request_id
        AND intent.part = credential.part
    LEFT JOIN certificate ON certificate.request_id = credential.request_id
        AND certificate.part = credential.part
    WHERE credential.request_id IN ",
    places!(),
    // Signing before encrypting.
    " ORDER BY credential.request_id, credential.part DESC"
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
    own_csr: Option<Vec<u8>>,
}

#[derive(FromRow)]
struct StoredPart {
    #[sqlx(rename = "request_id", try_from = "Uuid")]
    request: RequestId,
    #[sqlx(try_from = "Word<KeyPart>")]
    part: KeyPart,
    sealed_password: Option<Vec<u8>>,
    sealed_key: Option<Vec<u8>>,
    csr: Vec<u8>,
    serial: Option<Vec<u8>>,
    #[sqlx(try_from = "Maybe<Uuid>")]
    authority_id: Option<AuthorityId>,
    tbs: Option<Vec<u8>>,
    #[sqlx(try_from = "Maybe<Uuid>")]
    certificate_id: Option<CertificateId>,
    certificate_der: Option<Vec<u8>>,
}

impl From<StoredPart> for WorkPart {
    fn from(row: StoredPart) -> Self {
        let intent = match (row.serial, row.authority_id, row.tbs) {
            (Some(serial), Some(authority), Some(tbs)) => Some(IntentRow {
                part: row.part,
                serial,
                authority,
                tbs,
            }),
            _ => None,
        };
        Self {
            part: row.part,
            sealed_password: row.sealed_password,
            sealed_key: row.sealed_key,
            csr: row.csr,
            intent,
            certificate: row.certificate_id.zip(row.certificate_der),
        }
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
        let mut works: Vec<Work> = transaction!(self, tx => {
            let claim = tx.locking(CLAIM, CLAIM_SKIPPING_LOCKED);
            let (now, until) = (micros(now), micros(lease_until));
            let claimed: Vec<Uuid> =
                on_each!(tx, scalar fetch_all(claim, node.0, until, now, limit))?;
            let mut works = Vec::with_capacity(claimed.len());
            for ids in claimed.chunks(PLACES) {
                works.extend(load(tx, ids).await?);
            }
            Ok(works)
        })?;
        works.sort_by_key(|work| (work.request.next_try_at, work.request.id));
        Ok(works)
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

async fn load(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Work>, Error> {
    let id = |place: usize| ids.get(place).copied().unwrap_or_default();
    macro_rules! fetch {
        ($statement:ident) => {
            on_each!(
                tx,
                fetch_all(
                    $statement,
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
        };
    }
    let rows: Vec<StoredWork> = fetch!(LOAD)?;
    let mut works: Vec<Work> = rows
        .into_iter()
        .map(|row| Work {
            request: row.request,
            own_csr: row.own_csr,
            parts: Vec::new(),
        })
        .collect();
    // Most come fresh from the queue: then there is nothing yet.
    if works.iter().any(|work| work.request.step != Step::Prepare) {
        let parts: Vec<StoredPart> = fetch!(PARTS)?;
        for part in parts {
            if let Some(work) = works
                .iter_mut()
                .find(|work| work.request.id == part.request)
            {
                work.parts.push(part.into());
            }
        }
    }
    Ok(works)
}
