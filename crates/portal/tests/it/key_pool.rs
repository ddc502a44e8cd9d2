//! Keys made ahead: filled while nothing is issued, each used once, by whichever node and whatever
//! is killed.

use crate::crash::{crash_at, orders};
use crate::fixtures::requests::employees_ask;
use crate::setting::{
    Database, Ground, MovedClock, actor, assert_ledger_is_clean, on_both, request,
};
use domain::KeyAlgorithm;
use portal::Portal;
use std::collections::BTreeSet;
use std::time::Duration;

on_both!(
    a_pool_is_filled_in_quiet_times_and_used,
    what_people_chose_lately_is_made_ahead,
    two_nodes_never_use_the_same_key,
    a_pool_that_is_off_makes_and_uses_nothing,
    a_damaged_key_is_found_and_keeps_nobody_waiting,
    no_key_is_lost_or_used_twice_by_a_crash,
);

const RSA: KeyAlgorithm = KeyAlgorithm::Rsa2048;

/// Demo people, and only one template on offer: at once, with small keys.
async fn seed(portal: &Portal) {
    seed_with(portal, vec![RSA, KeyAlgorithm::P256]).await;
}

async fn seed_with(portal: &Portal, algorithms: Vec<KeyAlgorithm>) {
    portal.seed_demo().await.unwrap();
    let admin = actor(portal, "carol").await.id;
    for mut template in portal.store().templates().await.unwrap() {
        if template.name.as_str() == "Secure mail, at once" {
            template.version += 1;
            template.content.key_algorithms.clone_from(&algorithms);
            let done = portal.store().change_template(
                template,
                admin,
                portal.now(),
                store::Record::default(),
            );
            done.await.unwrap();
        } else if template.is_offered {
            let done = portal
                .store()
                .offer_template(template.id, false, store::Record::default());
            assert!(done.await.unwrap());
        }
    }
}

async fn ready(portal: &Portal) -> i64 {
    let counts = portal.store().pool_counts().await.unwrap();
    assert!(counts.iter().all(|row| row.algorithm == RSA), "{counts:?}");
    counts.iter().map(|row| row.count).sum()
}

/// The keys of all certificates; fails if two share one.
async fn keys(portal: &Portal) -> usize {
    let rows = portal
        .store()
        .certificates_after(None, 1_000)
        .await
        .unwrap();
    let keys: BTreeSet<_> = rows
        .iter()
        .map(|row| {
            let certificate = pki::Certificate::parse(&row.der).unwrap();
            certificate.key_sha256().unwrap()
        })
        .collect();
    assert_eq!(keys.len(), rows.len(), "two certificates share a key");
    keys.len()
}

/// Runs the pipelines of nodes until nothing is left to issue.
async fn carry(nodes: &[&Portal]) {
    let end = || async {
        loop {
            let counts = nodes[0].store().request_counts().await.unwrap();
            assert_eq!(counts.failed, 0);
            if counts.issuing == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let runs = nodes.iter().map(|node| node.run_pipeline(end()));
    futures::future::join_all(runs).await;
}

async fn a_pool_is_filled_in_quiet_times_and_used(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 0, "not set up");
    seed(&portal).await;
    let (alice, admin) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    request(&portal, &alice, false, RSA).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 0, "not a quiet time");
    carry(&[&portal]).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 3);
    assert_eq!(portal.fill_key_pool().await.unwrap(), 0, "it is full");
    let health = portal.overview(&admin).await.unwrap().health;
    let line = health.iter().find(|line| line.part == "RSA-2048 keys");
    assert_eq!(line.unwrap().detail, "3 of 3 made ahead.");

    request(&portal, &alice, false, RSA).await;
    carry(&[&portal]).await;
    assert_eq!(ready(&portal).await, 2);
    request(&portal, &alice, false, KeyAlgorithm::P256).await;
    carry(&[&portal]).await;
    assert_eq!(ready(&portal).await, 2, "elliptic curves need no pool");
    assert_eq!(portal.fill_key_pool().await.unwrap(), 1);
    assert_eq!(keys(&portal).await, 3);
    assert_ledger_is_clean(&portal).await;

    // The job fills the pool by itself, and ends when it is told.
    request(&portal, &alice, false, RSA).await;
    carry(&[&portal]).await;
    assert_eq!(ready(&portal).await, 2);
    let filled = async {
        while ready(&portal).await < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let running = portal.run_key_pool(filled);
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, running).await.unwrap();
}

