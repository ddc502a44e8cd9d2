//! A portal on a fresh database, with the people of the demo.

use domain::{Clock, KeyAlgorithm, NodeId, PersonId, Role, SessionId};
use portal::{Actor, Client, KeyRingState, Outside, Parts, Policy, Portal, Random, Visitor};
use safe::{KeyRing, PasswordCost, PasswordHasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use store::Store;
use time::OffsetDateTime;

/// The system's time: these stories are about real processes.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where these tests ask for the time"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// The system's time, and what a story adds to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct MovedClock(Arc<Mutex<time::Duration>>);

impl MovedClock {
    pub(crate) fn advance(&self, by: time::Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for MovedClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + *self.0.lock().unwrap()
    }
}

/// Keys made ahead, where a story does not say.
const KEY_POOL: u32 = 3;

/// Which database a story runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A folder with key ring and journal, and a database; given to several processes in turn.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) url: String,
}

/// Keeps the folder and the database until the story ends.
pub(crate) struct Ground {
    pub(crate) place: Place,
    _folder: tempfile::TempDir,
}

impl Ground {
    /// A fresh database of the kind; nothing where PostgreSQL is not to be had.
    pub(crate) async fn new(database: Database) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let url = match database {
            Database::Sqlite => {
                format!("sqlite://{}", folder.path().join("portal.sqlite").display())
            }
            Database::Postgres => postgres_database(folder.path()).await?,
        };
        let place = Place {
            folder: folder.path().to_owned(),
            url,
        };
        Some(Self {
            place,
            _folder: folder,
        })
    }
}

/// Makes a database of its own on the server that `TEST_POSTGRES_URL` names.
async fn postgres_database(folder: &Path) -> Option<String> {
    let server = environment("TEST_POSTGRES_URL")?;
    let name = format!(
        "story_{}",
        folder
            .file_name()?
            .to_str()?
            .replace(['.', '-'], "_")
            .to_lowercase()
    );
    let status = tokio::process::Command::new("psql")
        .args([
            server.as_str(),
            "-q",
            "-c",
            &format!("CREATE DATABASE \"{name}\""),
        ])
        .status()
        .await
        .unwrap();
    assert!(status.success(), "psql could not create a database");
    let (base, _) = server.rsplit_once('/')?;
    Some(format!("{base}/{name}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where PostgreSQL is"
)]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Place {
    /// Starts a portal here, as a process would.
    pub(crate) async fn start(&self, failpoint: Option<&str>) -> Portal {
        self.start_as(1, failpoint).await
    }

    /// Changes the database behind the portal's back.
    pub(crate) fn sql(&self, statement: &str) {
        let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()";
        let (program, arguments) = if let Some(file) = self.url.strip_prefix("sqlite://") {
            ("python3", vec!["-c", script, file])
        } else {
            ("psql", vec![self.url.as_str(), "-q", "-c"])
        };
        let mut command = std::process::Command::new(program);
        command.args(arguments);
        assert!(
            command.arg(statement).status().unwrap().success(),
            "{statement}"
        );
    }

    /// A copy of the database, as a backup is, beside the same folder. Nothing may be using it.
    pub(crate) fn copied(&self) -> Self {
        let url = format!("{}_copy", self.url);
        if let (Some(from), Some(to)) = (
            self.url.strip_prefix("sqlite://"),
            url.strip_prefix("sqlite://"),
        ) {
            std::fs::copy(from, to).unwrap();
        } else {
            let (server, name) = self.url.rsplit_once('/').unwrap();
            let copy = format!("CREATE DATABASE \"{name}_copy\" TEMPLATE \"{name}\"");
            let mut command = std::process::Command::new("psql");
            command.args([&format!("{server}/postgres"), "-q", "-c", &copy]);
            assert!(command.status().unwrap().success(), "{copy}");
        }
        Self {
            url,
            ..self.clone()
        }
    }

    /// Has a trigger refuse every new row of a table.
    pub(crate) fn break_inserts(&self, table: &str) {
        let on = format!("CREATE TRIGGER broken BEFORE INSERT ON {table}");
        if self.url.starts_with("sqlite") {
            self.sql(&format!(
                "{on} BEGIN SELECT RAISE(ABORT, 'broken for a story'); END"
            ));
        } else {
            self.sql(&format!(
                "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RAISE EXCEPTION ''broken for a story''; END';
                {on} FOR EACH ROW EXECUTE FUNCTION broken()"
            ));
        }
    }

    /// Undoes [`Place::break_inserts`].
    pub(crate) fn mend_inserts(&self, table: &str) {
        if self.url.starts_with("sqlite") {
            self.sql("DROP TRIGGER broken");
        } else {
            self.sql(&format!("DROP TRIGGER broken ON {table}"));
        }
    }

    /// Starts one of several nodes.
    pub(crate) async fn start_as(&self, node: u128, failpoint: Option<&str>) -> Portal {
        self.start_with(node, failpoint, Arc::new(SystemClock), KEY_POOL)
            .await
    }

    /// Starts a node with a clock that can be moved, and that hears what the world says.
    pub(crate) async fn start_hearing(&self, clock: MovedClock, outside: Outside) -> Portal {
        self.start_parts(1, None, Arc::new(clock), KEY_POOL, outside)
            .await
    }

    /// Starts one of several nodes with a clock that can be moved.
    pub(crate) async fn start_at(&self, node: u128, clock: MovedClock) -> Portal {
        self.start_with(node, None, Arc::new(clock), KEY_POOL).await
    }

    /// Starts one of several nodes with so many keys made ahead.
    pub(crate) async fn start_pooled(&self, node: u128, key_pool: u32) -> Portal {
        self.start_with(node, None, Arc::new(SystemClock), key_pool)
            .await
    }

    async fn start_with(
        &self,
        node: u128,
        failpoint: Option<&str>,
        clock: Arc<dyn Clock>,
        key_pool: u32,
    ) -> Portal {
        self.start_parts(node, failpoint, clock, key_pool, Outside::default())
            .await
    }

    async fn start_parts(
        &self,
        node: u128,
        failpoint: Option<&str>,
        clock: Arc<dyn Clock>,
        key_pool: u32,
        outside: Outside,
    ) -> Portal {
        let store = Store::open(&self.url, 8).await.unwrap();
        store.migrate().await.unwrap();
        let random = Random::system().unwrap();
        let path = self.folder.join("keyring.toml");
        let now = SystemClock.now();
        let ring = if path.exists() {
            KeyRing::load(&path).unwrap()
        } else {
            random.with(|rng| KeyRing::create(&path, now, rng)).unwrap()
        };
        // Cheap on purpose: these stories are not about the cost of guessing.
        let cost = PasswordCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        };
        Portal::start(Parts {
            store,
            key_ring: KeyRingState::Open(ring),
            hasher: PasswordHasher::with_params(4, cost).unwrap(),
            clock,
            random,
            policy: Policy {
                authority_key: KeyAlgorithm::P384,
                workers: 2,
                key_pool,
                ..Policy::default()
            },
            node: NodeId::from(uuid::Uuid::from_u128(node)),
            journal: self.folder.join(format!("journal-{node}.log")),
            outside,
            failpoint: failpoint.map(str::to_owned),
        })
        .await
        .unwrap()
    }
}

