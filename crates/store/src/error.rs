//! What can go wrong in the store.
//!
//! Nothing here contains a value that was bound to a statement: PostgreSQL quotes whole rows in
//! the details of its errors, so only code, message and constraint are kept.

/// Why the store did not do something.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such row.
    #[error("not found")]
    NotFound,
    /// A rule forbids it, or somebody else was faster.
    #[error("{0}")]
    Conflict(&'static str),
    /// There is one already.
    #[error("this {0} exists already")]
    Duplicate(&'static str),
    /// The database is locked, full of work or away: try again.
    #[error("the database is busy or cannot be reached")]
    Busy,
    /// The database's disk is full.
    #[error("the disk of the database is full")]
    Full,
    /// A stored value is not what it must be.
    #[error("column {column} of {table} is corrupt: {problem}")]
    Corrupt {
        /// The table, or the statement's result if several were joined.
        table: &'static str,
        /// The column.
        column: String,
        /// What is wrong with it, without the value.
        problem: &'static str,
    },
    /// A migration could not be applied, or the schema is not the one this program knows.
    #[error("the database could not be migrated: {0}")]
    Migration(String),
    /// Any other fault of the database.
    #[error(transparent)]
    Database(#[from] Fault),
}

/// A fault reported by the database or its driver, without bound values.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the database reported {code}: {message}")]
pub struct Fault {
    /// SQLSTATE, SQLite's extended result code, or a word for the driver.
    pub code: String,
    /// The primary message.
    pub message: String,
}

impl Fault {
    pub(crate) fn driver(message: impl Into<String>) -> Self {
        Self {
            code: "driver".to_owned(),
            message: message.into(),
        }
    }
}

impl Error {
    pub(crate) fn corrupt(table: &'static str, column: &str, problem: &'static str) -> Self {
        Self::Corrupt {
            table,
            column: column.to_owned(),
            problem,
        }
    }

    /// Whether the same transaction may succeed if it is tried again at once.
    pub(crate) fn is_transient(&self) -> bool {
        // SQLSTATE 40001 serialization_failure, 40P01 deadlock_detected.
        matches!(self, Self::Database(fault) if matches!(fault.code.as_str(), "40001" | "40P01"))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::RowNotFound => Self::NotFound,
            E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Io(_) | E::Tls(_) => Self::Busy,
            E::ColumnDecode { index, .. } => Self::Corrupt {
                table: "a result",
                column: index,
                problem: "its value is not one that this version knows",
            },
            E::Database(error) => from_database(&*error),
            E::Configuration(_) => {
                Self::Database(Fault::driver("the address of the database is not valid"))
            }
            E::Migrate(error) => Self::Migration(error.to_string()),
            other => Self::Database(Fault::driver(other.to_string())),
        }
    }
}

fn from_database(error: &dyn sqlx::error::DatabaseError) -> Error {
    let code = error.code().unwrap_or_default().into_owned();
    if error.is_unique_violation() {
        return unique(error);
    }
    match code.as_str() {
        // PostgreSQL: too many connections, shutting down, starting up, became a replica, and a
        // transaction that was ended because its node did nothing for too long.
        "53300" | "57P01" | "57P02" | "57P03" | "25006" | "25P03" => Error::Busy,
        state if state.starts_with("08") => Error::Busy,
        // PostgreSQL disk_full, SQLite SQLITE_FULL.
        "53100" | "13" => Error::Full,
        code if is_sqlite_busy(code) => Error::Busy,
        _ if error.message().contains("request_own_decision") => Error::Conflict("own request"),
        _ => Error::Database(Fault {
            code,
            message: error.message().to_owned(),
        }),
    }
}

/// The primary result code, in the low byte, is `SQLITE_BUSY` (5) or `SQLITE_LOCKED` (6). An
/// SQLSTATE has five characters, SQLite's codes have at most four.
fn is_sqlite_busy(code: &str) -> bool {
    code.len() < 5
        && code
            .parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

/// Unique things in words. PostgreSQL reports the constraint's name, SQLite its columns.
const UNIQUE: &[(&str, &str, &str)] = &[
    ("person_mailbox", "person.mailbox", "mailbox"),
    ("template_name", "template.name", "template"),
    (
        "request_open",
        "request.person_id, request.mailbox",
        "open request",
    ),
    (
        "request_idempotency",
        "request.person_id, request.idempotency_key",
        "request",
    ),
    (
        "intent_serial",
        "intent.serial, intent.authority_id",
        "serial",
    ),
    ("certificate_serial", "certificate.serial", "serial"),
    ("ocsp_responder_serial", "ocsp_responder.serial", "serial"),
    (
        "certificate_request",
        "certificate.request_id",
        "certificate of the request",
    ),
    (
        "certificate_thumbprint",
        "certificate.thumbprint",
        "certificate",
    ),
    ("api_token_sha256", "api_token.sha256", "token"),
    ("session_public_id", "session.public_id", "session"),
];

fn unique(error: &dyn sqlx::error::DatabaseError) -> Error {
    let what = UNIQUE
        .iter()
        .find(|(constraint, columns, _)| match error.constraint() {
            Some(name) => name == *constraint,
            None => error.message().contains(columns),
        })
        .map_or("row", |(_, _, what)| *what);
    Error::Duplicate(what)
}
