//! `certportal issue`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use domain::{Mailbox, Secret};
use portal::IssueOrder;
use tokio::sync::oneshot;

use super::context::told;
use super::{Context, Outcome, screen};
use crate::private_file;
use crate::serve::Lock;

/// Issue a certificate and write its PFX
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal issue alice@example.com --out alice.p12
  certportal issue alice@example.com --out alice.p12 --password-file alice.password
  certportal issue ops@example.com --template Server --csr web.csr --out web.pem

The person must exist, and a template that asks for no approval. The password is printed only to a
terminal; in a script name a file for it. Both files are readable for you alone. With a signing
request the key stays where it was made: the file is the certificate with those above it, PEM, and
there is no password.")]
pub(super) struct Issue {
    /// Address that the person signs in with
    mailbox: String,
    /// Name of the template; without it the first one for mail
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// File with a signing request of your own, PEM or DER
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
    /// Host name or IP address of a server or device; those of the signing request if left out
    #[arg(long = "host", value_name = "HOST")]
    hosts: Vec<String>,
    /// What a device is called, where the template asks for it
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// File for the PFX or certificate; it must not exist yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// File for the password; it must not exist yet
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Issue {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let mailbox = Mailbox::parse(&self.mailbox)?;
        let csr = self.csr.as_deref().map(read_request).transpose()?;
        if csr.is_none() && self.password_file.is_none() && !screen::is_terminal() {
            anyhow::bail!("name a file for the password with --password-file");
        }
        for file in std::iter::once(&self.out).chain(&self.password_file) {
            if file.exists() {
                anyhow::bail!("{} exists already; choose another name", file.display());
            }
        }
        let portal = context.portal().await?;
        // A portal that runs on the same data issues it; otherwise this process does.
        let lock = Lock::try_take(&context.folder)?;
        let (end, ended) = oneshot::channel::<()>();
        let worker = portal.clone();
        let pipeline = lock.is_some().then(|| {
            tokio::spawn(async move { worker.run_pipeline(async { drop(ended.await) }).await })
        });
        let issued = portal
            .issue_for(IssueOrder {
                mailbox,
                template: self.template,
                csr,
                names: self.hosts.join(" "),
                device: self.device.unwrap_or_default(),
            })
            .await;
        drop(end);
        if let Some(pipeline) = pipeline {
            pipeline.await.context("the pipeline ended badly")?;
        }
        let file = told(&portal, issued)?;
        private_file::create(&self.out, &file.bytes)
            .with_context(|| format!("{} cannot be written", self.out.display()))?;
        screen::note(&format!("wrote {}", self.out.display()));
        if let Some(password) = &file.password {
            hand_over(password, self.password_file.as_deref())?;
        }
        Ok(Outcome::Done)
    }
}

/// Reads a signing request; one byte more than the longest tells that it is too long.
fn read_request(path: &Path) -> anyhow::Result<Vec<u8>> {
    let longest = u64::try_from(pki::csr::LARGEST)?;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(longest + 1).read_to_end(&mut bytes))
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(bytes)
}

/// Gives a password to whoever ran the command: in a file, or on their terminal.
pub(super) fn hand_over(password: &Secret<String>, file: Option<&Path>) -> anyhow::Result<()> {
    match file {
        None => screen::line(&format!("password: {}", password.expose())),
        Some(file) => {
            let bytes = Secret::new(format!("{}\n", password.expose()).into_bytes());
            private_file::create(file, &bytes)
                .with_context(|| format!("{} cannot be written", file.display()))?;
            screen::note(&format!("wrote {}", file.display()));
        }
    }
    Ok(())
}
