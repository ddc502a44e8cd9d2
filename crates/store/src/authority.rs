//! Certification authorities and their revocation lists.

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Store};
use domain::{AuthorityId, AuthorityPurpose};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A certification authority.
#[derive(Clone, FromRow)]
pub struct AuthorityRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: AuthorityId,
    /// Who signed its certificate; none for a root.
    #[sqlx(rename = "parent_id", try_from = "Maybe<Uuid>")]
    pub parent: Option<AuthorityId>,
    /// Common name.
    pub name: String,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
    /// What it signs.
    #[sqlx(try_from = "Word<AuthorityPurpose>")]
    pub purpose: AuthorityPurpose,
    /// Whether it signs new certificates; one that does not still lists its revoked ones.
    pub is_active: bool,
    /// Its private key, sealed; none for one whose key is kept elsewhere.
    pub sealed_key: Option<Vec<u8>>,
    /// When it was made.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
}

impl std::fmt::Debug for AuthorityRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorityRow")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A revocation list (RFC 5280 section 5).
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CrlRow {
    /// Its number, higher than that of every earlier list.
    pub number: i64,
    /// The list, DER.
    pub der: Vec<u8>,
    /// When it was issued.
    #[sqlx(try_from = "Micros")]
    pub this_update: OffsetDateTime,
    /// When the next one comes at the latest.
    #[sqlx(try_from = "Micros")]
    pub next_update: OffsetDateTime,
    /// How many changes of revocation it was made from, see [`CrlNumber`].
    pub revocations: i64,
}

/// What is known of a stored list without reading it: it may be tens of megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct CrlHead {
    /// Its number.
    pub number: i64,
    /// When it was issued.
    #[sqlx(try_from = "Micros")]
    pub this_update: OffsetDateTime,
    /// Until when it is valid.
    #[sqlx(try_from = "Micros")]
    pub next_update: OffsetDateTime,
    /// Of how many changes it was made.
    pub made_from: i64,
    /// How many changes there are now.
    pub revocations: i64,
}

/// What a revocation list to be made is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct CrlNumber {
    /// Its number, higher than every one given out before.
    #[sqlx(rename = "crl_number")]
    pub number: i64,
    /// How often something of the authority was held, re-activated or revoked so far. Entries read
    /// from now on contain all of it.
    pub revocations: i64,
}

const INSERT: &str = "INSERT INTO authority (id, parent_id, name, certificate, purpose, state,
        crl_number, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
const INSERT_KEY: &str = "INSERT INTO authority_key (authority_id, sealed_key) VALUES ($1, $2)";
const LIST: &str = "SELECT id, parent_id, name, certificate, purpose,
        state = 'active' AS is_active, sealed_key, created_at
    FROM authority LEFT JOIN authority_key ON authority_key.authority_id = authority.id
    ORDER BY CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, created_at, id";
const MICROS_OF_A_MILLISECOND: i64 = 1_000;
/// At least the time in milliseconds, so that after a restore no number is given out again: more
/// than one list in a millisecond, for long, would be needed to get ahead of the clock.
const NEXT_CRL_NUMBER: &str = "UPDATE authority
    SET crl_number = CASE WHEN crl_number < $2 THEN $2 ELSE crl_number + 1 END WHERE id = $1
    RETURNING crl_number, revocations";
const CRL: &str = "SELECT number, der, this_update, next_update, revocations FROM crl
    WHERE authority_id = $1";
const CRL_HEAD: &str = "SELECT crl.number, crl.this_update, crl.next_update,
        crl.revocations AS made_from,
        authority.revocations
    FROM crl JOIN authority ON authority.id = crl.authority_id WHERE crl.authority_id = $1";
const REVOCATIONS: &str = "SELECT revocations FROM authority WHERE id = $1";
/// A list never replaces a newer one.
const PUT_CRL: &str = "INSERT INTO crl (authority_id, number, der, this_update, next_update,
        revocations)
    SELECT id, $2, $3, $4, $5, $6 FROM authority WHERE id = $1 AND crl_number >= $2
    ON CONFLICT (authority_id) DO UPDATE SET number = excluded.number, der = excluded.der,
        this_update = excluded.this_update, next_update = excluded.next_update,
        revocations = excluded.revocations
    WHERE crl.number < excluded.number";

pub(crate) async fn insert(tx: &mut Tx, row: &AuthorityRow) -> Result<(), Error> {
    exactly_one(on_each!(
        tx,
        execute(
            INSERT,
            row.id.0,
            row.parent.map(|id| id.0),
            &row.name,
            &row.certificate,
            row.purpose.as_str(),
            if row.is_active { "active" } else { "retired" },
            micros(row.created_at)
        )
    )?)?;
    if let Some(key) = &row.sealed_key {
        exactly_one(on_each!(tx, execute(INSERT_KEY, row.id.0, key))?)?;
    }
    Ok(())
}

pub(crate) async fn put_crl(
    tx: &mut Tx,
    authority: AuthorityId,
    row: &CrlRow,
) -> Result<(), Error> {
    let (this_update, next_update) = (micros(row.this_update), micros(row.next_update));
    let (number, der, made_from) = (row.number, &row.der, row.revocations);
    let rows = on_each!(
        tx,
        execute(
            PUT_CRL,
            authority.0,
            number,
            der,
            this_update,
            next_update,
            made_from
        )
    )?;
    if rows == 0 {
        return Err(Error::Conflict("a newer revocation list is stored"));
    }
    Ok(())
}

impl Store {
    /// All authorities, roots first.
    pub async fn authorities(&self) -> Result<Vec<AuthorityRow>, Error> {
        on_each!(self, fetch_all(LIST))
    }

    /// The newest revocation list of an authority.
    pub async fn crl(&self, authority: AuthorityId) -> Result<Option<CrlRow>, Error> {
        on_each!(self, fetch_optional(CRL, authority.0))
    }

    /// The newest revocation list of an authority, all but the list.
    pub async fn crl_head(&self, authority: AuthorityId) -> Result<Option<CrlHead>, Error> {
        on_each!(self, fetch_optional(CRL_HEAD, authority.0))
    }

    /// How often something of an authority was held, re-activated or revoked so far. A list that was
    /// made from fewer is old.
    pub async fn revocations(&self, authority: AuthorityId) -> Result<i64, Error> {
        on_each!(self, scalar fetch_optional(REVOCATIONS, authority.0))?.ok_or(Error::NotFound)
    }

    /// Gives out a number for a revocation list made at a time: strictly rising, each once, used or
    /// not (RFC 5280 section 5.2.3), also where an older database was restored meanwhile.
    pub async fn next_crl_number(
        &self,
        authority: AuthorityId,
        at: OffsetDateTime,
    ) -> Result<CrlNumber, Error> {
        let least = micros(at) / MICROS_OF_A_MILLISECOND;
        transaction!(self, tx => {
            let number = on_each!(tx, fetch_optional(NEXT_CRL_NUMBER, authority.0, least))?;
            number.ok_or(Error::NotFound)
        })
    }

    /// Stores a revocation list. Conflict if a newer one is stored or its number was not given out.
    pub async fn put_crl(&self, authority: AuthorityId, row: CrlRow) -> Result<(), Error> {
        transaction!(self, tx => {
            put_crl(tx, authority, &row).await
        })
    }
}
