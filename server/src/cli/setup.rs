//! `certportal setup`.

use clap::Args;

use super::context::told;
use super::{Context, Outcome, screen};

/// Print a fresh one-time link to set the portal up
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal setup
  certportal setup --data /var/lib/certportal

A link printed earlier is no longer good. The portal need not be running, but must be to open it.")]
pub(super) struct SetUp {}

impl SetUp {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let portal = context.portal().await?;
        match told(&portal, portal.set_up_link_token().await)? {
            Some(token) => {
                let base = &portal.policy().base_url;
                let path = api::url::SET_UP;
                screen::line(&format!("{base}{path}?token={}", token.expose()));
                Ok(Outcome::Done)
            }
            None => anyhow::bail!("the portal is set up already; sign in as its administrator"),
        }
    }
}
