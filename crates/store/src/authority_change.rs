//! Authorities change: new ones, retiring, keys that leave, requests to an offline root, and lists
//! that an offline root has made.

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::{Tx, exactly_one};
use crate::{AuthorityRow, CrlRow, Error, Record, Store, authority, record};
use domain::{AuthorityId, AuthorityPurpose};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// An issuing authority that waits for its certificate from an offline root.
#[derive(Clone, FromRow)]
pub struct AuthorityRequestRow {
    /// That of the authority to be.
    #[sqlx(try_from = "Uuid")]
    pub id: AuthorityId,
    /// The root that is to sign it; none where that is not known yet.
    #[sqlx(rename = "parent_id", try_from = "Maybe<Uuid>")]
    pub parent: Option<AuthorityId>,
    /// Common name that was asked for.
    pub name: String,
    /// What it will sign.
    #[sqlx(try_from = "Word<AuthorityPurpose>")]
    pub purpose: AuthorityPurpose,
    /// Its private key, sealed.
    pub sealed_key: Vec<u8>,
    /// The signing request (RFC 2986), DER.
    pub csr: Vec<u8>,
    /// When it was made.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
}

impl std::fmt::Debug for AuthorityRequestRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorityRequestRow")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// How many certificates an authority has issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct AuthorityCounts {
    /// Which authority.
    #[sqlx(rename = "authority_id", try_from = "Uuid")]
    pub id: AuthorityId,
    /// All of them.
    pub issued: i64,
    /// Neither ended nor revoked.
    pub valid: i64,
    /// Revoked for good.
    pub revoked: i64,
}

/// Whoever adds or retires an authority has all rows locked, so that two of them see each other.
const LOCK: [&str; 2] = [
    "SELECT id FROM authority ORDER BY id",
    "SELECT id FROM authority ORDER BY id FOR UPDATE",
];
const SAME: &str = "SELECT COUNT(*) FROM authority WHERE name = $1 OR certificate = $2";
const SAME_NAME: &str = "SELECT COUNT(*) FROM authority WHERE name = $1";
const RETIRE: &str = "UPDATE authority SET state = 'retired'
    WHERE id = $1 AND state = 'active' AND purpose <> 'root'";
const ACTIVATE: &str = "UPDATE authority SET state = 'active'
    WHERE id = $1 AND state = 'retired' AND purpose <> 'root'";
const OTHERS: &str = "SELECT COUNT(*) FROM authority
    JOIN authority_key ON authority_key.authority_id = authority.id
    WHERE state = 'active' AND id <> $1
        AND purpose = (SELECT purpose FROM authority WHERE id = $1)";
const REMOVE_KEY: &str = "DELETE FROM authority_key WHERE authority_id = $1";
const INSERT_REQUEST: &str = "INSERT INTO authority_request (id, parent_id, name, purpose,
        sealed_key, csr, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REQUESTS: &str = "SELECT id, parent_id, name, purpose, sealed_key, csr, created_at
    FROM authority_request ORDER BY created_at, id";
const REMOVE_REQUEST: &str = "DELETE FROM authority_request WHERE id = $1";
const COUNTS: &str = "SELECT authority_id, COUNT(*) AS issued,
        COUNT(CASE WHEN revoked_at IS NULL AND not_after > $1 THEN 1 END) AS valid,
        COUNT(revoked_at) AS revoked
    FROM certificate GROUP BY authority_id";
const FOREIGN_NUMBER: &str = "UPDATE authority SET crl_number = $2
    WHERE id = $1 AND crl_number < $2
        AND NOT EXISTS (SELECT 1 FROM authority_key WHERE authority_id = $1)";

