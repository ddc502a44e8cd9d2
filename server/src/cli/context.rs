//! What every command has: data folder, configuration, environment.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use portal::Portal;

use crate::config::{Config, DataFolder, Environment, Values};
use crate::{Started, logging, private_file, start};

/// What every command has.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) folder: DataFolder,
    pub(super) environment: Environment,
    file: Option<PathBuf>,
}

impl Context {
    pub(super) fn new(data: &Path, file: Option<PathBuf>) -> anyhow::Result<Self> {
        Ok(Self {
            folder: DataFolder::new(data).context("the data folder has no usable name")?,
            environment: Environment::of_process(),
            file,
        })
    }

    /// The configuration, and its values as they were said.
    pub(super) fn config(&self) -> anyhow::Result<(Config, Values)> {
        Ok(Config::load(
            &self.folder,
            self.file.as_deref(),
            &self.environment,
        )?)
    }

    /// The portal, for a command on the same data. Logs only what is wrong.
    pub(super) async fn portal(&self) -> anyhow::Result<Portal> {
        let (mut config, _) = self.config()?;
        if !self.environment.says("CERTPORTAL_LOG__LEVEL") {
            "warn".clone_into(&mut config.log.level);
        }
        logging::start(&config.log);
        private_file::create_folder(self.folder.path())
            .with_context(|| format!("{} cannot be made", self.folder.path().display()))?;
        let Started { portal, .. } = start(&config, &self.folder, &self.environment).await?;
        Ok(portal)
    }
}

/// An error of a use case in its words for people.
pub(super) fn told<T>(portal: &Portal, result: Result<T, portal::Error>) -> anyhow::Result<T> {
    result.map_err(|error| {
        let error = portal.explain(error);
        let fields = error
            .fields
            .iter()
            .map(|field| format!("{}: {}", field.field, field.message));
        let fields: Vec<_> = fields.collect();
        if fields.is_empty() {
            anyhow::anyhow!("{}", error.message)
        } else {
            anyhow::anyhow!("{}", fields.join("; "))
        }
    })
}