async fn what_people_chose_lately_is_made_ahead(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let clock = MovedClock::default();
    let portal = ground.place.start_at(1, clock.clone()).await;
    seed_with(&portal, vec![KeyAlgorithm::P256, RSA]).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 0);
    let (alice, admin) = (actor(&portal, "alice").await, actor(&portal, "carol").await);
    request(&portal, &alice, false, RSA).await;
    carry(&[&portal]).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 3);
    let lines = async || {
        let health = portal.overview(&admin).await.unwrap().health;
        let lines = health.iter().filter(|line| line.part.ends_with(" keys"));
        lines.count()
    };
    assert_eq!(lines().await, 1);
    clock.advance(time::Duration::days(8));
    assert_eq!(lines().await, 0, "nobody chose it for a week");
}

async fn two_nodes_never_use_the_same_key(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let (first, second) = (
        ground.place.start_pooled(1, 54).await,
        ground.place.start_pooled(2, 54).await,
    );
    seed(&first).await;
    let (one, two) = tokio::join!(first.fill_key_pool(), second.fill_key_pool());
    assert_eq!(
        ready(&first).await,
        i64::try_from(one.unwrap() + two.unwrap()).unwrap()
    );
    let before = ready(&first).await;
    assert!(before >= 54);
    employees_ask(&first, 50, RSA).await;
    carry(&[&first, &second]).await;
    assert_eq!(keys(&first).await, 50);
    assert_eq!(ready(&first).await, before - 50);
    assert_ledger_is_clean(&second).await;
}

async fn a_pool_that_is_off_makes_and_uses_nothing(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    seed(&portal).await;
    assert_eq!(portal.fill_key_pool().await.unwrap(), 3);
    let off = ground.place.start_pooled(2, 0).await;
    let (alice, admin) = (actor(&off, "alice").await, actor(&off, "carol").await);
    request(&off, &alice, false, RSA).await;
    carry(&[&off]).await;
    assert_eq!(off.fill_key_pool().await.unwrap(), 0);
    assert_eq!((ready(&off).await, keys(&off).await), (3, 1));
    let health = off.overview(&admin).await.unwrap().health;
    assert!(!health.iter().any(|line| line.part.ends_with("keys")));
}

async fn a_damaged_key_is_found_and_keeps_nobody_waiting(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let portal = ground.place.start(None).await;
    seed(&portal).await;
    let alice = actor(&portal, "alice").await;
    request(&portal, &alice, false, RSA).await;
    carry(&[&portal]).await;
    portal.fill_key_pool().await.unwrap();
    // A value that was moved here from another row.
    ground
        .place
        .sql("UPDATE pool_key SET sealed_key = (SELECT sealed_key FROM credential LIMIT 1)");
    for _ in 0..2 {
        request(&portal, &alice, false, RSA).await;
        carry(&[&portal]).await;
    }
    assert_eq!((ready(&portal).await, keys(&portal).await), (3, 3));
    let findings = portal.doctor().await.unwrap();
    let bad: Vec<_> = findings.iter().filter(|finding| !finding.is_good).collect();
    assert_eq!(bad.len(), 1, "{bad:#?}");
    assert!(bad[0].check.starts_with("I5"), "{bad:#?}");
    assert!(bad[0].detail.contains("key made ahead"), "{bad:#?}");
}

async fn no_key_is_lost_or_used_twice_by_a_crash(database: Database) {
    let Some(ground) = Ground::new(database).await else {
        return;
    };
    let place = &ground.place;
    let portal = place.start(None).await;
    seed(&portal).await;
    portal.store().close().await;
    let rounds = ["pool-key-sealed", "pool-key-taken", "prepare-recorded"];
    for (round, failpoint) in rounds.into_iter().enumerate() {
        crash_at(place, "key_pool::victim", failpoint, 0).await;
        let portal = place.start(None).await;
        carry(&[&portal]).await;
        // In the first round nothing was asked for, and nothing is in the pool.
        assert_eq!(keys(&portal).await, round, "{failpoint}");
        let left = if round == 0 { 0 } else { 2 };
        assert_eq!(ready(&portal).await, left, "{failpoint}");
        assert_ledger_is_clean(&portal).await;
        portal.fill_key_pool().await.unwrap();
        assert_eq!(ready(&portal).await, 3, "{failpoint}");
        portal.store().close().await;
    }
}

/// What the victim does: it fills the pool, and issues a certificate from it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(orders) = orders().await else {
        return;
    };
    let portal = orders.portal;
    portal.fill_key_pool().await.unwrap();
    let alice = actor(&portal, "alice").await;
    request(&portal, &alice, false, RSA).await;
    portal
        .run_pipeline(tokio::time::sleep(Duration::from_secs(20)))
        .await;
    panic!("the failpoint was not reached");
}
