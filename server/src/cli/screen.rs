//! Writing to the terminal. Nobody may be reading; a command works all the same.

use std::io::{IsTerminal as _, Write as _};

/// Writes a line to standard output.
pub(super) fn line(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Writes text to standard output as it is.
pub(super) fn raw(text: &str) {
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Writes a note to standard error.
pub(super) fn note(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Says on standard error why a command could not be done, with its causes.
pub(super) fn complain(error: &anyhow::Error) {
    drop(writeln!(std::io::stderr(), "certportal: {error:#}"));
}

/// Whether a person reads standard output.
pub(super) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}
