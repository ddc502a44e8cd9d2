//! One store, two databases.
//!
//! [`on_each!`] is the only place where the two drivers meet: it gives the same statement with the
//! same values to whichever database is in use.

use crate::{Error, Fault, postgres::Postgres, postgres::PostgresTx, sqlite::Sqlite, sqlite::Turn};
use sqlx::{PgConnection, PgPool, SqliteConnection, SqlitePool};

/// The database of the portal. A clone is cheap and means the same database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: Pool,
}

#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Something that exists for either database.
#[derive(Debug)]
pub(crate) enum Each<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// A transaction that may write.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Turn),
    Postgres(PostgresTx),
}

/// Runs a statement with its values on a [`Store`] (for reading) or in a [`Tx`].
///
/// `on_each!(tx, execute(RENAME, id, name))` gives the number of rows that were changed,
/// `on_each!(self, fetch_optional(FIND, id))` rows, and `on_each!(self, scalar fetch_one(COUNT))`
/// the only column of a row.
macro_rules! on_each {
    ($on:expr, execute($sql:expr $(, $value:expr)* $(,)?)) => {
        on_each!(@ $on, db =>
            sqlx::query($sql)$(.bind($value))*.execute(db).await.map(|done| done.rows_affected()))
    };
    ($on:expr, scalar $fetch:ident($sql:expr $(, $value:expr)* $(,)?)) => {
        on_each!(@ $on, db => sqlx::query_scalar($sql)$(.bind($value))*.$fetch(db).await)
    };
    ($on:expr, $fetch:ident($sql:expr $(, $value:expr)* $(,)?)) => {
        on_each!(@ $on, db => sqlx::query_as($sql)$(.bind($value))*.$fetch(db).await)
    };
    (@ $on:expr, $db:ident => $run:expr) => {
        match $on.each()? {
            $crate::pool::Each::Sqlite($db) => $run,
            $crate::pool::Each::Postgres($db) => $run,
        }
        .map_err($crate::Error::from)
    };
}

/// Two statements with the same values that go to the database at once. Each trip there and back
/// takes longer than most statements. See [`both!`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Both {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// Puts two statements together that change different tables and give no rows: SQLite runs one after
/// the other, PostgreSQL takes the first into the second.
macro_rules! both {
    ($first:literal, $second:literal) => {
        $crate::pool::Both {
            sqlite: concat!($first, "; ", $second),
            postgres: concat!("WITH first AS (", $first, ") ", $second),
        }
    };
}

impl Store {
    /// Opens a database: `sqlite:///var/lib/certportal/portal.sqlite` (created if missing, readable
    /// by its owner only) or `postgres://user@host/name`. Does not migrate it.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, Error> {
        let pool = match url.split_once(':') {
            Some(("sqlite", _)) => Pool::Sqlite(Sqlite::open(url, max_connections).await?),
            Some(("postgres" | "postgresql", _)) => {
                Pool::Postgres(Postgres::open(url, max_connections).await?)
            }
            _ => {
                return Err(Fault::driver(
                    "the address of a database starts with sqlite: or postgres:",
                )
                .into());
            }
        };
        Ok(Self { pool })
    }

    /// Name of the database system.
    pub fn kind(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => "SQLite",
            Pool::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let _one: i64 = on_each!(self, scalar fetch_one("SELECT CAST(1 AS BIGINT)"))?;
        Ok(())
    }

    /// Waits for running transactions and closes all connections.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(sqlite) => sqlite.close().await,
            Pool::Postgres(postgres) => postgres.close().await,
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same form as `Tx::each`, for `on_each!`"
    )]
    pub(crate) fn each(&self) -> Result<Each<&SqlitePool, &PgPool>, Error> {
        Ok(match &self.pool {
            Pool::Sqlite(sqlite) => Each::Sqlite(sqlite.readers()),
            Pool::Postgres(postgres) => Each::Postgres(postgres.pool()),
        })
    }

    /// Begins a transaction that may write. Use `transaction!`, which also ends it.
    pub(crate) async fn begin(&self) -> Result<Tx, Error> {
        Ok(match &self.pool {
            Pool::Sqlite(sqlite) => Tx::Sqlite(sqlite.begin().await?),
            Pool::Postgres(postgres) => Tx::Postgres(postgres.begin().await?),
        })
    }
}

impl Tx {
    pub(crate) fn each(&mut self) -> Result<Each<&mut SqliteConnection, &mut PgConnection>, Error> {
        Ok(match self {
            Self::Sqlite(turn) => Each::Sqlite(turn.connection()?),
            Self::Postgres(tx) => Each::Postgres(tx.connection()),
        })
    }

    /// Chooses between two texts of a statement: PostgreSQL has several writers at a time and has
    /// to lock the rows it reads, SQLite has one writer and no words for locking.
    pub(crate) fn locking(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// The text for this database.
    pub(crate) const fn together(&self, both: Both) -> &'static str {
        match self {
            Self::Sqlite(_) => both.sqlite,
            Self::Postgres(_) => both.postgres,
        }
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(turn) => turn.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(turn) => turn.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
        }
    }
}

/// A change that must have met exactly one row.
pub(crate) fn exactly_one(rows: u64) -> Result<(), Error> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
