//! Bringing the schema up to date. The migrations are part of the program.

use crate::{Error, Store, pool::Pool};
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};

// `sqlx::migrate!` itself comes with the feature `macros`, and that with statements that are
// checked against a database at build time.
static SQLITE: Migrator = sqlx::sqlx_macros::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::sqlx_macros::migrate!("../../migrations/postgres");

const APPLIED: &str =
    "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";

impl Store {
    /// Applies the migrations that are missing. Safe when several nodes start together: on
    /// PostgreSQL under an advisory lock, on SQLite in one transaction, which locks out others.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.pool {
            // `run` gives a future that cannot be sent to another thread.
            Pool::Sqlite(sqlite) => {
                let mut connection = sqlite.connect().await?;
                let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
                SQLITE.run_direct(None, &mut *transaction, false).await?;
                transaction.commit().await?;
                connection.close().await?;
            }
            Pool::Postgres(postgres) => {
                let mut connection = postgres.pool().acquire().await?;
                POSTGRES.run_direct(None, &mut *connection, false).await?;
            }
        }
        Ok(())
    }

    /// Whether the schema is exactly the one that this program knows.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let known = match self.pool {
            Pool::Sqlite(_) => &SQLITE,
            Pool::Postgres(_) => &POSTGRES,
        };
        let applied: Result<Vec<(i64, Vec<u8>)>, Error> = on_each!(self, fetch_all(APPLIED));
        match applied {
            Ok(applied) => Ok(known
                .iter()
                .map(|migration| (migration.version, &*migration.checksum))
                .eq(applied
                    .iter()
                    .map(|(version, checksum)| (*version, &**checksum)))),
            // Without the table nothing was ever migrated.
            Err(Error::Database(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => match Self::from(error) {
                Self::Busy => Self::Busy,
                other => Self::Migration(other.to_string()),
            },
            other => Self::Migration(other.to_string()),
        }
    }
}
