//! Our packages and what they ask for in their `Cargo.toml`.

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::ground::Repo;

/// One of our packages.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
}

/// What it asks for.
#[derive(Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// For tests only.
    pub(super) is_dev: bool,
    /// One of ours.
    pub(super) is_ours: bool,
}

/// Asks cargo.
pub(super) fn read(repo: &Repo) -> Result<Vec<Package>> {
    let metadata = MetadataCommand::new()
        .manifest_path(repo.path("Cargo.toml"))
        .no_deps()
        .exec()
        .context("`cargo metadata` failed")?;
    let packages = metadata.packages.iter().map(|package| Package {
        name: package.name.to_string(),
        dependencies: package
            .dependencies
            .iter()
            .map(|dependency| Dependency {
                name: dependency.name.clone(),
                is_dev: dependency.kind == DependencyKind::Development,
                is_ours: dependency.path.is_some(),
            })
            .collect(),
    });
    Ok(packages.collect())
}

/// A package for the tests of rules: `+` marks ours, `~` one for tests only.
#[cfg(test)]
pub(super) fn package(name: &str, dependencies: &[&str]) -> Package {
    let dependency = |text: &&str| Dependency {
        name: text.trim_start_matches(['+', '~']).to_owned(),
        is_dev: text.contains('~'),
        is_ours: text.contains('+'),
    };
    Package {
        name: name.to_owned(),
        dependencies: dependencies.iter().map(dependency).collect(),
    }
}
