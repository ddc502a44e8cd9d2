//! SQLite: many readers, one writer, and one flush to disk for several transactions.
//!
//! With `synchronous=FULL` a commit waits for the disk, which takes milliseconds; one at a time,
//! that alone would limit the portal to some hundred changes a second. So changes that wait for the
//! writer anyway share a transaction: each runs in a savepoint of its own, in order of arrival, and
//! is acknowledged after the common commit. Whatever fails is rolled back to its savepoint and does
//! not touch the others; if the commit itself fails, none of them is acknowledged.
//!
//! The commit is done by a task and not by a change, because the future of a change may be dropped
//! half-way: a client may hang up. Tokio's mutex is fair, so the task queues behind the changes
//! that were waiting when it was woken, and these form the group.
//!
//! A connection in doubt (a full disk, say, makes SQLite end transactions by itself) is closed,
//! which rolls back, and replaced.

use crate::{Error, Fault};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use std::{str::FromStr, sync::Arc, time::Duration};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

/// How long a change waits for its turn, and SQLite for another process.
const PATIENCE: Duration = Duration::from_secs(10);

// Each statement costs two changes of threads, so what follows on one another goes together: the
// savepoint of the next change is made when the group begins or the last change ends.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT turn";
/// With the savepoint that nobody used.
const COMMIT: &str = "COMMIT";
const RELEASE: &str = "RELEASE turn; SAVEPOINT turn";
/// The savepoint stays, for the next change.
const ROLL_BACK: &str = "ROLLBACK TO turn";
const PRAGMAS: &str = "SELECT journal_mode, synchronous, foreign_keys
    FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";

#[derive(Debug, Clone)]
pub(crate) struct Sqlite {
    readers: SqlitePool,
    group: Arc<Mutex<Group>>,
    wake: mpsc::Sender<()>,
}

/// The writer, and the changes that it will commit together.
#[derive(Debug)]
struct Group {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    phase: Phase,
    members: Vec<oneshot::Sender<Result<(), Error>>>,
    /// A change began and neither ended nor rolled back.
    is_torn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// There is no transaction.
    Idle,
    /// There is one.
    Open,
    /// It began or ended, and nobody waited to see whether it worked.
    InDoubt,
    /// No more changes.
    Closed,
}

/// One change's turn at the writer.
#[derive(Debug)]
pub(crate) struct Turn {
    group: OwnedMutexGuard<Group>,
    wake: mpsc::Sender<()>,
}

impl Sqlite {
    pub(crate) async fn open(url: &str, max_connections: u32) -> Result<Self, Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .statement_cache_capacity(256);
        make_private(options.get_filename()).await?;
        let mut group = Group::new(options.clone());
        group.connect().await?;
        let readers = readers(max_connections.max(1))
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        let group = Arc::new(Mutex::new(group));
        let (wake, woken) = mpsc::channel(1);
        tokio::spawn(commit_groups(Arc::clone(&group), woken));
        Ok(Self {
            readers,
            group,
            wake,
        })
    }

    pub(crate) const fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// A connection besides the writer's, for migrations.
    pub(crate) async fn connect(&self) -> Result<SqliteConnection, Error> {
        let options = self.group.lock().await.options.clone();
        Ok(options.connect().await?)
    }

    pub(crate) async fn begin(&self) -> Result<Turn, Error> {
        let group = tokio::time::timeout(PATIENCE, Arc::clone(&self.group).lock_owned())
            .await
            .map_err(|_| Error::Busy)?;
        let mut turn = Turn {
            group,
            wake: self.wake.clone(),
        };
        turn.group.begin().await?;
        Ok(turn)
    }

    pub(crate) async fn close(&self) {
        let mut group = self.group.lock().await;
        group.commit().await;
        group.phase = Phase::Closed;
        if let Some(connection) = group.connection.take() {
            // Everything is committed; there is nothing to lose.
            connection.close().await.ok();
        }
        self.readers.close().await;
    }
}

impl Turn {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        self.group.connection.as_mut().ok_or(Error::Busy)
    }

    /// Ends the turn, and returns when the group is on disk.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.group.release().await?;
        let (member, outcome) = oneshot::channel();
        self.group.members.push(member);
        drop(self);
        outcome.await.unwrap_or(Err(Error::Busy))
    }

    pub(crate) async fn rollback(mut self) -> Result<(), Error> {
        self.group.mend().await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A full channel means that the task has yet to wake, which will do.
        self.wake.try_send(()).ok();
    }
}

