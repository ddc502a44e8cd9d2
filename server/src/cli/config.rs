//! `certportal config`. Needs no database.

use clap::{Args, Subcommand};

use super::{Context, Outcome, screen};
use crate::config;

/// Check, print and explain the configuration
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal config check
  certportal config print --config /etc/certportal.toml
  certportal config reference > data/certportal.toml")]
pub(super) struct Config {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say whether the configuration can be used, and if not, where it is wrong
    Check,
    /// Print every value and where it comes from; passwords are masked
    Print,
    /// Print a file with every key, its default and its meaning
    Reference,
}

impl Config {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<Outcome> {
        match self.verb {
            Verb::Check => {
                let (config, _) = context.config()?;
                crate::serve::mailer(&config.mail)?;
                screen::line("the configuration is good");
            }
            Verb::Print => screen::raw(&config::print(&context.config()?.1)),
            Verb::Reference => screen::raw(&config::reference()),
        }
        Ok(Outcome::Done)
    }
}
