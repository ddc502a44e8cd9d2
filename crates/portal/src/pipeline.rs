//! The durable pipeline: carries approved requests through to their PFX.
//!
//! The request row is the queue. A node claims due requests under a lease, does step after step,
//! and records each step in one transaction together with its audit entry. A step that was not
//! recorded did not happen and is done again; a node that died gives its requests back when its
//! lease ends, or at once when it starts again.

mod bundle;
mod prepare;
mod reserve;
mod sign;

use crate::place::Credential;
use crate::{Actor, Error, Portal};
use domain::{AuditAction, CertificateId, KeyPart, RequestId, Secret, Step};
use rand::{CryptoRng, RngExt};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use store::{IntentRow, NewAudit, Record, SealedKey, Work, WorkPart};
use time::Duration;
use tokio::task::JoinSet;

/// A node that died gives its requests back after this long.
const LEASE: Duration = Duration::seconds(15);
/// A living node renews its leases this often.
const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(5);
/// Looks for requests of other nodes at least this often.
const POLL: std::time::Duration = std::time::Duration::from_millis(500);
/// Requests in progress for each worker: enough that a worker never waits for the database, even
/// while places are kept free until more requests are claimed.
const PER_WORKER: usize = 8;
/// More requests are claimed when this part of the places is free: claiming is a transaction, which
/// several requests share.
const PART_CLAIMED: usize = 4;
/// Tries before a request is given to an administrator; with the growing waits about half an hour.
const TRIES: i64 = 8;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::minutes(10);

/// Why a request does not go on now.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Somebody else has it, or it was ended.
    LeaseLost,
    /// It may work later. The text is for people.
    Later(String),
    /// It will never work as it is. The text is for people.
    Never(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Sealed => Self::Later("the portal is sealed".to_owned()),
            Error::Busy(what) => Self::Later(format!("the {what} is busy")),
            Error::Internal(cause) => {
                tracing::error!(%cause, "a pipeline step failed");
                Self::Later("something went wrong inside the portal".to_owned())
            }
            other => Self::Never(other.to_string()),
        }
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict(_) | store::Error::NotFound => Self::LeaseLost,
            other => Error::from(other).into(),
        }
    }
}

impl From<ca::Error> for Stop {
    fn from(error: ca::Error) -> Self {
        match error {
            ca::Error::Refused(_) => Self::Never(error.to_string()),
            ca::Error::Unavailable(_) => Self::Later(error.to_string()),
        }
    }
}

impl From<safe::Error> for Stop {
    fn from(error: safe::Error) -> Self {
        match error {
            safe::Error::Tampered | safe::Error::Malformed => Self::Never(error.to_string()),
            other => Self::Later(other.to_string()),
        }
    }
}

impl From<pki::Error> for Stop {
    fn from(error: pki::Error) -> Self {
        Self::Never(error.to_string())
    }
}

impl From<cpu::Error> for Stop {
    fn from(error: cpu::Error) -> Self {
        Self::Later(error.to_string())
    }
}

/// A request in progress.
pub(crate) struct Job {
    work: Work,
    /// One for each certificate; none before they are prepared.
    parts: Vec<Part>,
}

/// One certificate of a request in progress.
#[expect(clippy::struct_field_names, reason = "it is what the tables call it")]
struct Part {
    part: KeyPart,
    /// The signing request, DER.
    csr: Vec<u8>,
    /// None where the owner keeps the key.
    sealed: Option<SealedKey>,
    /// Made by this process a moment ago, so that the next steps need not open it again.
    made: Option<Made>,
    intent: Option<IntentRow>,
    /// Linted and recorded by this process a moment ago: the next step need not lint it again.
    planned: Option<pki::Planned>,
    /// The certificate, DER.
    certificate: Option<(CertificateId, Vec<u8>)>,
}

#[derive(Clone)]
struct Made {
    password: Arc<Secret<String>>,
    key: Arc<pki::PrivateKey>,
}

impl From<WorkPart> for Part {
    fn from(row: WorkPart) -> Self {
        let sealed = row.sealed_password.zip(row.sealed_key);
        Self {
            part: row.part,
            csr: row.csr,
            sealed: sealed.map(|(password, key)| SealedKey {
                password,
                key,
                from_pool: None,
            }),
            made: None,
            intent: row.intent,
            planned: None,
            certificate: row.certificate,
        }
    }
}

impl Job {
    fn new(mut work: Work) -> Self {
        let parts = std::mem::take(&mut work.parts);
        Self {
            work,
            parts: parts.into_iter().map(Part::from).collect(),
        }
    }

    const fn id(&self) -> RequestId {
        self.work.request.id
    }

    const fn row(&self, part: KeyPart) -> Credential {
        Credential {
            request: self.work.request.id,
            part,
            owner: self.work.request.person,
        }
    }

    fn audit(&self, portal: &Portal, action: AuditAction, details: &[(&str, String)]) -> NewAudit {
        let mut audit = Actor::system().audit(
            action,
            portal.now(),
            self.id().0,
            self.work.request.mailbox.as_str(),
        );
        audit.details = details
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        audit
    }
}

