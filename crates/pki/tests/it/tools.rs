//! Running the tools. A missing one fails the test: silence would look like success.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a tool answered.
pub(crate) struct Answer {
    pub(crate) is_success: bool,
    /// Standard output, then standard error.
    pub(crate) text: String,
    pub(crate) stdout: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn must_succeed(self, what: &str) -> Self {
        assert!(self.is_success, "{what} failed:\n{}", self.text);
        self
    }
}

/// Runs a tool in a folder, with text on its standard input.
#[track_caller]
pub(crate) fn run(folder: &Path, program: impl AsRef<Path>, args: &[&str], input: &str) -> Answer {
    let program = program.as_ref();
    let child = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| {
        panic!(
            "{} is missing ({error}); `cargo xtask test` installs it",
            program.display()
        )
    });
    // A tool that does not read its input closes the pipe early.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    Answer {
        is_success: output.status.success(),
        text,
        stdout,
    }
}

/// Python with pkilint and cryptography.
#[track_caller]
pub(crate) fn python(folder: &Path, script: &str, input: &str) -> String {
    let program = venv().join("bin/python");
    run(folder, program, &["-c", script], input)
        .must_succeed("python")
        .stdout
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the tools are is the test runner's knowledge"
)]
fn venv() -> PathBuf {
    std::env::var_os("CERTPORTAL_VENV").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv"),
        PathBuf::from,
    )
}
