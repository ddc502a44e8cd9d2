//! The main job: from accepted requests to stored PFX files.

use crate::effort::{Effort, Started};
use crate::ground::{Ground, people};
use anyhow::{Context, Result, ensure};
use domain::KeyAlgorithm;
use futures::{StreamExt, TryStreamExt, stream};
use portal::{Actor, Portal};
use std::time::Duration;

/// People who send the form at the same time.
const AT_ONCE: usize = 16;
/// How often the queue is looked at; seldom, as the database that is measured has to answer.
const LOOK: Duration = Duration::from_millis(100);
/// And when it is nearly empty.
const LAST_LOOK: Duration = Duration::from_millis(10);
/// That is when so few are left.
const LAST: i64 = 16;

/// A portal and people who have yet to ask for a certificate.
pub(crate) struct Contestant {
    ground: Ground,
    people: Vec<Actor>,
    issued: usize,
}

impl Contestant {
    /// Adds as many people as certificates will be made.
    pub(crate) async fn new(ground: Ground, count: u32) -> Result<Self> {
        let people = people(&ground.portal, count).await?;
        Ok(Self {
            ground,
            people,
            issued: 0,
        })
    }

    /// Issues to the next `count` people.
    pub(crate) async fn run(&mut self, algorithm: KeyAlgorithm, count: u32) -> Result<Effort> {
        let portal = &self.ground.portal;
        let next = self.people.iter().skip(self.issued);
        let next: Vec<Actor> = next.take(usize::try_from(count)?).cloned().collect();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let pipeline = tokio::spawn({
            let portal = portal.clone();
            async move {
                portal
                    .run_pipeline(async { stopped.await.unwrap_or_default() })
                    .await;
            }
        });
        let started = Started::now()?;
        request_all(portal, &next, algorithm, false).await?;
        wait_until_done(portal).await?;
        let effort = started.end(count)?;
        drop(stop);
        pipeline.await?;
        self.issued += next.len();
        let issued = portal.store().valid_certificates(portal.now()).await?;
        ensure!(
            usize::try_from(issued)? == self.issued,
            "{issued} certificates instead of {}",
            self.issued
        );
        Ok(effort)
    }
}

/// Sends the form for everybody, with the first template that asks for an approval or for none.
pub(crate) async fn request_all(
    portal: &Portal,
    people: &[Actor],
    algorithm: KeyAlgorithm,
    with_approval: bool,
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
        .find(|t| t.needs_approval == with_approval)
        .context("no template")?
        .id;
    stream::iter(people)
        .map(Ok::<_, anyhow::Error>)
        .try_for_each_concurrent(AT_ONCE, |person| async move {
            let mailbox = person.mailbox.as_ref().context("no mailbox")?;
            let form = api::RequestCertificate {
                template: template.to_string(),
                mailbox: mailbox.to_string(),
                reason: "I write to customers".to_owned(),
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
        let is_near = counts.issuing <= LAST;
        tokio::time::sleep(if is_near { LAST_LOOK } else { LOOK }).await;
    }
}
