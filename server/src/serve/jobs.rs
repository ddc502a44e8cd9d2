//! What the portal does by itself: issue certificates, send mail, tidy up, look after what ends soon,
//! make keys ahead.

use std::time::Duration;

use anyhow::Context as _;
use mail::{Mailer, Security, SmtpSettings};
use portal::Portal;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::shutdown;
use crate::config::{Mail, MailSecurity};

/// How long handing over one mail may take.
const MAIL_PATIENCE: Duration = Duration::from_mins(1);

/// The jobs, running.
#[derive(Debug)]
pub(super) struct Jobs(JoinSet<()>);

/// Starts all jobs; they end when the portal does.
pub(super) fn start(
    portal: &Portal,
    mail: &Mail,
    shutdown: &watch::Receiver<bool>,
) -> anyhow::Result<Jobs> {
    let mailer = mailer(mail)?;
    if mailer.is_none() {
        tracing::info!("no mail server is configured: mail waits in the database");
    }
    let mut jobs = JoinSet::new();
    let end = || shutdown::wait(shutdown.clone());
    let (pipeline, outbox, housekeeping) = (portal.clone(), portal.clone(), portal.clone());
    let (first, second, third) = (end(), end(), end());
    jobs.spawn(async move { pipeline.run_pipeline(first).await });
    jobs.spawn(async move { outbox.run_outbox(mailer, second).await });
    jobs.spawn(async move { housekeeping.run_housekeeping(third).await });
    let (endings, fourth) = (portal.clone(), end());
    jobs.spawn(async move { endings.run_endings(fourth).await });
    let (key_pool, fifth) = (portal.clone(), end());
    jobs.spawn(async move { key_pool.run_key_pool(fifth).await });
    Ok(Jobs(jobs))
}

/// What sends mail, if a server for it is configured.
pub(crate) fn mailer(mail: &Mail) -> anyhow::Result<Option<Mailer>> {
    let Some(host) = mail.host.clone() else {
        return Ok(None);
    };
    let (username, password) = mail.credentials.clone().unzip();
    let settings = SmtpSettings {
        host,
        port: mail.port,
        security: match mail.security {
            MailSecurity::None => Security::None,
            MailSecurity::StartTls => Security::StartTls,
            MailSecurity::Tls => Security::Tls,
        },
        username,
        password,
        from: mail.from.clone(),
        timeout: MAIL_PATIENCE,
    };
    let mailer = Mailer::new(&settings).context("[mail] in the configuration cannot be used")?;
    Ok(Some(mailer))
}

impl Jobs {
    /// Waits for the jobs to end, but not for ever: what is not finished is done again later.
    pub(super) async fn end(mut self, patience: Duration) {
        let all = async {
            while let Some(ended) = self.0.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a job ended badly");
                }
            }
        };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("a job did not end in time; the next start takes it up again");
        }
    }
}
