//! A database of its own for each test, and the macro that runs a test on both.

use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::Store;

/// Address of a PostgreSQL server on which schemas may be created.
const POSTGRES_URL: &str = "TEST_POSTGRES_URL";

#[expect(
    clippy::disallowed_methods,
    reason = "this is the configuration of the tests"
)]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Empties the schema of a test on PostgreSQL.
pub(crate) const EMPTY_SCHEMA: &str = "DO $$ DECLARE mine TEXT := current_schema(); BEGIN
    EXECUTE format('DROP SCHEMA %I CASCADE', mine);
    EXECUTE format('CREATE SCHEMA %I', mine);
    END $$";

/// A migrated store that nobody else uses.
#[derive(Debug, Clone)]
pub(crate) struct TestDb {
    store: Store,
    url: String,
    raw: Raw,
}

/// A way around the store, for looking and tampering.
#[derive(Debug, Clone)]
enum Raw {
    Sqlite {
        pool: SqlitePool,
        _dir: Arc<tempfile::TempDir>,
    },
    Postgres {
        pool: PgPool,
        schema: String,
    },
}

impl Deref for TestDb {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestDb {
    pub(crate) async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("portal.sqlite").display());
        let store = Store::open(&url, 4).await.unwrap();
        store.migrate().await.unwrap();
        let pool = SqlitePool::connect(&url).await.unwrap();
        Self {
            store,
            url,
            raw: Raw::Sqlite {
                pool,
                _dir: dir.into(),
            },
        }
    }

    /// None, and the reason on standard output, if there is no server to test with.
    pub(crate) async fn postgres() -> Option<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let Some(server) = environment(POSTGRES_URL) else {
            println!("not run: {POSTGRES_URL} is not set");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{number}", std::process::id());
        let sign = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{sign}options[search_path]={schema}");
        let pool = PgPool::connect(&url).await.unwrap();
        pool.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
            .await
            .unwrap();
        let store = Store::open(&url, 6).await.unwrap();
        store.migrate().await.unwrap();
        Some(Self {
            store,
            url,
            raw: Raw::Postgres { pool, schema },
        })
    }

    /// The same database, emptied and with the schema of these migrations.
    pub(crate) async fn with_schema(self, migrator: Migrator) -> Self {
        match &self.raw {
            Raw::Sqlite { .. } => {
                let dir = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}", dir.path().join("portal.sqlite").display());
                let store = Store::open(&url, 4).await.unwrap();
                let pool = SqlitePool::connect(&url).await.unwrap();
                let mut connection = pool.acquire().await.unwrap();
                let done = migrator.run_direct(None, &mut *connection, false).await;
                done.unwrap();
                let raw = Raw::Sqlite {
                    pool,
                    _dir: dir.into(),
                };
                Self { store, url, raw }
            }
            Raw::Postgres { pool, .. } => {
                self.tamper(EMPTY_SCHEMA).await;
                let mut connection = pool.acquire().await.unwrap();
                let done = migrator.run_direct(None, &mut *connection, false).await;
                done.unwrap();
                drop(connection);
                self
            }
        }
    }

    /// Applies these migrations to the same database, as far as they are missing.
    pub(crate) async fn apply(&self, migrator: Migrator) {
        match &self.raw {
            Raw::Sqlite { pool, .. } => {
                let mut connection = pool.acquire().await.unwrap();
                let done = migrator.run_direct(None, &mut *connection, false).await;
                done.unwrap();
            }
            Raw::Postgres { pool, .. } => {
                let mut connection = pool.acquire().await.unwrap();
                let done = migrator.run_direct(None, &mut *connection, false).await;
                done.unwrap();
            }
        }
    }

    /// Runs a test's body and cleans up, whatever becomes of it.
    pub(crate) async fn run<F: Future<Output = ()> + Send + 'static>(
        self,
        body: impl FnOnce(Self) -> F,
    ) {
        let outcome = tokio::spawn(body(self.clone())).await;
        self.store.close().await;
        if let Raw::Postgres { pool, schema } = &self.raw {
            let drop = AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"));
            pool.execute(drop).await.unwrap();
            pool.close().await;
        }
        if let Err(error) = outcome {
            std::panic::resume_unwind(error.into_panic());
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Another program with the same database: a second node, or a restart.
    pub(crate) async fn reopen(&self) -> Store {
        Store::open(&self.url, 4).await.unwrap()
    }

    /// Runs statements past the store. Gives the number of rows they changed.
    pub(crate) async fn tamper(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.raw {
            Raw::Sqlite { pool, .. } => pool.execute(sql).await.unwrap().rows_affected(),
            Raw::Postgres { pool, .. } => pool.execute(sql).await.unwrap().rows_affected(),
        }
    }

    /// Reads a number past the store.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        match &self.raw {
            Raw::Sqlite { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            Raw::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.raw, Raw::Sqlite { .. })
    }

    /// Makes every insert into a table fail from now on.
    pub(crate) async fn break_inserts(&self, table: &str) {
        let sql = if self.is_sqlite() {
            format!(
                "CREATE TRIGGER broken BEFORE INSERT ON {table}
                BEGIN SELECT RAISE(ABORT, 'broken for a test'); END"
            )
        } else {
            format!(
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RAISE EXCEPTION ''broken for a test''; END';
                CREATE TRIGGER broken BEFORE INSERT ON {table}
                FOR EACH ROW EXECUTE FUNCTION broken()"
            )
        };
        self.tamper(&sql).await;
    }

    /// Undoes [`TestDb::break_inserts`].
    pub(crate) async fn mend_inserts(&self, table: &str) {
        let on = if self.is_sqlite() {
            String::new()
        } else {
            format!(" ON {table}")
        };
        self.tamper(&format!("DROP TRIGGER broken{on}")).await;
    }
}

/// Makes modules `sqlite` and `postgres` with a test for each body.
macro_rules! on_both {
    ($(async fn $name:ident($db:ident) $body:block)+) => {
        $(async fn $name($db: $crate::support::TestDb) $body)+

        mod sqlite {
            use $crate::support::TestDb;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    TestDb::sqlite().await.run(super::$name).await;
                }
            )+
        }

        mod postgres {
            use $crate::support::TestDb;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(db) = TestDb::postgres().await {
                        db.run(super::$name).await;
                    }
                }
            )+
        }
    };
}
