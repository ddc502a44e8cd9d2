//! Certificates with their keys that people brought along, so that old mail opens.

use crate::column::{Micros, Word, micros};
use crate::pool::exactly_one;
use crate::{Error, Record, Store, record};
use domain::{ImportedId, KeyAlgorithm, PersonId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A certificate that somebody brought along.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ImportedRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: ImportedId,
    /// Whose it is.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// What it is called: the address in it.
    pub name: String,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// SHA-256 of the DER.
    pub thumbprint: Vec<u8>,
    /// Subject, as text.
    pub subject: String,
    /// Issuer, as text.
    pub issuer: String,
    /// Serial number.
    pub serial: Vec<u8>,
    /// Kind of the key.
    #[sqlx(try_from = "Word<KeyAlgorithm>")]
    pub key_algorithm: KeyAlgorithm,
    /// Valid from.
    #[sqlx(try_from = "Micros")]
    pub not_before: OffsetDateTime,
    /// Valid until.
    #[sqlx(try_from = "Micros")]
    pub not_after: OffsetDateTime,
    /// When it was brought along.
    #[sqlx(try_from = "Micros")]
    pub imported_at: OffsetDateTime,
}

/// Its secrets, sealed.
#[derive(Clone, FromRow)]
pub struct SealedImported {
    /// Private key.
    #[sqlx(rename = "sealed_key")]
    pub key: Vec<u8>,
    /// Password for giving it out again.
    #[sqlx(rename = "sealed_password")]
    pub password: Vec<u8>,
}

impl std::fmt::Debug for SealedImported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedImported").finish_non_exhaustive()
    }
}

/// A certificate that somebody brought along, with its secrets sealed, for looking whether they open.
#[derive(Debug, Clone)]
pub struct ImportedSecretsRow {
    /// Identifier.
    pub id: ImportedId,
    /// Whose it is.
    pub person: PersonId,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its secrets.
    pub sealed: SealedImported,
}

#[derive(FromRow)]
struct StoredSecrets {
    id: Uuid,
    person_id: Uuid,
    der: Vec<u8>,
    sealed_key: Vec<u8>,
    sealed_password: Vec<u8>,
}

/// A certificate to be stored with its secrets.
#[derive(Debug, Clone)]
pub struct NewImported {
    /// The certificate.
    pub row: ImportedRow,
    /// Its secrets.
    pub sealed: SealedImported,
}

const INSERT: &str = "INSERT INTO imported_certificate (id, person_id, name, der, thumbprint,
        subject, issuer, serial, key_algorithm, not_before, not_after, sealed_key,
        sealed_password, imported_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT DO NOTHING";
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person_id, name, der, thumbprint, subject, issuer, serial, key_algorithm,
                not_before, not_after, imported_at FROM imported_certificate ",
            $rest
        )
    };
}
const OF_PERSON: &str = select!("WHERE person_id = $1 ORDER BY imported_at DESC, id DESC");
const FIND: &str = select!("WHERE id = $1");
const SEALED: &str = "SELECT sealed_key, sealed_password FROM imported_certificate WHERE id = $1";
const AFTER: &str = "SELECT id, person_id, der, sealed_key, sealed_password
    FROM imported_certificate WHERE id > $1 ORDER BY id LIMIT $2";
const DELETE: &str = "DELETE FROM imported_certificate WHERE id = $1 AND person_id = $2";

impl Store {
    /// Keeps certificates with their keys, all or none. Duplicate if the person has one already.
    pub async fn import(
        &self,
        certificates: Vec<NewImported>,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            for NewImported { row, sealed } in &certificates {
                let rows = on_each!(
                    tx,
                    execute(
                        INSERT,
                        row.id.0,
                        row.person.0,
                        &row.name,
                        &row.der,
                        &row.thumbprint,
                        &row.subject,
                        &row.issuer,
                        &row.serial,
                        row.key_algorithm.as_str(),
                        micros(row.not_before),
                        micros(row.not_after),
                        &sealed.key,
                        &sealed.password,
                        micros(row.imported_at)
                    )
                )?;
                if rows == 0 {
                    return Err(Error::Duplicate("certificate"));
                }
            }
            record::append(tx, &record, None).await
        })
    }

    /// What a person brought along, newest first.
    pub async fn imported_of(&self, person: PersonId) -> Result<Vec<ImportedRow>, Error> {
        on_each!(self, fetch_all(OF_PERSON, person.0))
    }

    /// One of these certificates.
    pub async fn imported(&self, id: ImportedId) -> Result<Option<ImportedRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0))
    }

    /// Its secrets.
    pub async fn imported_secrets(&self, id: ImportedId) -> Result<Option<SealedImported>, Error> {
        on_each!(self, fetch_optional(SEALED, id.0))
    }

    /// All of them with their secrets by identifier, after one.
    pub async fn imported_after(
        &self,
        after: Option<ImportedId>,
        limit: i64,
    ) -> Result<Vec<ImportedSecretsRow>, Error> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows: Vec<StoredSecrets> = on_each!(self, fetch_all(AFTER, after, limit))?;
        Ok(rows
            .into_iter()
            .map(|row| ImportedSecretsRow {
                id: ImportedId(row.id),
                person: PersonId(row.person_id),
                der: row.der,
                sealed: SealedImported {
                    key: row.sealed_key,
                    password: row.sealed_password,
                },
            })
            .collect())
    }

    /// Deletes one with its key.
    pub async fn delete_imported(
        &self,
        id: ImportedId,
        person: PersonId,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(DELETE, id.0, person.0))?)?;
            record::append(tx, &record, None).await
        })
    }
}
