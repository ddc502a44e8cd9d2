//! Recording the outcome of a step of the pipeline.
//!
//! Each is one transaction that moves the request on, stores what the step made and appends the
//! audit entry. It takes effect only for the node that holds the lease and only once.

use crate::column::micros;
use crate::key_owner;
use crate::pool::{Tx, exactly_one};
use crate::{
    Error, IntentRow, NewCertificate, Record, Store, certificate, certificate_index, record,
};
use domain::{KeyPart, NodeId, PoolKeyId, RequestId, Step};
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
const INSERT_CREDENTIAL: &str = "INSERT INTO credential (request_id, part, sealed_password,
        sealed_key, csr)
    VALUES ($1, $2, $3, $4, $5)";
/// Why a step could not be recorded: somebody else used the key made ahead.
pub const KEY_USED_UP: &str = "the key made ahead is used up";

const USE_POOL_KEY: &str = "DELETE FROM pool_key WHERE id = $1";
const INSERT_INTENT: &str =
    "INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const SET_PFX: &str = "UPDATE credential SET sealed_pfx = $3
    WHERE request_id = $1 AND part = $2 AND sealed_pfx IS NULL";

/// What was prepared for one certificate of a request.
#[derive(Clone)]
pub struct NewCredential {
    /// Which one.
    pub part: KeyPart,
    /// Password and private key, sealed; none where the owner keeps the key.
    pub sealed: Option<SealedKey>,
    /// The signing request, DER.
    pub csr: Vec<u8>,
}

/// A password and the private key that it will protect, sealed.
#[derive(Clone)]
pub struct SealedKey {
    /// Password of the PFX.
    pub password: Vec<u8>,
    /// Private key.
    pub key: Vec<u8>,
    /// The key made ahead that it was, which is used up with this.
    pub from_pool: Option<PoolKeyId>,
}

impl std::fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedKey")
            .field("from_pool", &self.from_pool)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCredential")
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

/// A PFX of one certificate of a request, sealed.
#[derive(Debug, Clone)]
pub struct SealedPfx {
    /// Which one.
    pub part: KeyPart,
    /// The PFX.
    pub pfx: Vec<u8>,
}

impl Store {
    /// Passwords, keys and signing requests were made, for all certificates of the request at once.
    /// Conflict with [`KEY_USED_UP`] if a key made ahead is used up already: nothing was changed, and
    /// the lease still holds.
    pub async fn record_prepared(
        &self,
        id: RequestId,
        node: NodeId,
        credentials: Vec<NewCredential>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Prepare, Step::Reserve], now).await?;
            for credential in &credentials {
                insert_credential(tx, id, credential).await?;
            }
            record::append(tx, &record, Some(id)).await
        })
    }

    /// What is to be signed was fixed, all of it. Duplicate if a serial is in use.
    pub async fn record_reserved(
        &self,
        id: RequestId,
        node: NodeId,
        intents: Vec<IntentRow>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        self.reserve((id, node), intents, None, now, record).await
    }

    /// As [`Store::record_reserved`], for a key that was brought along: it is claimed for the person,
    /// before whom nobody else had it certified. Conflict with [`key_owner::KEY_OF_SOMEBODY_ELSE`] if somebody
    /// had: nothing was changed, and the lease still holds.
    pub async fn record_reserved_with_key(
        &self,
        id: RequestId,
        node: NodeId,
        (intents, key_id): (Vec<IntentRow>, &[u8]),
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        self.reserve((id, node), intents, Some(key_id), now, record)
            .await
    }

    async fn reserve(
        &self,
        (id, node): (RequestId, NodeId),
        intents: Vec<IntentRow>,
        brought: Option<&[u8]>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Reserve, Step::Sign], now).await?;
            if let Some(key_id) = brought {
                key_owner::claim(tx, id, key_id).await?;
            }
            for IntentRow { part, serial, authority, tbs } in &intents {
                let (part, authority) = (part.as_str(), authority.0);
                exactly_one(on_each!(
                    tx,
                    execute(INSERT_INTENT, id.0, part, authority, serial, tbs, micros(now))
                )?)?;
            }
            record::append(tx, &record, Some(id)).await
        })
    }

    /// The certificates were signed. They must be the ones that were written down.
    pub async fn record_signed(
        &self,
        id: RequestId,
        node: NodeId,
        certificates: Vec<NewCertificate>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        if certificates
            .iter()
            .any(|certificate| certificate.request != id)
        {
            return Err(Error::Conflict(
                "the certificate belongs to another request",
            ));
        }
        transaction!(self, tx => {
            move_on(tx, id, node, [Step::Sign, Step::Bundle], now).await?;
            for certificate in &certificates {
                certificate::insert(tx, certificate).await?;
            }
            record::append(tx, &record, Some(id)).await
        })
    }

    /// Every PFX was bundled: the request is issued.
    pub async fn record_bundled(
        &self,
        id: RequestId,
        node: NodeId,
        bundles: Vec<SealedPfx>,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            held(on_each!(tx, execute(FINISH, id.0, node.0, micros(now)))?)?;
            for SealedPfx { part, pfx } in &bundles {
                exactly_one(on_each!(tx, execute(SET_PFX, id.0, part.as_str(), pfx))?)?;
            }
            certificate_index::add(tx, id).await?;
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

async fn insert_credential(
    tx: &mut Tx,
    id: RequestId,
    credential: &NewCredential,
) -> Result<(), Error> {
    let sealed = credential.sealed.as_ref();
    if let Some(pool_key) = sealed.and_then(|sealed| sealed.from_pool)
        && on_each!(tx, execute(USE_POOL_KEY, pool_key.0))? == 0
    {
        return Err(Error::Conflict(KEY_USED_UP));
    }
    let (password, key) = (sealed.map(|s| &s.password), sealed.map(|s| &s.key));
    let (part, csr) = (credential.part.as_str(), &credential.csr);
    exactly_one(on_each!(
        tx,
        execute(INSERT_CREDENTIAL, id.0, part, password, key, csr)
    )?)
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
