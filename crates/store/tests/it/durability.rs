//! What was acknowledged is still there after the worst end: `kill -9` of the process that writes,
//! on both databases, and PostgreSQL itself stopped without a word.
//!
//! A process that is killed loses nothing that it has handed to the system, so the second kind is
//! what tests the flush: PostgreSQL keeps its log in its own memory until it is flushed. The same
//! for SQLite would take a machine that loses its power.
//!
//! The writer is this test program itself, started again with its orders in the environment.

use crate::cluster::Cluster;
use crate::samples::{mail, record};
use crate::support::environment;
use domain::AuditAction;
use sqlx::{PgPool, SqlitePool};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use store::{NewMail, Store};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use uuid::Uuid;

const URL: &str = "DURABILITY_URL";
const ROUND: &str = "DURABILITY_ROUND";
/// Stands before each key that was acknowledged.
const ACKNOWLEDGED: &str = "acknowledged ";
/// Who write at the same time, so that changes share flushes.
const WRITERS: usize = 24;
/// Ends, each at another moment.
const ROUNDS: usize = 3;

on_both! {
    async fn a_killed_writer_loses_nothing_that_was_acknowledged(db) {
        let mut acknowledged = BTreeSet::new();
        for round in 0..ROUNDS {
            let (mut writer, mut lines) = start_writer(db.url(), round);
            let mut told = BTreeSet::new();
            while told.len() < 100 + 70 * round {
                told.extend(next_key(&mut lines));
            }
            writer.kill().unwrap();
            writer.wait().unwrap();
            // What it said before it was killed.
            while let Some(key) = next_key(&mut lines) {
                told.insert(key);
            }
            acknowledged.extend(told);
            assert_all_there(db.url(), &acknowledged).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_of_our_own_that_stops_at_once_has_what_it_acknowledged() {
    let Some(cluster) = Cluster::make() else {
        println!("not run: PostgreSQL's programs are not installed");
        return;
    };
    let mut acknowledged = BTreeSet::new();
    cluster.start();
    for round in 0..ROUNDS {
        let store = Store::open(cluster.url(), 8).await.unwrap();
        store.migrate().await.unwrap();
        let (mut writers, mut keys) = write(&store, round);
        for _ in 0..(200 + 70 * round) {
            acknowledged.insert(keys.recv().await.unwrap());
        }
        cluster.stop_at_once();
        writers.shutdown().await;
        drop(writers);
        while let Some(key) = keys.recv().await {
            acknowledged.insert(key);
        }
        cluster.start();
        assert_all_there(cluster.url(), &acknowledged).await;
    }
}

/// What the writer does: changes, many at a time, and a line for each that was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writer() {
    let (Some(url), Some(round)) = (environment(URL), environment(ROUND)) else {
        return;
    };
    let store = Store::open(&url, 8).await.unwrap();
    let (_writers, mut keys) = write(&store, round.parse().unwrap());
    while let Some(key) = keys.recv().await {
        let line = format!("{ACKNOWLEDGED}{key}\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

/// Writes until something fails; gives the key of each change once it was acknowledged.
fn write(store: &Store, round: usize) -> (JoinSet<()>, UnboundedReceiver<String>) {
    let (sender, keys) = unbounded_channel();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (store, sender) = (store.clone(), sender.clone());
        writers.spawn(async move {
            for number in 0.. {
                let key = format!("{round}-{writer}-{number}");
                // A mail whose identifier is known is not queued again.
                let id = [round, writer, number]
                    .iter()
                    .fold(1, |id, part| (id << 32) | *part as u128);
                let mail = NewMail {
                    id: Uuid::from_u128(id).into(),
                    ..mail(&key)
                };
                let change = record(AuditAction::Download).mail(mail);
                if store.record(change).await.is_err() || sender.send(key).is_err() {
                    break;
                }
            }
        });
    }
    (writers, keys)
}

fn start_writer(url: &str, round: usize) -> (Child, BufReader<ChildStdout>) {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::writer", "--nocapture"])
        .env(URL, url)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap());
    (writer, lines)
}

/// The key in the next whole line that has one. Nothing at the end.
fn next_key(lines: &mut BufReader<impl Read>) -> Option<String> {
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let whole = line.strip_suffix('\n')?;
        if let Some((_, key)) = whole.split_once(ACKNOWLEDGED) {
            return Some(key.to_owned());
        }
    }
}

async fn assert_all_there(url: &str, acknowledged: &BTreeSet<String>) {
    let store = Store::open(url, 4).await.unwrap();
    let audit = store.verify_audit().await.unwrap();
    assert_eq!(audit.broken, None);
    store.close().await;
    let there: BTreeSet<String> = keys(url).await.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&there).collect();
    assert!(
        lost.is_empty(),
        "{} of {} were lost: {lost:?}",
        lost.len(),
        acknowledged.len()
    );
    assert!(usize::try_from(audit.checked).unwrap() >= acknowledged.len());
}

async fn keys(url: &str) -> Vec<String> {
    let keys = "SELECT dedupe FROM mail";
    if url.starts_with("sqlite") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::query_scalar(keys).fetch_all(&pool).await.unwrap()
    } else {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::query_scalar(keys).fetch_all(&pool).await.unwrap()
    }
}