impl Store {
    /// Adds authorities, each after its parent; where they come of a request, that is gone then.
    /// Conflict if one of them is here already, by its certificate or its name.
    pub async fn add_authorities(
        &self,
        rows: Vec<AuthorityRow>,
        request: Option<AuthorityId>,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            lock(tx).await?;
            for row in &rows {
                let same: i64 = on_each!(tx, scalar fetch_one(SAME, &row.name, &row.certificate))?;
                if same > 0 {
                    return Err(Error::Conflict("there is an authority of this name already"));
                }
                authority::insert(tx, row).await?;
            }
            if let Some(id) = request {
                exactly_one(on_each!(tx, execute(REMOVE_REQUEST, id.0))?)?;
            }
            record::append(tx, &record, None).await
        })
    }

    /// Has an authority sign no certificates any more. Where templates need one of its kind, another
    /// one has to be in use.
    pub async fn retire_authority(
        &self,
        id: AuthorityId,
        is_needed: bool,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            lock(tx).await?;
            let others: i64 = on_each!(tx, scalar fetch_one(OTHERS, id.0))?;
            if is_needed && others == 0 {
                return Err(Error::Conflict("it is the last one in use for its kind of certificates"));
            }
            if on_each!(tx, execute(RETIRE, id.0))? == 0 {
                return Err(Error::Conflict("it is retired already"));
            }
            record::append(tx, &record, None).await
        })
    }

    /// Has a retired authority sign certificates again.
    pub async fn activate_authority(&self, id: AuthorityId, record: Record) -> Result<(), Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(ACTIVATE, id.0))? == 0 {
                return Err(Error::Conflict("it is in use already"));
            }
            record::append(tx, &record, None).await
        })
    }

    /// Deletes an authority's key, which has to be kept elsewhere from now on.
    pub async fn remove_authority_key(&self, id: AuthorityId, record: Record) -> Result<(), Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(REMOVE_KEY, id.0))? == 0 {
                return Err(Error::Conflict("its key is not here (any more)"));
            }
            record::append(tx, &record, None).await
        })
    }

    /// Stores a request to an offline root. Conflict if the name is taken.
    pub async fn add_authority_request(
        &self,
        row: AuthorityRequestRow,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            let same: i64 = on_each!(tx, scalar fetch_one(SAME_NAME, &row.name))?;
            if same > 0 {
                return Err(Error::Conflict("there is an authority of this name already"));
            }
            let (parent, purpose) = (row.parent.map(|id| id.0), row.purpose.as_str());
            exactly_one(on_each!(tx, execute(INSERT_REQUEST, row.id.0, parent, &row.name, purpose, &row.sealed_key, &row.csr, micros(row.created_at)))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// Requests that wait for an offline root, oldest first.
    pub async fn authority_requests(&self) -> Result<Vec<AuthorityRequestRow>, Error> {
        on_each!(self, fetch_all(REQUESTS))
    }

    /// Deletes a request with its key.
    pub async fn remove_authority_request(
        &self,
        id: AuthorityId,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(REMOVE_REQUEST, id.0))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// How many certificates each authority has issued; one that issued none is left out.
    pub async fn authority_counts(
        &self,
        now: OffsetDateTime,
    ) -> Result<Vec<AuthorityCounts>, Error> {
        on_each!(self, fetch_all(COUNTS, micros(now)))
    }

    /// Stores a list that was made elsewhere. Conflict if its number does not rise, or if the
    /// authority's key is here, which then makes its lists.
    pub async fn put_foreign_crl(
        &self,
        authority: AuthorityId,
        row: CrlRow,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(FOREIGN_NUMBER, authority.0, row.number))? == 0 {
                return Err(Error::Conflict("a list with this or a higher number is here already"));
            }
            authority::put_crl(tx, authority, &row).await?;
            record::append(tx, &record, None).await
        })
    }
}

async fn lock(tx: &mut Tx) -> Result<(), Error> {
    let [sqlite, postgres] = LOCK;
    let statement = tx.locking(sqlite, postgres);
    let _rows: Vec<Uuid> = on_each!(tx, scalar fetch_all(statement))?;
    Ok(())
}
