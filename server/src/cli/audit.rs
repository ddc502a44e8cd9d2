//! `certportal audit`.

use clap::{Args, Subcommand};
use portal::Actor;

use super::context::told;
use super::{Context, Outcome, screen};

/// Check the audit log
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  certportal audit verify && echo unbroken

Ends with 3 if an entry was changed, removed or added.")]
pub(super) struct Audit {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check the whole chain of entries
    Verify,
}

impl Audit {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let Verb::Verify = self.verb;
        let portal = context.portal().await?;
        let found = told(&portal, portal.verify_audit(&Actor::command_line()).await)?;
        match found.broken_at {
            None => {
                screen::line(&format!("{} entries, unbroken", found.checked));
                Ok(Outcome::Done)
            }
            Some((number, what)) => {
                screen::line(&format!("broken at entry {number}: {what}"));
                Ok(Outcome::Found)
            }
        }
    }
}
