//! The main job: from accepted requests to stored PFX files.

use crate::ground::{Ground, people};
use anyhow::{Context, Result, ensure};
use domain::KeyAlgorithm;
use futures::{StreamExt, TryStreamExt, stream};
use portal::{Actor, Portal};
use std::time::{Duration, Instant};

/// People who send the form at the same time.
const AT_ONCE: usize = 16;
/// How often the queue is looked at; short against what is measured.
const LOOK: Duration = Duration::from_millis(10);

/// Certificates per second.
pub(crate) async fn rate(ground: &Ground, algorithm: KeyAlgorithm, count: u32) -> Result<f64> {
    let portal = &ground.portal;
    let people = people(portal, count).await?;
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
    request_all(portal, &people, algorithm).await?;
    wait_until_done(portal).await?;
    let took = started.elapsed();
    drop(stop);
    pipeline.await?;
    let issued = portal.store().valid_certificates(portal.now()).await?;
    ensure!(
        issued == i64::from(count),
        "{issued} certificates instead of {count}"
    );
    Ok(f64::from(count) / took.as_secs_f64())
}

/// Sends the form for everybody, with the template that asks for no approval.
pub(crate) async fn request_all(
    portal: &Portal,
    people: &[Actor],
    algorithm: KeyAlgorithm,
) -> Result<()> {
    let form = portal
        .request_form(
            people.first().context("nobody")?,
            api::RequestFor::default(),
        )
        .await?;
    let template = form
        .templates
        .iter()
        .find(|t| !t.needs_approval)
        .context("no template")?
        .id;
    stream::iter(people)
        .map(Ok::<_, anyhow::Error>)
        .try_for_each_concurrent(AT_ONCE, |person| async move {
            let mailbox = person.mailbox.as_ref().context("no mailbox")?;
            let form = api::RequestCertificate {
                template: template.to_string(),
                mailbox: mailbox.to_string(),
                reason: String::new(),
                key_algorithm: algorithm.to_string(),
                idempotency_key: mailbox.to_string(),
                ..api::RequestCertificate::default()
            };
            portal.request_certificate(person, form).await?;
            Ok(())
        })
        .await
}

/// Waits until nothing is in the pipeline.
pub(crate) async fn wait_until_done(portal: &Portal) -> Result<()> {
    loop {
        let counts = portal.store().request_counts().await?;
        ensure!(counts.failed == 0, "a request failed");
        if counts.issuing == 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}
