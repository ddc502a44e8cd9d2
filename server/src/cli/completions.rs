//! `certportal completions`.

use clap::Args;
use clap_complete::Shell;

use super::{Outcome, screen};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  certportal completions bash > /etc/bash_completion.d/certportal")]
pub(super) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, command: &mut clap::Command) -> Outcome {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, command, "certportal", &mut text);
        screen::raw(&String::from_utf8_lossy(&text));
        Outcome::Done
    }
}
