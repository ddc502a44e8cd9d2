//! `certportal revoke`.

use clap::Args;
use domain::RevocationReason;
use portal::Actor;

use super::context::told;
use super::{Context, Outcome, screen};

/// Revoke a certificate for good
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal revoke 5f3a09c2b7d14e6688a1f0c3d2b4e596 --reason keyCompromise
  certportal revoke 019a6f0e-7c3e-7d54-b0a1-2f6f3c1d9e77 --reason superseded --comment \"New laptop\"

Reasons (RFC 5280): keyCompromise, superseded, affiliationChanged, privilegeWithdrawn,
cessationOfOperation, unspecified. It cannot be undone. The next fetch of the revocation list has it,
and the owner gets a mail. For keyCompromise all good certificates of the same key are revoked.
A serial number that was signed but could not be stored as a certificate is revoked as well, and its
request ended; the audit log names it where it was reserved. After a restore, so is one that only the
signing journal in the data folder knows; certportal doctor names them.")]
pub(super) struct Revoke {
    /// Serial number (hexadecimal, colons allowed), or identifier from the certificate's address
    certificate: String,
    /// Why, as a word of RFC 5280
    #[arg(long)]
    reason: RevocationReason,
    /// More about it; the owner reads it
    #[arg(long, default_value = "")]
    comment: String,
}

impl Revoke {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let portal = context.portal().await?;
        let actor = Actor::command_line();
        let name = &self.certificate;
        let reason = self.reason.to_string();
        let done = match portal
            .revoke_named(&actor, name, reason, self.comment)
            .await
        {
            Err(portal::Error::NotFound) => {
                anyhow::bail!("no certificate has the serial number or identifier {name}")
            }
            done => told(&portal, done)?,
        };
        screen::line(&done.message);
        Ok(Outcome::Done)
    }
}
