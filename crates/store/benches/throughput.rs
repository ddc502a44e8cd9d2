//! How many certificates a second the store can keep up with: `cargo bench -p store`.
//!
//! One issuance is a request, a claim (for many at a time) and four recorded steps, each with its
//! audit entry, from several workers at once. `TEST_POSTGRES_URL` adds PostgreSQL.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement, not part of the program"
)]
#![expect(dead_code, reason = "the tests use more of their samples")]

#[path = "../tests/it/samples.rs"]
mod samples;

use domain::{AuditAction, NodeId};
use samples::{World, after, id, now, record};
use std::time::Instant;
use store::Store;

const REQUESTS: usize = 1_000;
const CLIENTS: usize = 20;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/portal.sqlite", dir.path().display());
    measure(&url).await;
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        let run = |sql| sqlx::query(sql).execute(&pool);
        run("DROP SCHEMA IF EXISTS bench CASCADE").await.unwrap();
        run("CREATE SCHEMA bench").await.unwrap();
        measure(&format!("{server}?options[search_path]=bench")).await;
        run("DROP SCHEMA bench CASCADE").await.unwrap();
    }
}

async fn measure(url: &str) {
    let store = Store::open(url, 10).await.unwrap();
    store.migrate().await.unwrap();
    let world = samples::world(&store).await;
    for clients in [1, CLIENTS] {
        let start = Instant::now();
        let count = if clients == 1 {
            REQUESTS / 10
        } else {
            REQUESTS
        };
        let workers: Vec<_> = (0..clients)
            .map(|worker| {
                let (store, world) = (store.clone(), world.clone());
                tokio::spawn(work(
                    store,
                    world,
                    format!("m{clients}w{worker}"),
                    count / clients,
                ))
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{}: {:.0} certificates a second with {clients} at a time",
            store.kind(),
            f64::from(u32::try_from(count).unwrap()) / seconds
        );
    }
    let start = Instant::now();
    let check = store.verify_audit().await.unwrap();
    println!(
        "{}: {} audit entries verified in {:?}",
        store.kind(),
        check.checked,
        start.elapsed()
    );
    assert_eq!(check.broken, None);
    assert_eq!(store.ledger().await.unwrap(), []);
    store.close().await;
}

/// Each worker is a client and a node: it asks for ten certificates, claims them and makes them.
async fn work(store: Store, world: World, worker: String, count: usize) {
    let node: NodeId = id();
    let mut done = 0;
    while done < count {
        for n in 0..10 {
            let request = world.issuing(&format!("{worker}n{done}n{n}"));
            store
                .create_request(request, record(AuditAction::Request))
                .await
                .unwrap();
        }
        for work in store.claim_work(node, now(), after(60), 10).await.unwrap() {
            world
                .finish(&store, node, work.request.id, work.request.mailbox)
                .await;
            done += 1;
        }
    }
}
