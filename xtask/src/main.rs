//! Every developer verb of CertPortal: `cargo xtask --help`.
//!
//! A verb finds or installs what it needs, says on screen what it does, and ends with
//! exit code 0 only if everything went well. Few dependencies, so that it builds in seconds;
//! the heavy part of building the user interface is the separate package `xtask/bindgen`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to the terminal"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tool's own surroundings are its input: PATH, CARGO, and waiting for PostgreSQL"
)]

mod cli;
mod ground;
mod tidy;
mod ui;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
