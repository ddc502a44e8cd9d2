//! The outbox: mails leave after the transaction that queued them, at least once, each with one
//! Message-ID, so that a mail that goes out twice is recognised as one.

use crate::pipeline::backoff;
use crate::{Error, Portal};
use domain::NodeId;
use mail::{Mailer, Rendered, SendError, message_id};
use std::future::Future;
use std::pin::pin;
use store::MailRow;
use time::Duration;

/// Mails taken at once.
const BATCH: i64 = 20;
/// A node that died gives its mails back after this long.
const LEASE: Duration = Duration::minutes(2);
/// Looks for work at least this often.
const POLL: std::time::Duration = std::time::Duration::from_secs(5);
/// API tokens that have expired are listed for so long, so that their owner finds out why a program
/// is refused.
const EXPIRED_TOKENS_KEPT: Duration = Duration::days(30);
/// Tries before a mail is given up; with the growing waits that is about three days.
const TRIES: i64 = 60;

impl Portal {
    /// Sends mails until `shutdown`. Without a mailer they stay in the outbox.
    pub async fn run_outbox(&self, mailer: Option<Mailer>, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let Some(mailer) = mailer else {
            shutdown.await;
            return;
        };
        loop {
            match self.send_mails(&mailer).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "the outbox could not be read; trying again"),
            }
            tokio::select! {
                () = &mut shutdown => break,
                () = self.mail_signal().notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Sends what is due now; gives how many were tried.
    pub async fn send_mails(&self, mailer: &Mailer) -> Result<usize, Error> {
        let now = self.now();
        let node: NodeId = self.node();
        let mails = self
            .store()
            .claim_mails(node, now, now + LEASE, BATCH)
            .await?;
        self.failpoint("mail-claimed");
        for mail in &mails {
            self.send_mail(mailer, mail).await?;
        }
        Ok(mails.len())
    }

    async fn send_mail(&self, mailer: &Mailer, mail: &MailRow) -> Result<(), Error> {
        let host = host(&self.policy().base_url);
        let rendered = Rendered {
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
        };
        let now = self.now();
        let id = message_id(mail.id.0, host);
        let sent = match self.files_of(mail).await {
            Ok(files) => {
                mailer
                    .send_with(&mail.to, &id, now, &rendered, &files)
                    .await
            }
            Err(error) => Err(error),
        };
        match sent {
            Ok(()) => {
                self.failpoint("mail-sent");
                self.store().mail_sent(mail.id, self.now()).await?;
            }
            Err(SendError::Transient(why)) if mail.attempts < TRIES => {
                tracing::warn!(kind = mail.kind, why, "a mail could not be sent yet");
                let wait = self
                    .random()
                    .with(|rng| backoff(mail.attempts, Duration::hours(1), rng));
                self.store()
                    .mail_postponed(mail.id, now + wait, &why)
                    .await?;
            }
            Err(SendError::Transient(why) | SendError::Permanent(why)) => {
                tracing::error!(kind = mail.kind, why, "a mail cannot be sent");
                self.store().mail_failed(mail.id, &why, now).await?;
            }
        }
        Ok(())
    }

    /// What is attached. While the portal is sealed or its database is busy the mail waits.
    async fn files_of(&self, mail: &MailRow) -> Result<Vec<mail::Attachment>, SendError> {
        let Some(attachment) = &mail.attachment else {
            return Ok(Vec::new());
        };
        self.attachments(attachment)
            .await
            .map_err(|error| match error {
                Error::NotFound => {
                    SendError::Permanent("what was to be attached is no longer there".to_owned())
                }
                Error::Sealed => SendError::Transient("the portal is sealed".to_owned()),
                other => SendError::Transient(format!("what is attached cannot be read: {other}")),
            })
    }

    /// Tidies up until `shutdown`: ended sessions, tokens that expired long ago, old counters.
    pub async fn run_housekeeping(&self, shutdown: impl Future<Output = ()>) {
        const EVERY: std::time::Duration = std::time::Duration::from_mins(10);
        let mut shutdown = pin!(shutdown);
        // Certificates of older versions: what their keys are recognised by was not written down.
        if let Err(error) = self.read_keys().await {
            tracing::warn!(%error, "keys of certificates could not be read; trying again when needed");
        }
        loop {
            if let Err(error) = self.tidy_up().await {
                tracing::warn!(%error, "tidying up failed; trying again later");
            }
            tokio::select! {
                () = &mut shutdown => break,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    async fn tidy_up(&self) -> Result<(), Error> {
        let now = self.now();
        self.store().delete_expired_sessions(now).await?;
        let long_ago = now - EXPIRED_TOKENS_KEPT;
        self.store().delete_expired_api_tokens(long_ago).await?;
        self.store().delete_old_throttles(now).await?;
        self.renew_crls().await
    }
}

/// Host name of a URL, without the port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}
