//! The morning after an announcement: many approved requests at once, with their keys made ahead.

use crate::ground::{Ground, people};
use crate::issuance::{request_all, wait_until_done};
use anyhow::{Context, Result, ensure};
use domain::{KeyAlgorithm, Mailbox, Role};
use portal::{Actor, Portal};
use std::time::Instant;

/// As many as an approver can decide at once.
pub(crate) const REQUESTS: u32 = 100;
const KEY: KeyAlgorithm = KeyAlgorithm::Rsa3072;

/// How a burst went.
#[derive(Debug)]
pub(crate) struct Burst {
    pub(crate) filled_secs: f64,
    pub(crate) per_second: f64,
    /// From approval to stored PFX, milliseconds, in rising order.
    pub(crate) waits: Vec<f64>,
}

/// Fills the pool, has `count` requests approved together, and carries them through.
pub(crate) async fn measure(ground: &Ground, count: u32) -> Result<Burst> {
    let portal = &ground.portal;
    let people = people(portal, count).await?;
    request_all(portal, &people, KEY, true).await?;
    let filling = Instant::now();
    let made = portal.fill_key_pool().await?;
    let filled_secs = filling.elapsed().as_secs_f64();
    ensure!(made >= usize::try_from(count)?, "{made} keys made ahead");

    let mut ids = Vec::new();
    for person in &people {
        let person = person.id.context("nobody")?;
        let rows = portal.store().requests_of(person, 1).await?;
        ids.extend(rows.iter().map(|row| row.id));
    }
    let bob = approver(portal).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let pipeline = tokio::spawn({
        let portal = portal.clone();
        async move {
            portal
                .run_pipeline(async { stopped.await.unwrap_or_default() })
                .await;
        }
    });
    let started = Instant::now();
    let decision = api::Decision {
        requests: ids.clone(),
        reason: String::new(),
    };
    portal.approve(&bob, decision).await?;
    wait_until_done(portal).await?;
    let took = started.elapsed().as_secs_f64();
    drop(stop);
    pipeline.await?;

    let left: i64 = portal
        .store()
        .pool_counts()
        .await?
        .iter()
        .map(|row| row.count)
        .sum();
    let used = i64::try_from(made)? - left;
    ensure!(used == i64::from(count), "{used} keys came from the pool");
    let mut waits = Vec::new();
    for id in ids {
        let row = portal
            .store()
            .request(id)
            .await?
            .context("a request is lost")?;
        let approved = row.decided_at.context("a request was not approved")?;
        waits.push((row.updated_at - approved).as_seconds_f64() * 1_000.0);
    }
    waits.sort_by(f64::total_cmp);
    Ok(Burst {
        filled_secs,
        per_second: f64::from(count) / took,
        waits,
    })
}

/// The approver of the demo.
async fn approver(portal: &Portal) -> Result<Actor> {
    let mailbox: Mailbox = "bob@example.com".parse()?;
    let machine = Actor::command_line();
    let person = portal.find_person(&machine, &mailbox).await?;
    Ok(Actor {
        id: Some(person),
        name: "Bob Brown".to_owned(),
        mailbox: Some(mailbox),
        role: Some(Role::Approver),
        ..Actor::command_line()
    })
}