/// One of the demo people, acting.
pub(crate) async fn actor(portal: &Portal, key: &str) -> Actor {
    let mailbox = domain::Mailbox::parse(&format!("{key}@example.com")).unwrap();
    let person: PersonId = portal
        .find_person(&Actor::command_line(), &mailbox)
        .await
        .unwrap();
    let visitor = Visitor {
        client: Client {
            address: "192.0.2.1".to_owned(),
            user_agent: "story".to_owned(),
        },
        person: Some(person),
        session: Some(SessionId(uuid::Uuid::nil())),
        confirmed_at: Some(portal.now()),
    };
    let actor = portal.actor(&visitor).await.unwrap();
    assert_eq!(actor.role == Some(Role::Approver), key == "bob");
    actor
}

/// Requests a certificate; gives the request's id.
pub(crate) async fn request(
    portal: &Portal,
    who: &Actor,
    with_approval: bool,
    algorithm: KeyAlgorithm,
) -> domain::RequestId {
    let form = portal
        .request_form(who, api::RequestFor::default())
        .await
        .unwrap();
    let template = form
        .templates
        .iter()
        .find(|t| t.needs_approval == with_approval)
        .unwrap();
    let done = portal
        .request_certificate(
            who,
            api::RequestCertificate {
                template: template.id.to_string(),
                mailbox: form.mailboxes[0].clone(),
                reason: "I write to customers".to_owned(),
                key_algorithm: algorithm.to_string(),
                names: String::new(),
                device: String::new(),
                csr: String::new(),
                csr_file: None,
                person: String::new(),
                idempotency_key: form.idempotency_key,
            },
        )
        .await
        .unwrap();
    done.next
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// A filled in request form for a template of this name.
pub(crate) async fn request_of(
    portal: &Portal,
    who: &Actor,
    template: &str,
) -> api::RequestCertificate {
    let form = portal
        .request_form(who, api::RequestFor::default())
        .await
        .unwrap();
    let mut templates = form.templates.iter();
    let template = templates.find(|t| t.name == template).unwrap();
    api::RequestCertificate {
        template: template.id.to_string(),
        mailbox: form.mailboxes[0].clone(),
        reason: "for our own servers".to_owned(),
        key_algorithm: "p256".to_owned(),
        names: String::new(),
        device: String::new(),
        csr: String::new(),
        csr_file: None,
        person: String::new(),
        idempotency_key: form.idempotency_key,
    }
}

/// Fails with everything the ledger check found.
pub(crate) async fn assert_ledger_is_clean(portal: &Portal) {
    let findings = portal.doctor().await.unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| !finding.is_good).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Makes a module with a story on each database.
macro_rules! on_both {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        mod sqlite {
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name($crate::setting::Database::Sqlite).await; })+
        }
        mod postgres {
            $($(#[$doc])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() { super::$name($crate::setting::Database::Postgres).await; })+
        }
    };
}
pub(crate) use on_both;
