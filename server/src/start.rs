//! Putting the portal together from configuration and data folder: for `serve`, and for commands
//! that work on the same data.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use caa::{Caa, NameServers};
use domain::{Clock, NodeId, Secret};
use pki::KeyBlocklist;
use portal::{KeyRingState, Outside, Parts, Policy, Portal, Random};
use safe::{KeyRing, KeyRingError, PasswordHasher};
use store::Store;

use crate::SystemClock;
use crate::config::{Config, DataFolder, Environment};

/// Passwords that are checked at the same time; each takes 64 MiB.
const PASSWORDS_AT_ONCE: usize = 4;

/// What runs, or what a command works with.
#[derive(Debug)]
pub struct Started {
    /// The use cases.
    pub portal: Portal,
    /// The clock that they were given.
    pub clock: Arc<dyn Clock>,
    /// The randomness that they were given.
    pub random: Random,
}

/// Opens the database, brings it up to date, opens the key ring or makes one for an empty
/// database, and starts the portal.
pub async fn start(
    config: &Config,
    folder: &DataFolder,
    environment: &Environment,
) -> anyhow::Result<Started> {
    let store = open_store(config).await?;
    store
        .migrate()
        .await
        .context("the database could not be brought up to date")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random = Random::system().context("the system gives no random numbers")?;
    let key_ring = key_ring(config, &store, clock.as_ref(), &random).await?;
    let node = node(folder, clock.as_ref(), &random)?;
    let parts = Parts {
        store,
        key_ring,
        hasher: PasswordHasher::new(PASSWORDS_AT_ONCE),
        clock: Arc::clone(&clock),
        random: random.clone(),
        policy: policy(config),
        node,
        journal: folder.file(&format!("journal-{node}.log")),
        outside: outside(config)?,
        failpoint: environment.plain("FAILPOINT").map(str::to_owned),
    };
    let portal = Portal::start(parts)
        .await
        .context("the portal could not start")?;
    Ok(Started {
        portal,
        clock,
        random,
    })
}

/// Opens the database as it is.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let database = &config.database;
    Store::open(database.url.expose(), database.max_connections)
        .await
        .context("the database could not be opened; see [database] in the configuration")
}

/// What the configuration says about how the portal behaves.
pub fn policy(config: &Config) -> Policy {
    let default = Policy::default();
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
    Policy {
        base_url: config.server.base_url.clone(),
        pki_url: config.server.pki_url.clone(),
        session_idle: config.sessions.idle,
        session_absolute: config.sessions.absolute,
        confirm_for: config.sessions.confirm_for,
        pfx_password: config.issuing.pfx_password,
        workers: config.issuing.workers.unwrap_or(cores),
        key_pool: config.keys.pool_size,
        authority_key: config.issuing.authority_key,
        policy_oid: config
            .issuing
            .policy_oid
            .clone()
            .unwrap_or(default.policy_oid),
        retention_days: config.retention.certificates_days,
        hide_password_after_secs: default.hide_password_after_secs,
        reveals_per_hour: default.reveals_per_hour,
        calls_per_minute: default.calls_per_minute,
    }
}

/// What the portal hears of the world outside.
fn outside(config: &Config) -> anyhow::Result<Outside> {
    let caa = match &config.caa {
        Some(check) => {
            let servers = match check.resolver {
                Some(address) => NameServers::at(address),
                None => NameServers::of_system(),
            };
            let servers = servers.context("see [caa] in the configuration")?;
            Some(Caa::new(check.identities.clone(), Arc::new(servers)))
        }
        None => None,
    };
    let mut blocklist = KeyBlocklist::default();
    for path in &config.keys.blocklists {
        let wrong = || format!("keys.blocklists: {}", path.display());
        let list = std::fs::read_to_string(path).with_context(wrong)?;
        let count = blocklist.add_list(&list).with_context(wrong)?;
        tracing::info!(file = %path.display(), count, "read a list of keys that are never certified");
    }
    Ok(Outside::new(caa, blocklist))
}

/// Opens the key ring. A new one is made only for a database in which nothing is sealed yet; a
/// missing or damaged one otherwise leaves the portal sealed, with everything in its place.
async fn key_ring(
    config: &Config,
    store: &Store,
    clock: &dyn Clock,
    random: &Random,
) -> anyhow::Result<KeyRingState> {
    let path = &config.keys.key_ring;
    match KeyRing::load(path) {
        Ok(ring) => Ok(KeyRingState::Open(ring)),
        Err(KeyRingError::Missing { .. }) if store.settings().await?.is_none() => {
            let ring = random
                .with(|rng| KeyRing::create(path, clock.now(), rng))
                .context("the key ring could not be made")?;
            tracing::info!(file = %path.display(), "made a key ring; keep a copy in a safe place");
            Ok(KeyRingState::Open(ring))
        }
        Err(error) => Ok(KeyRingState::Sealed {
            why: error.to_string(),
        }),
    }
}

/// The name of this node, kept in the data folder so that after a crash it knows its own work.
fn node(folder: &DataFolder, clock: &dyn Clock, random: &Random) -> anyhow::Result<NodeId> {
    let path: PathBuf = folder.file("node");
    match std::fs::read_to_string(&path) {
        Ok(text) => text
            .trim()
            .parse()
            .with_context(|| format!("{} holds no identifier; remove it", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let node = random.with(|mut rng| NodeId::generate(clock.now(), &mut rng));
            let text = Secret::new(format!("{node}\n").into_bytes());
            crate::private_file::replace(&path, &text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(node)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}
