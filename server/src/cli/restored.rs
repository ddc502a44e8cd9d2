//! `certportal restored`.

use clap::Args;
use portal::Actor;

use super::context::told;
use super::{Context, Outcome, screen};

/// Make a database fit for use that was restored from a backup
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  certportal restored

Run it once after a restore, before the portal starts. What the backup holds may have been used up
since: keys made ahead are thrown away, so that none is given out a second time; everybody is signed
out, and API tokens are revoked, because those that were revoked since have come back; revocation lists
are made anew, with numbers above every earlier one.")]
pub(super) struct Restored {}

impl Restored {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let portal = context.portal().await?;
        let done = told(&portal, portal.restored(&Actor::command_line()).await)?;
        screen::line(&format!(
            "Thrown away: {} keys made ahead, {} sessions, {} revocation lists. All are made anew as \
             they are needed. Revoked: {} API tokens; people make new ones for their programs. Run \
             `certportal doctor` now.",
            done.pool_keys, done.sessions, done.lists, done.tokens
        ));
        Ok(Outcome::Done)
    }
}
