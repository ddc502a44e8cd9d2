//! PostgreSQL: many writers, and one flush to disk for several transactions.
//!
//! The audit log's head is a row that every change locks until its commit. If each commit waited
//! for the disk under that lock, changes would queue for it one by one. So a transaction commits
//! with `synchronous_commit=off`, which releases its locks at once, and is acknowledged after a
//! later, synchronous commit: PostgreSQL's log is written in order, so that one carries all earlier
//! ones to the disk (and to synchronous replicas). One task does this for everybody who waits.
//!
//! A crash in between loses changes that nobody was told about, never a part of one.

use crate::Error;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Transaction};
use std::{str::FromStr, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// How long a change waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that was idle for longer is tried before it is used.
const FRESH: Duration = Duration::from_secs(5);

const BEGIN: &str = "BEGIN; SET LOCAL synchronous_commit TO OFF";
/// Any transaction that writes to the log will do; this one touches no table.
const FLUSH: &str = "SELECT pg_logical_emit_message(true, 'certportal', 'flush')";

type Waiter = oneshot::Sender<Result<(), Error>>;

#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    pool: PgPool,
    flush_pool: PgPool,
    flush: mpsc::Sender<Waiter>,
}

#[derive(Debug)]
pub(crate) struct PostgresTx {
    transaction: Transaction<'static, sqlx::Postgres>,
    flush: mpsc::Sender<Waiter>,
}

impl Postgres {
    pub(crate) async fn open(url: &str, max_connections: u32) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("certportal")
            .statement_cache_capacity(256)
            // A node that was cut off must not keep the audit log's head from the others.
            .options([("idle_in_transaction_session_timeout", "10s")]);
        let flush_pool = pool(1).connect_lazy_with(options.clone());
        let pool = pool(max_connections.max(2)).connect_with(options).await?;
        let (flush, waiters) = mpsc::channel(1024);
        tokio::spawn(flush_groups(flush_pool.clone(), waiters));
        Ok(Self {
            pool,
            flush_pool,
            flush,
        })
    }

    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) async fn begin(&self) -> Result<PostgresTx, Error> {
        let transaction = self.pool.begin_with(BEGIN).await?;
        Ok(PostgresTx {
            transaction,
            flush: self.flush.clone(),
        })
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
        self.flush_pool.close().await;
    }
}

impl PostgresTx {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Commits, and returns when the transaction is on disk.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await?;
        let (waiter, outcome) = oneshot::channel();
        self.flush.send(waiter).await.map_err(|_| Error::Busy)?;
        outcome.await.unwrap_or(Err(Error::Busy))
    }

    pub(crate) async fn rollback(self) -> Result<(), Error> {
        Ok(self.transaction.rollback().await?)
    }
}

async fn flush_groups(pool: PgPool, mut waiters: mpsc::Receiver<Waiter>) {
    let mut group = Vec::new();
    while waiters.recv_many(&mut group, 1024).await > 0 {
        let outcome = sqlx::query(FLUSH)
            .execute(&pool)
            .await
            .map(drop)
            .map_err(Error::from);
        for waiter in group.drain(..) {
            // Nobody listens any more if the change's future was dropped.
            waiter.send(outcome.clone()).ok();
        }
    }
}

fn pool(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}
