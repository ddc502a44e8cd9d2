//! The command line: which verbs there are and what they are called with.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::ground::Repo;
use crate::ui::Compiler;
use crate::{tidy, ui, verbs};

const EXAMPLES: &str = "Examples:
  cargo xtask run                           demo portal on https://localhost:8443
  cargo xtask run -- --listen 0.0.0.0:9443  the same, elsewhere
  cargo xtask test                          everything, on both databases and in a browser
  cargo xtask test renew                    only tests with `renew` in their name
  cargo xtask e2e -g \"sign in\"              only browser tests with that title
  cargo xtask build --release               one file with the user interface inside";

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Every developer verb of CertPortal",
    after_help = EXAMPLES
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Find or install what is missing, build, and start a portal with demo people
    Run {
        /// Arguments for `certportal serve`, after `--`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build the user interface's files into target/site
    Wasm {
        /// Which compiler makes the wasm module
        #[arg(long, value_enum, default_value_t = Compiler::Auto)]
        compiler: Compiler,
        /// Build even if nothing changed
        #[arg(long)]
        force: bool,
    },
    /// Build the program with the user interface
    Build {
        /// Optimised, as one file that carries the user interface inside
        #[arg(long)]
        release: bool,
    },
    /// Format, lints, documentation, house rules, wasm
    Check,
    /// House rules: crate edges, file sizes, migrations, ...
    Tidy,
    /// Every test there is, then all checks; ends with `N passed, N failed`
    Test {
        /// Run only Rust tests whose name contains this
        filter: Option<String>,
    },
    /// Browser tests against the real program
    E2e {
        /// Arguments for `playwright test`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Write the generated documentation: docs/certportal.toml
    Gen {
        /// Change nothing, fail if it is out of date
        #[arg(long)]
        check: bool,
    },
    /// Measure the release build: all but search and crl, which take minutes, or the parts named
    Bench {
        /// Parts: issuance, ocsp, search (250,000 certificates), burst, crl (1,000,000 entries),
        /// pages; `--scale 0.1` measures a tenth
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Photograph every page for every demo person, and every mail, into target/screenshots
    Screenshots,
}

/// Reads the command line and does what it says.
pub(crate) fn run() -> Result<ExitCode> {
    let cli = Cli::parse();
    let repo = Repo::here()?;
    let done = match cli.verb {
        Verb::Run { args } => verbs::run(&repo, &args),
        Verb::Wasm { compiler, force } => {
            let options = ui::Options {
                compiler,
                force,
                optimise: ui::Optimise::Always,
            };
            ui::build(&repo, options)
        }
        Verb::Build { release } => verbs::build(&repo, release),
        Verb::Check => verbs::check(&repo),
        Verb::Tidy => tidy::run(&repo),
        Verb::Test { filter } => return Ok(verbs::test(&repo, filter.as_deref())),
        Verb::E2e { args } => verbs::e2e(&repo, &args),
        Verb::Gen { check } => verbs::generate(&repo, check),
        Verb::Bench { args } => verbs::bench(&repo, &args),
        Verb::Screenshots => verbs::screenshots(&repo),
    };
    done.map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_are_passed_through() {
        for line in [
            "xtask run -- --listen 127.0.0.1:9000",
            "xtask e2e -g title --headed",
            "xtask bench --people 10",
            "xtask bench search",
            "xtask bench burst crl --scale 0.1",
        ] {
            Cli::try_parse_from(line.split(' ')).expect(line);
        }
    }
}
