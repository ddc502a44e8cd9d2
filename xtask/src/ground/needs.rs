//! What the machine must have: how to see whether it is there, and Debian's packages for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::program;

/// Something that verbs need from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// C compiler and make, for OpenSSL and SQLite.
    CCompiler,
    /// The Perl modules that OpenSSL's build uses.
    Perl,
    /// Node.js and npm, for wasm-opt and the browser tests.
    Node,
    /// The browser.
    Chromium,
    /// The database that most installations at scale use.
    Postgres,
    /// Independent readers of what we issue: NSS, `GnuPG`, Java, OpenSSL.
    Readers,
    /// A web server that asks for certificates of ours.
    Nginx,
    /// A resolver that validates DNSSEC, to ask for CAA records.
    Unbound,
    /// Python with venv, for pkilint and the test mail server.
    Python,
    /// Debian's own Rust, able to build the standard library for wasm.
    DebianRust,
}

impl Need {
    /// Whether the machine has it.
    pub(crate) fn is_there(self) -> bool {
        match self {
            Self::CCompiler => all_found(&["cc", "make"]),
            Self::Perl => program::succeeds(Command::new("perl").args([
                "-MFindBin",
                "-MIPC::Cmd",
                "-MFile::Compare",
                "-MTime::Piece",
                "-e",
                "1",
            ])),
            Self::Node => node_major().is_some_and(|major| major >= 18) && all_found(&["npm"]),
            Self::Chromium => Path::new("/usr/bin/chromium").is_file(),
            Self::Postgres => postgres_programs().is_ok(),
            Self::Readers => all_found(&[
                "certtool", "certutil", "faketime", "gpgsm", "keytool", "ocsptool", "openssl",
                "pk12util",
            ]),
            Self::Nginx => Path::new("/usr/sbin/nginx").is_file(),
            Self::Unbound => Path::new("/usr/sbin/unbound").is_file(),
            Self::Python => {
                program::succeeds(Command::new(python()).args(["-c", "import ensurepip, venv"]))
            }
            Self::DebianRust => {
                Path::new("/usr/bin/rustc").is_file()
                    && Path::new("/usr/bin/cargo").is_file()
                    && Path::new("/usr/lib/rustlib/src/rust/library/std").is_dir()
            }
        }
    }

    /// Debian's packages that bring it.
    pub(crate) const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::CCompiler => &["gcc", "libc6-dev", "make"],
            Self::Perl => &["perl"],
            Self::Node => &["nodejs", "npm"],
            Self::Chromium => &["chromium", "fonts-liberation"],
            Self::Postgres => &["postgresql"],
            Self::Readers => &[
                "faketime",
                "gnutls-bin",
                "libnss3-tools",
                "gpgsm",
                "openjdk-17-jre-headless",
                "openssl",
            ],
            Self::Nginx => &["nginx"],
            Self::Unbound => &["unbound"],
            Self::Python => &["python3", "python3-venv"],
            Self::DebianRust => &["rustc-web", "cargo-web", "rust-web-src"],
        }
    }
}

/// Debian's Python rather than another one that comes first in `PATH`.
pub(crate) fn python() -> &'static str {
    if Path::new("/usr/bin/python3").is_file() {
        "/usr/bin/python3"
    } else {
        "python3"
    }
}

/// Folder of the newest installed PostgreSQL's programs.
pub(crate) fn postgres_programs() -> Result<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten() {
        let entry = entry?;
        let programs = entry.path().join("bin");
        let version = entry.file_name().to_string_lossy().parse().unwrap_or(0);
        if programs.join("initdb").is_file() && programs.join("postgres").is_file() {
            folders.push((version, programs));
        }
    }
    folders.sort();
    let (_, newest) = folders
        .pop()
        .context("PostgreSQL is not installed: apt-get install postgresql")?;
    Ok(newest)
}

fn all_found(names: &[&str]) -> bool {
    names.iter().all(|name| program::find(name).is_some())
}

fn node_major() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    major(&String::from_utf8(output.stdout).ok()?)
}

/// `v18.20.4` is 18.
fn major(version: &str) -> Option<u32> {
    let (major, _) = version.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_of_node() {
        assert_eq!(major("v18.20.4\n"), Some(18));
        assert_eq!(major("v6.0.0"), Some(6));
        assert_eq!(major("nonsense"), None);
    }
}
