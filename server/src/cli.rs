//! The command line: one file per command. What is not `serve` works on the same data, in words
//! and exit codes: 0 done, 1 not done, 2 wrong usage or configuration, 3 something was found.

mod audit;
mod completions;
mod config;
mod context;
mod doctor;
mod issue;
mod migrate;
mod person;
mod restored;
mod revoke;
mod screen;
mod serve;
mod setup;
mod template;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use context::Context;

/// A self-hosted portal that gives every employee an S/MIME certificate.
#[derive(Debug, Parser)]
#[command(name = "certportal", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// Folder with everything that the portal keeps
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "data",
        env = "CERTPORTAL_DATA"
    )]
    data: PathBuf,
    /// Configuration file; without it, certportal.toml in the data folder, if it is there
    #[arg(long, global = true, value_name = "FILE", env = "CERTPORTAL_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  certportal serve --demo                 look at it, with demonstration people
  certportal serve --data /var/lib/certportal
  certportal config reference > certportal.toml
  certportal person add alice@example.com --name \"Alice Adams\"
  certportal revoke 5f3a09c2b7d14e6688a1f0c3d2b4e596 --reason keyCompromise
  certportal doctor";

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the portal
    Serve(serve::Serve),
    /// Print a fresh one-time link to set the portal up
    Setup(setup::SetUp),
    /// Bring the database up to date
    Migrate(migrate::Migrate),
    /// Add people and change them
    Person(person::Person),
    /// Issue a certificate and write its PFX
    Issue(issue::Issue),
    /// Revoke a certificate for good
    Revoke(revoke::Revoke),
    /// List templates, and take them to and from files
    Template(template::Template),
    /// Make a database fit for use that was restored from a backup
    Restored(restored::Restored),
    /// Check the audit log
    Audit(audit::Audit),
    /// Check that everything that must hold does
    Doctor(doctor::Doctor),
    /// Check, print and explain the configuration
    Config(config::Config),
    /// Print completions for a shell
    Completions(completions::Completions),
}

/// Why a command ends as it does.
#[derive(Debug)]
enum Outcome {
    Done,
    /// Something was looked for and found: a fault in the data.
    Found,
}

/// Runs the command of the process.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(3),
        Err(error) => {
            screen::complain(&error);
            let is_usage = error.is::<crate::config::Problem>();
            ExitCode::from(if is_usage { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let context = Context::new(&cli.data, cli.config)?;
    match cli.command {
        Command::Config(command) => command.run(&context),
        Command::Completions(command) => Ok(command.run(&mut Cli::command())),
        Command::Serve(command) => in_runtime(command.run(context)),
        Command::Setup(command) => in_runtime(command.run(context)),
        Command::Migrate(command) => in_runtime(command.run(context)),
        Command::Person(command) => in_runtime(command.run(context)),
        Command::Issue(command) => in_runtime(command.run(context)),
        Command::Revoke(command) => in_runtime(command.run(context)),
        Command::Template(command) => in_runtime(command.run(context)),
        Command::Restored(command) => in_runtime(command.run(context)),
        Command::Audit(command) => in_runtime(command.run(context)),
        Command::Doctor(command) => in_runtime(command.run(context)),
    }
}

fn in_runtime(command: impl Future<Output = anyhow::Result<Outcome>>) -> anyhow::Result<Outcome> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
