//! A whole portal inside the test.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use domain::{Clock, KeyAlgorithm, NodeId};
use portal::{KeyRingState, Parts, Policy, Portal, Random};
use safe::{KeyRing, PasswordCost, PasswordHasher};
use server::config::{Config, DataFolder, Environment};
use server::http::{Assets, ProfileSigner, Sessions, Web, WebParts};
use store::Store;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

use crate::actor::Actor;

/// A clock that only moves when told to.
#[derive(Debug)]
pub(crate) struct TestClock(Mutex<OffsetDateTime>);

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// A portal with the people of the demonstration.
pub(crate) struct TestApp {
    pub(crate) portal: Portal,
    pub(crate) router: Router,
    pub(crate) pki: Router,
    pub(crate) passwords: BTreeMap<&'static str, String>,
    clock: Arc<TestClock>,
    pub(crate) shutdown: watch::Sender<bool>,
    folder: tempfile::TempDir,
}

/// Signs as https would.
fn profile_signer(random: &Random, now: OffsetDateTime) -> ProfileSigner {
    let names = ["localhost".to_owned()];
    let made = random.with(|rng| pki::tls::self_signed(&names, now, rng));
    let (key, certificate) = made.unwrap();
    let key = domain::Secret::new(key.expose().clone().into_bytes());
    ProfileSigner::from_pem(certificate.as_bytes(), &key).unwrap()
}

impl TestApp {
    /// Set up, with alice, erin, bob, carol and dave.
    pub(crate) async fn start() -> Self {
        let mut app = Self::start_empty().await;
        let people = app.portal.seed_demo().await.unwrap();
        app.passwords = people
            .into_iter()
            .map(|person| (person.key, person.password.expose().clone()))
            .collect();
        app
    }

    /// Before its first administrator.
    pub(crate) async fn start_empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(Mutex::new(datetime!(2026-05-04 09:00 UTC))));
        let random = Random::system().unwrap();
        let data = DataFolder::new(folder.path()).unwrap();
        let (config, _) = Config::load(&data, None, &Environment::default()).unwrap();
        let store = Store::open(config.database.url.expose(), 4).await.unwrap();
        store.migrate().await.unwrap();
        let ring = random.with(|rng| KeyRing::generate_in_memory(clock.now(), rng));
        let node = random.with(|mut rng| NodeId::generate(clock.now(), &mut rng));
        let portal = Portal::start(Parts {
            store: store.clone(),
            key_ring: KeyRingState::Open(ring),
            hasher: PasswordHasher::with_params(4, PasswordCost::FOR_TESTS).unwrap(),
            clock: Arc::<TestClock>::clone(&clock),
            random: random.clone(),
            policy: Policy {
                authority_key: KeyAlgorithm::P384,
                ..Policy::default()
            },
            node,
            journal: folder.path().join("journal.log"),
            outside: portal::Outside::default(),
            failpoint: None,
        })
        .await
        .unwrap();
        let (shutdown, receiver) = watch::channel(false);
        let sessions = Arc::new(store.sessions(Arc::<TestClock>::clone(&clock)));
        let signer = profile_signer(&random, clock.now());
        let web = Web::new(WebParts {
            portal: portal.clone(),
            sessions: Sessions::new(
                sessions,
                Arc::<TestClock>::clone(&clock),
                random,
                &config.sessions,
            ),
            profile_signer: Some(signer),
            assets: Assets::default(),
            trusted_proxies: Vec::new(),
            shutdown: receiver,
        })
        .unwrap();
        Self {
            router: server::http::router(web),
            pki: server::http::pki_router(portal.clone()),
            portal,
            passwords: BTreeMap::new(),
            clock,
            shutdown,
            folder,
        }
    }

    /// Somebody who is not signed in.
    pub(crate) fn anonymous(&self) -> Actor<'_> {
        Actor::new(self)
    }

    /// Somebody of the demonstration, signed in.
    pub(crate) async fn signed_in(&self, key: &str) -> Actor<'_> {
        let actor = Actor::new(self);
        actor.sign_in(key).await;
        actor
    }

    /// An employee.
    pub(crate) async fn alice(&self) -> Actor<'_> {
        self.signed_in("alice").await
    }

    /// Another employee.
    pub(crate) async fn erin(&self) -> Actor<'_> {
        self.signed_in("erin").await
    }

    /// The approver.
    pub(crate) async fn bob(&self) -> Actor<'_> {
        self.signed_in("bob").await
    }

    /// The administrator.
    pub(crate) async fn carol(&self) -> Actor<'_> {
        self.signed_in("carol").await
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, duration: Duration) {
        *self.clock.0.lock().unwrap() += duration;
    }

    /// Changes the database behind the portal's back.
    pub(crate) fn sql(&self, statement: &str) {
        let script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
                      db.execute(sys.argv[2]); db.commit()";
        let changed = Command::new("python3")
            .args(["-c", script])
            .arg(self.folder.path().join("portal.sqlite"))
            .arg(statement)
            .status()
            .unwrap();
        assert!(changed.success(), "{statement}");
    }

    /// Does what the pipeline has to do now.
    pub(crate) async fn run_due_jobs(&self) {
        self.portal.run_due_work().await;
    }
}
