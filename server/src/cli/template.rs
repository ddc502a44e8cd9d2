//! `certportal template`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::TemplateId;
use portal::{Actor, LARGEST_TEMPLATE, Portal};

use super::context::told;
use super::{Context, Outcome, screen};

/// List templates, and take them to and from files
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal template list
  certportal template show \"Secure mail\"
  certportal template export \"Secure mail\" > secure-mail.json
  certportal template import secure-mail.json

A file has the name of a template and what a version of it says, as JSON. Importing makes a new
template, which is offered at once, or a new version of the one with this name; what was requested
before keeps its version. It is checked and linted as on the page. An \"authority\" is one of this
portal: write null for the newest that fits.")]
pub(super) struct Template {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List all templates: name, kind, newest version, whether it is offered, valid certificates
    List,
    /// Show what a template says, and its versions
    Show {
        /// Name of the template
        name: String,
    },
    /// Print a template as a file
    Export {
        /// Name of the template
        name: String,
        /// Number of the version; the newest if left out
        #[arg(long)]
        number: Option<i64>,
    },
    /// Make a template, or a new version of it, from a file
    Import {
        /// The file, as `export` prints it
        file: PathBuf,
    },
}

impl Template {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        // Read first: nothing is opened for a file that is not there.
        let file = match &self.verb {
            Verb::Import { file } => read(file)?,
            _ => Vec::new(),
        };
        let portal = context.portal().await?;
        let actor = Actor::command_line();
        match self.verb {
            Verb::List => list(&portal, &actor).await?,
            Verb::Show { name } => show(&portal, &actor, &name).await?,
            Verb::Export { name, number } => {
                let id = find(&portal, &actor, &name).await?;
                let document = match portal.export_template(&actor, id, number).await {
                    Err(portal::Error::NotFound) => anyhow::bail!("{name} has no such version"),
                    document => told(&portal, document)?,
                };
                screen::raw(&document);
            }
            Verb::Import { .. } => {
                let done = portal.import_template(&actor, &file).await;
                screen::line(&told(&portal, done)?.message);
            }
        }
        Ok(Outcome::Done)
    }
}

async fn find(portal: &Portal, actor: &Actor, name: &str) -> anyhow::Result<TemplateId> {
    match portal.find_template(actor, name).await {
        Err(portal::Error::NotFound) => {
            anyhow::bail!("no template has the name {name}; `certportal template list` shows them")
        }
        found => told(portal, found),
    }
}

async fn list(portal: &Portal, actor: &Actor) -> anyhow::Result<()> {
    for row in told(portal, portal.templates(actor).await)?.rows {
        let offered = if row.is_offered {
            "offered"
        } else {
            "not offered"
        };
        screen::line(&format!(
            "{}\t{}\tversion {}\t{offered}\t{}",
            row.name, row.kind, row.version, row.certificates
        ));
    }
    Ok(())
}

async fn show(portal: &Portal, actor: &Actor, name: &str) -> anyhow::Result<()> {
    let id = find(portal, actor, name).await?;
    let view = told(portal, portal.template(actor, Some(id)).await)?;
    for (name, words) in view.facts {
        screen::line(&format!("{name}: {words}"));
    }
    for version in view.versions {
        let changes = version.changes.join("; ");
        let (number, day, by) = (version.number, version.at.date(), version.by);
        screen::line(
            format!("version {number}, {day}, {by}: {changes}").trim_end_matches([':', ' ']),
        );
    }
    Ok(())
}

/// Reads a file; one byte more than the longest tells that it is too long.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let longest = u64::try_from(LARGEST_TEMPLATE)?;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(longest + 1).read_to_end(&mut bytes))
        .with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(bytes)
}
