//! Recording the outcome of a step of the pipeline.
//!
//! Each is one transaction that moves the request on, stores what the step made and appends the
//! audit entry. It takes effect only for the node that holds the lease and only once.

use crate::column::micros;
use crate::pool::{Tx, exactly_one};
use crate::{Error, IntentRow, NewCertificate, Record, Store, certificate, record};
use domain::{NodeId, RequestId, Step};
use time::OffsetDateTime;

const MOVE_ON: &str = "UPDATE request SET step = $4, attempts = 0, problem = NULL,
        next_try_at = $5, version = version + 1, updated_at = $5
    WHERE id = $1 AND lease_owner = $2 AND step = $3 AND state = 'issuing'";
const FINISH: &str = "UPDATE request SET step = 'done', state = 'issued', attempts = 0,
        problem = NULL, lease_owner = NULL, lease_until = NULL, version = version + 1,
        updated_at = $3
    WHERE id = $1 AND lease_owner = $2 AND step = 'bundle' AND state = 'issuing'";
const POSTPONE: &str = "UPDATE request SET attempts = attempts + 1, next_try_at = $3, problem = $4,
        lease_owner = NULL, lease_until = NULL, version = version + 1, updated_at = $5
    WHERE id = $1 AND lease_owner = $2 AND state = 'issuing'";
const FAIL: &str = "UPDATE request SET state = 'failed', attempts = attempts + 1, problem = $3,
        lease_owner = NULL, lease_until = NULL, version = version + 1, updated_at = $4
    WHERE id = $1 AND lease_owner = $2 AND state = 'issuing'";
const INSERT_CREDENTIAL: &str = "INSERT INTO credential (request_id, sealed_password, sealed_key,
        csr)
    VALUES ($1, $2, $3, $4)";
const INSERT_INTENT: &str =
    "INSERT INTO intent (request_id, authority_id, serial, tbs, reserved_at)
    VALUES ($1, $2, $3, $4, $5)";
const SET_PFX: &str = "UPDATE credential SET sealed_pfx = $2
    WHERE request_id = $1 AND sealed_pfx IS NULL";

impl Store {
    /// Password, key and signing request were made.
    #[expect(clippy::too_many_arguments, reason = "each is a column")]
    pub async fn record_prepared(
        &self,
        id: RequestId,
        node: NodeId,
        sealed_password: Vec<u8>,
        sealed_key: Vec<u8>,
        csr: Vec<u8>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Prepare, Step::Reserve], now).await?;
            exactly_one(on_each!(
                tx,
                execute(INSERT_CREDENTIAL, id.0, &sealed_password, &sealed_key, &csr)
            )?)?;
            record::append(tx, &record, Some(id)).await
        })
    }

    /// What is to be signed was fixed. Duplicate if the serial is in use.
    pub async fn record_reserved(
        &self,
        id: RequestId,
        node: NodeId,
        intent: IntentRow,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Reserve, Step::Sign], now).await?;
            let IntentRow { serial, authority, tbs } = &intent;
            exactly_one(on_each!(
                tx,
                execute(INSERT_INTENT, id.0, authority.0, serial, tbs, micros(now))
            )?)?;
            record::append(tx, &record, Some(id)).await
        })
    }

    /// The certificate was signed. It must be the one that was written down.
    pub async fn record_signed(
        &self,
        id: RequestId,
        node: NodeId,
        certificate: NewCertificate,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        if certificate.request != id {
            return Err(Error::Conflict(
                "the certificate belongs to another request",
            ));
        }
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Sign, Step::Bundle], now).await?;
            certificate::insert(tx, &certificate).await?;
            record::append(tx, &record, Some(id)).await
        })
    }

    /// The PFX was bundled: the request is issued.
    pub async fn record_bundled(
        &self,
        id: RequestId,
        node: NodeId,
        sealed_pfx: Vec<u8>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            held(on_each!(tx, execute(FINISH, id.0, node.0, micros(now)))?)?;
            exactly_one(on_each!(tx, execute(SET_PFX, id.0, &sealed_pfx))?)?;
            record::append(tx, &record, Some(id)).await
        })
    }

    /// A step did not succeed and is tried again later.
    pub async fn postpone(
        &self,
        id: RequestId,
        node: NodeId,
        next_try_at: OffsetDateTime,
        problem: &str,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            let next_try_at = micros(next_try_at);
            held(on_each!(
                tx,
                execute(POSTPONE, id.0, node.0, next_try_at, problem, micros(now))
            )?)
        })
    }

    /// A step cannot succeed.
    pub async fn fail(
        &self,
        id: RequestId,
        node: NodeId,
        problem: &str,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            held(on_each!(tx, execute(FAIL, id.0, node.0, problem, micros(now)))?)?;
            record::append(tx, &record, Some(id)).await
        })
    }
}

async fn move_on(
    tx: &mut Tx,
    id: RequestId,
    node: NodeId,
    [from, to]: [Step; 2],
    now: OffsetDateTime,
) -> Result<(), Error> {
    held(on_each!(
        tx,
        execute(
            MOVE_ON,
            id.0,
            node.0,
            from.as_str(),
            to.as_str(),
            micros(now)
        )
    )?)
}

/// The node must hold the lease, and the request must be at the step.
fn held(rows: u64) -> Result<(), Error> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("lease lost"))
    }
}