impl Portal {
    /// Works until `shutdown`, then finishes the steps in progress and gives the rest back.
    pub async fn run_pipeline(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        // What this node held when it was killed.
        self.give_back().await;
        let capacity = self.cpu().workers() * PER_WORKER;
        let mut jobs = JoinSet::new();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        loop {
            while jobs.try_join_next().is_some() {}
            let free = capacity.saturating_sub(jobs.len());
            let has_room = free >= capacity / PART_CLAIMED;
            let claimed = self.claim(if has_room { free } else { 0 }).await;
            let is_more_likely = claimed.len() == free && free > 0;
            for work in claimed {
                let portal = self.clone();
                jobs.spawn(async move { portal.carry(work).await });
            }
            if is_more_likely && jobs.len() < capacity {
                continue;
            }
            tokio::select! {
                () = &mut shutdown => break,
                _ = heartbeat.tick() => self.renew_leases().await,
                Some(_) = jobs.join_next(), if !jobs.is_empty() => {}
                () = self.work_signal().notified(), if jobs.len() < capacity => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        while jobs.join_next().await.is_some() {}
        self.give_back().await;
    }

    /// Carries everything that is due now as far as it goes; gives how many requests that were.
    pub async fn run_due_work(&self) -> usize {
        let mut count = 0;
        loop {
            let claimed = self.claim(PER_WORKER).await;
            if claimed.is_empty() {
                return count;
            }
            for work in claimed {
                count += 1;
                self.carry(work).await;
            }
        }
    }

    async fn claim(&self, limit: usize) -> Vec<Work> {
        if limit == 0 || self.sealed().is_some() {
            return Vec::new();
        }
        let now = self.now();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match self
            .store()
            .claim_work(self.node(), now, now + LEASE, limit)
            .await
        {
            Ok(claimed) => {
                if !claimed.is_empty() {
                    self.failpoint("work-claimed");
                }
                claimed
            }
            Err(error) => {
                tracing::warn!(%error, "due requests could not be claimed; trying again");
                Vec::new()
            }
        }
    }

    async fn renew_leases(&self) {
        if let Err(error) = self
            .store()
            .renew_leases(self.node(), self.now() + LEASE)
            .await
        {
            tracing::warn!(%error, "leases could not be renewed; other nodes may take the requests over");
        }
    }

    async fn give_back(&self) {
        let leases = self.store().release_leases(self.node()).await;
        let mails = self.store().release_mail_leases(self.node()).await;
        if let Some(error) = leases.err().or(mails.err()) {
            tracing::warn!(%error, "leases could not be given back; they end by themselves");
        }
    }

    /// Carries one request through its steps until it is issued or has to stop.
    async fn carry(&self, work: Work) {
        let mut job = Job::new(work);
        let id = job.id();
        while job.work.request.step != Step::Done {
            match self.step(&mut job).await {
                Ok(next) => {
                    tracing::debug!(request = %id, step = %job.work.request.step, "step done");
                    job.work.request.step = next;
                    job.work.request.attempts = 0;
                    self.progressed(id);
                }
                Err(stop) => {
                    self.stop(&job, stop).await;
                    self.progressed(id);
                    break;
                }
            }
        }
        // Only now there can be a mail about it.
        self.mail_signal().notify_one();
    }

    async fn step(&self, job: &mut Job) -> Result<Step, Stop> {
        match job.work.request.step {
            Step::Prepare => self.prepare_step(job).await,
            Step::Reserve => self.reserve_step(job).await,
            Step::Sign => self.sign_step(job).await,
            Step::Bundle => self.bundle_step(job).await,
            Step::Done => Ok(Step::Done),
        }
    }

    async fn stop(&self, job: &Job, stop: Stop) {
        let (id, node) = (job.id(), self.node());
        let attempts = job.work.request.attempts;
        let stored = match stop {
            Stop::LeaseLost => {
                tracing::warn!(request = %id, "another node has taken this request over");
                return;
            }
            Stop::Later(why) if attempts < TRIES => {
                let wait = self
                    .random()
                    .with(|rng| backoff(attempts, LONGEST_WAIT, rng));
                tracing::warn!(request = %id, why, attempts, "a step has to wait");
                self.store()
                    .postpone(id, node, self.now() + wait, &why, self.now())
                    .await
            }
            Stop::Later(why) | Stop::Never(why) => self.fail(job, &why).await,
        };
        if let Err(error) = stored {
            tracing::warn!(request = %id, %error, "a stop could not be recorded; the lease ends by itself");
        }
    }

    async fn fail(&self, job: &Job, why: &str) -> Result<(), store::Error> {
        tracing::error!(request = %job.id(), step = %job.work.request.step, why, "a request is stuck");
        let step = job.work.request.step.to_string();
        let mut record = Record::default().audit(self.fail_audit(job, &step, why));
        match self.failed_mails(&job.work.request, why).await {
            Ok(mails) => {
                for mail in mails {
                    record = record.mail(mail);
                }
            }
            Err(error) => tracing::warn!(%error, "the administrators could not be told"),
        }
        self.store()
            .fail(job.id(), self.node(), why, self.now(), record)
            .await
    }

    fn fail_audit(&self, job: &Job, step: &str, why: &str) -> NewAudit {
        job.audit(
            self,
            AuditAction::Fail,
            &[("step", step.to_owned()), ("why", why.to_owned())],
        )
    }
}

/// How long to wait after `attempts` failures: doubling from one second up to `longest`, and a
/// random part of it, so that many requests do not come back at the same instant.
pub(crate) fn backoff(attempts: i64, longest: Duration, rng: &mut dyn CryptoRng) -> Duration {
    let exponent = u32::try_from(attempts.clamp(0, 20)).unwrap_or(20);
    let full = Duration::seconds(1_i64 << exponent).min(longest);
    let millis = i64::try_from(full.whole_milliseconds()).unwrap_or(i64::MAX);
    Duration::milliseconds(rng.random_range(millis / 2..=millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn waits_grow_and_stay_within_bounds() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        let longest = Duration::minutes(10);
        for attempts in 0..70 {
            let full = Duration::seconds(1_i64 << attempts.min(20)).min(longest);
            let wait = backoff(attempts, longest, &mut rng);
            assert!(wait >= full / 2 && wait <= full, "{attempts}: {wait}");
        }
    }
}
