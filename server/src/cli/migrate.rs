//! `certportal migrate`.

use anyhow::Context as _;
use clap::Args;

use super::{Context, Outcome, screen};
use crate::{open_store, private_file};

/// Bring the database up to date
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  certportal migrate

`serve` does this too. Make a copy of the database first; there is no way back.")]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let (config, _) = context.config()?;
        private_file::create_folder(context.folder.path()).context("no data folder")?;
        let store = open_store(&config).await?;
        let was_up_to_date = store.is_migrated().await?;
        store.migrate().await?;
        let kind = store.kind();
        let done = if was_up_to_date {
            "was up to date"
        } else {
            "is up to date now"
        };
        screen::line(&format!("the {kind} database {done}"));
        store.close().await;
        Ok(Outcome::Done)
    }
}
