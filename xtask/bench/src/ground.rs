//! A portal to measure: a fresh database, an authority as shipped, many people.

use crate::workers;
use anyhow::{Context, Result, ensure};
use domain::{Clock, NodeId};
use portal::{Actor, KeyRingState, Parts, Policy, Portal, Random};
use safe::{KeyRing, PasswordCost, PasswordHasher};
use std::path::Path;
use std::sync::Arc;
use store::Store;
use time::OffsetDateTime;
use uuid::Uuid;

/// The system's time.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this program measures time")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// A portal and the folder it lives in.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) portal: Portal,
    pub(crate) url: String,
    _folder: tempfile::TempDir,
}

impl Ground {
    /// On SQLite, with so many keys made ahead of each algorithm.
    pub(crate) async fn sqlite(key_pool: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("portal.sqlite").display());
        Self::new(folder, url, key_pool).await
    }

    /// On PostgreSQL, in a database of its own.
    pub(crate) async fn postgres(server: &str, key_pool: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let name = format!(
            "bench_{}",
            Random::system()?.incident().replace('-', "").to_lowercase()
        );
        let made = tokio::process::Command::new("psql")
            .args([server, "-q", "-c", &format!("CREATE DATABASE {name}")])
            .status()
            .await?;
        ensure!(made.success(), "psql could not make a database");
        let (base, _) = server
            .rsplit_once('/')
            .context("the address of PostgreSQL has no database")?;
        Self::new(folder, format!("{base}/{name}"), key_pool).await
    }

    async fn new(folder: tempfile::TempDir, url: String, key_pool: u32) -> Result<Self> {
        let portal = open(folder.path(), &url, 1, key_pool).await?;
        portal.seed_demo().await?;
        Ok(Self {
            portal,
            url,
            _folder: folder,
        })
    }
}

/// Opens a portal as node `number`. Its passwords are cheap: they are not what is measured.
pub(crate) async fn open(folder: &Path, url: &str, number: u128, key_pool: u32) -> Result<Portal> {
    let store = Store::open(url, 16).await?;
    store.migrate().await?;
    let random = Random::system()?;
    let path = folder.join("keyring.toml");
    let keys = if path.exists() {
        KeyRing::load(&path)?
    } else {
        random.with(|rng| KeyRing::create(&path, SystemClock.now(), rng))?
    };
    let parts = Parts {
        store,
        key_ring: KeyRingState::Open(keys),
        hasher: PasswordHasher::with_params(4, PasswordCost::FOR_TESTS)?,
        clock: Arc::new(SystemClock),
        random,
        policy: Policy {
            workers: workers(),
            key_pool,
            ..Policy::default()
        },
        node: NodeId(Uuid::from_u128(number)),
        journal: folder.join(format!("bench-journal-{number}.log")),
        outside: portal::Outside::default(),
        failpoint: None,
    };
    Ok(Portal::start(parts).await?)
}

/// Adds employees and gives them back, each able to act.
pub(crate) async fn people(portal: &Portal, count: u32) -> Result<Vec<Actor>> {
    let admin = Actor::command_line();
    let mut people = Vec::new();
    for number in 0..count {
        let mailbox = format!("person{number}@example.com");
        let form = api::AddPerson {
            name: format!("Person {number}"),
            mailbox: mailbox.clone(),
            role: "employee".to_owned(),
        };
        let added = portal.add_person(&admin, form).await?;
        people.push(Actor {
            id: Some(added.id),
            name: added.name,
            mailbox: Some(mailbox.parse()?),
            role: Some(domain::Role::Employee),
            ..Actor::command_line()
        });
    }
    Ok(people)
}
