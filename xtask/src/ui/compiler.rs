//! Who makes the wasm module: the pinned toolchain if it has or gets the wasm target, else
//! Debian's own Rust, which builds the standard library from its packaged sources.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::ground::needs::Need;
use crate::ground::{Repo, apt, program, screen};

const TARGET: &str = "wasm32-unknown-unknown";

/// The choice on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compiler {
    /// What is installed, then rustup, then Debian
    Auto,
    /// The pinned toolchain and rustup
    Rustup,
    /// Debian's rustc-web
    Debian,
}

/// A compiler that is ready to use.
#[derive(Debug)]
pub(crate) enum Toolchain {
    /// The pinned toolchain has the target.
    Pinned,
    /// Debian's, with this linker.
    Debian { linker: PathBuf },
}

impl Toolchain {
    /// Finds one, or installs one.
    pub(crate) fn find(repo: &Repo, choice: Compiler) -> Result<Self> {
        let sysroot = sysroot(repo)?;
        if choice != Compiler::Debian {
            let installed = || sysroot.join("lib/rustlib").join(TARGET).is_dir();
            if installed() || (add_with_rustup(repo) && installed()) {
                return Ok(Self::Pinned);
            }
            if choice == Compiler::Rustup {
                anyhow::bail!("rustup could not add {TARGET}: try `--compiler debian`");
            }
        }
        apt::ensure(&[Need::DebianRust]).with_context(|| {
            format!("no compiler for {TARGET}: `rustup target add {TARGET}`, or Debian's Rust")
        })?;
        let linker = linker(&sysroot)?;
        screen::note("wasm with Debian's rustc-web, which first builds the standard library");
        Ok(Self::Debian { linker })
    }

    /// The command that builds the module into `target/wasm`.
    pub(crate) fn build(&self, repo: &Repo) -> Command {
        let mut command = match self {
            Self::Pinned => repo.cargo(["build"]),
            Self::Debian { linker } => {
                let mut command = repo.command("/usr/bin/cargo", ["build"]);
                command
                    .arg("-Zbuild-std=std,panic_abort")
                    // Stable otherwise refuses -Zbuild-std.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    // `cargo xtask` points these at the pinned toolchain.
                    .env_remove("CARGO")
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("LD_LIBRARY_PATH");
                command
            }
        };
        command.args(["--package", "hydrate", "--lib", "--features", "hydrate"]);
        command.args(["--profile", "wasm", "--target", TARGET]);
        // A folder of its own: the two compilers must not evict the program's build.
        command.arg("--target-dir").arg(repo.path("target/wasm"));
        command
    }
}

fn sysroot(repo: &Repo) -> Result<PathBuf> {
    // `cargo` of the pinned toolchain lies next to its rustc; `rustc` may be rustup's proxy.
    let text = program::output(&mut repo.command("rustc", ["--print", "sysroot"]))?;
    Ok(PathBuf::from(text.trim()))
}

fn add_with_rustup(repo: &Repo) -> bool {
    if program::find("rustup").is_none() {
        return false;
    }
    screen::stage("rustup target add", || {
        let mut rustup = repo.command("rustup", ["target", "add", TARGET]);
        // On a closed network this is to fail soon; there is another way.
        program::run(rustup.env("RUSTUP_MAX_RETRIES", "1"))
    })
    .inspect_err(|error| screen::warn(&format!("{error:#}")))
    .is_ok()
}

/// Debian's rustc brings no linker for wasm, but every toolchain of rustup does.
fn linker(sysroot: &std::path::Path) -> Result<PathBuf> {
    let targets = sysroot.join("lib/rustlib");
    std::fs::read_dir(&targets)
        .with_context(|| format!("cannot list {}", targets.display()))?
        .flatten()
        .map(|entry| entry.path().join("bin/rust-lld"))
        .find(|linker| linker.is_file())
        .with_context(|| format!("no rust-lld below {}", targets.display()))
}