impl Group {
    const fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            connection: None,
            phase: Phase::Idle,
            members: Vec::new(),
            is_torn: false,
        }
    }

    async fn connect(&mut self) -> Result<(), Error> {
        let mut connection = self.options.connect().await?;
        check_pragmas(&mut connection).await?;
        self.connection = Some(connection);
        Ok(())
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), Error> {
        let connection = self.connection.as_mut().ok_or(Error::Busy)?;
        sqlx::query(statement).execute(connection).await?;
        Ok(())
    }

    /// Opens the group unless it is open, and begins a turn in it.
    async fn begin(&mut self) -> Result<(), Error> {
        // What is wrong with the group is its members' sorrow; this change begins another.
        self.mend().await.ok();
        match self.phase {
            Phase::Open => {}
            Phase::Closed => return Err(Error::Busy),
            Phase::Idle | Phase::InDoubt => {
                if self.connection.is_none() {
                    self.connect().await?;
                }
                self.phase = Phase::InDoubt;
                self.run(BEGIN)
                    .await
                    .inspect_err(|error| self.give_up(error))?;
                self.phase = Phase::Open;
            }
        }
        self.is_torn = true;
        Ok(())
    }

    /// Keeps what the current change did.
    async fn release(&mut self) -> Result<(), Error> {
        let released = self.run(RELEASE).await;
        match &released {
            Ok(()) => self.is_torn = false,
            // The savepoint is gone, and with it the group.
            Err(error) => self.give_up(error),
        }
        released
    }

    /// Undoes what an unfinished change did.
    async fn mend(&mut self) -> Result<(), Error> {
        if self.phase == Phase::InDoubt {
            self.give_up(&Error::Busy);
        }
        if self.is_torn {
            self.run(ROLL_BACK)
                .await
                .inspect_err(|error| self.give_up(error))?;
            self.is_torn = false;
        }
        Ok(())
    }

    async fn commit(&mut self) {
        if self.mend().await.is_err() || self.phase != Phase::Open {
            return;
        }
        self.phase = Phase::InDoubt;
        match self.run(COMMIT).await {
            Ok(()) => {
                self.phase = Phase::Idle;
                self.answer(&Ok(()));
            }
            Err(error) => self.give_up(&error),
        }
    }

    /// Closes the connection, which rolls back, and tells the members.
    fn give_up(&mut self, error: &Error) {
        self.connection = None;
        self.phase = Phase::Idle;
        self.is_torn = false;
        self.answer(&Err(error.clone()));
    }

    fn answer(&mut self, outcome: &Result<(), Error>) {
        for member in self.members.drain(..) {
            // Nobody listens any more if the change's future was dropped.
            member.send(outcome.clone()).ok();
        }
    }
}

async fn commit_groups(group: Arc<Mutex<Group>>, mut woken: mpsc::Receiver<()>) {
    while woken.recv().await.is_some() {
        group.lock().await.commit().await;
    }
}

fn readers(max_connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(max_connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        // A connection is a file handle and a thread of ours; it does not go away.
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(check_pragmas(connection)))
}

/// A file system without shared memory, for example, silently keeps another journal mode.
async fn check_pragmas(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let found: (String, i64, i64) = sqlx::query_as(PRAGMAS).fetch_one(connection).await?;
    if found == ("wal".to_owned(), 2, 1) {
        return Ok(());
    }
    Err(sqlx::Error::Protocol(format!(
        "SQLite did not accept WAL, synchronous=FULL and foreign keys: {found:?}"
    )))
}

/// Creates the file readable by its owner only; SQLite gives `-wal` and `-shm` the same mode.
async fn make_private(file: &std::path::Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let failed =
        |error: std::io::Error| Fault::driver(format!("cannot make the database file: {error}"));
    tokio::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
        .await
        .map_err(failed)?;
    let owner_only = std::fs::Permissions::from_mode(0o600);
    tokio::fs::set_permissions(file, owner_only)
        .await
        .map_err(failed)?;
    Ok(())
}
