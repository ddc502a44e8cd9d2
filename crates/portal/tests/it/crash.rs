//! `kill -9` at every failpoint: after a restart, every approved request ends with exactly one
//! certificate, and the ledger is clean.
//!
//! The victim is this test program itself, started again with its orders in the environment.

use crate::fixtures::requests::approve;
use crate::setting::{
    Database, Ground, Place, actor, assert_ledger_is_clean, environment, on_both, request,
};
use domain::{KeyAlgorithm, RequestState};
use portal::{FAILPOINTS, Portal};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

const FOLDER: &str = "CRASH_FOLDER";
const URL: &str = "CRASH_URL";
const FAILPOINT: &str = "CRASH_FAILPOINT";
const MAIL: &str = "CRASH_MAIL_PORT";

/// Longest time from the restart to the last certificate.
const RECOVERY: Duration = Duration::from_secs(10);

on_both!(every_failpoint_recovers);

async fn every_failpoint_recovers(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        eprintln!("TEST_POSTGRES_URL is not set: not run");
        return;
    };
    let place = &ground.place;
    // The authorities and the people are made once; every round adds its own requests.
    let portal = place.start(None).await;
    portal.seed_demo().await.unwrap();
    portal.store().close().await;
    for failpoint in failpoints_of_requests() {
        crash_at(place, "crash::victim", failpoint, 0).await;
        recover(place, failpoint).await;
    }
}

/// Those of the outbox, of ends and lists, of what ends soon and of the keys made ahead have stories of
/// their own.
pub(crate) fn failpoints_of_requests() -> impl Iterator<Item = &'static &'static str> {
    let elsewhere = ["mail-", "life-", "pool-", "end-", "list-"];
    let is_mine = move |name: &&&str| !elsewhere.iter().any(|start| name.starts_with(start));
    FAILPOINTS.iter().filter(is_mine)
}

/// Has a process of its own run into the failpoint; `mail` is the port of its mail server.
pub(crate) async fn crash_at(place: &Place, victim: &str, failpoint: &str, mail: u16) {
    let status = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", victim, "--nocapture"])
        .env(FOLDER, &place.folder)
        .env(URL, &place.url)
        .env(FAILPOINT, failpoint)
        .env(MAIL, mail.to_string())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .await
        .unwrap();
    assert_eq!(
        status.signal(),
        Some(9),
        "{failpoint}: the process was not killed: {status}"
    );
}

/// What the victim does: two requests, one approved, and the pipeline.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(Orders { portal, .. }) = orders().await else {
        return;
    };
    ask_and_approve(&portal).await;
    let end = tokio::time::sleep(Duration::from_secs(20));
    portal.run_pipeline(end).await;
    panic!("the failpoint was not reached");
}

/// What a victim is given.
pub(crate) struct Orders {
    pub(crate) portal: Portal,
    pub(crate) mail: u16,
}

/// The orders of this process. Nothing where it is no victim.
pub(crate) async fn orders() -> Option<Orders> {
    let place = Place {
        folder: environment(FOLDER)?.into(),
        url: environment(URL)?,
    };
    let failpoint = environment(FAILPOINT)?;
    Some(Orders {
        portal: place.start(Some(&failpoint)).await,
        mail: environment(MAIL)?.parse().unwrap(),
    })
}

async fn ask_and_approve(portal: &Portal) {
    let (alice, erin) = (actor(portal, "alice").await, actor(portal, "erin").await);
    let waiting = request(portal, &erin, true, KeyAlgorithm::P256).await;
    approve(portal, waiting).await;
    request(portal, &alice, false, KeyAlgorithm::P256).await;
}

/// Starts again and waits until nothing is in the pipeline.
pub(crate) async fn recover(place: &Place, failpoint: &str) {
    let portal = place.start(None).await;
    let started = tokio::time::Instant::now();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let pipeline = tokio::spawn({
        let portal = portal.clone();
        async move {
            portal
                .run_pipeline(async { stopped.await.unwrap_or_default() })
                .await;
        }
    });
    loop {
        let counts = portal.store().request_counts().await.unwrap();
        assert_eq!(counts.failed, 0, "{failpoint}: a request is stuck");
        if counts.issuing == 0 {
            break;
        }
        assert!(
            started.elapsed() < RECOVERY,
            "{failpoint}: {} still in the pipeline",
            counts.issuing
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(()).unwrap();
    pipeline.await.unwrap();
    for key in ["alice", "erin"] {
        let person = actor(&portal, key).await;
        for row in portal
            .store()
            .requests_of(person.id.unwrap(), 100)
            .await
            .unwrap()
        {
            match row.state {
                RequestState::Issued => assert!(row.certificate.is_some(), "{failpoint}"),
                // Killed between accepting and approving: still there, and still to be decided.
                RequestState::Waiting => {
                    approve(&portal, row.id).await;
                    assert_eq!(portal.run_due_work().await, 1, "{failpoint}");
                }
                other => panic!("{failpoint}: a request is {other}"),
            }
        }
    }
    assert_ledger_is_clean(&portal).await;
    portal.store().close().await;
}
