//! Building the user interface: wasm module, wasm-bindgen, wasm-opt, style, assets, into
//! `target/site`. Nothing is done while the fingerprint of everything that goes in is the same.

mod compiler;
mod size;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::ground::needs::Need;
use crate::ground::{Repo, fingerprint, node, program, screen};

pub(crate) use compiler::Compiler;
use compiler::Toolchain;

/// Everything that goes into the user interface's files.
const SOURCES: &[&str] = &[
    "app",
    "crates/api",
    "crates/domain",
    "style",
    "xtask/bindgen",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "rust-toolchain.toml",
    "end2end/package-lock.json",
];

/// How to build.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// Who makes the wasm module.
    pub(crate) compiler: Compiler,
    /// Build even if nothing changed.
    pub(crate) force: bool,
    /// Whether wasm-opt is a must.
    pub(crate) optimise: Optimise,
}

/// Whether wasm-opt makes the module smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Optimise {
    /// Yes, and Node.js is installed for it.
    Always,
    /// If Node.js is there: nobody waits for it only to look at the portal.
    IfNodeIsThere,
}

impl Options {
    /// The build that is tested and shipped.
    pub(crate) const SHIPPED: Self = Self {
        compiler: Compiler::Auto,
        force: false,
        optimise: Optimise::Always,
    };
    /// The build that starts soonest on a new machine.
    pub(crate) const SOONEST: Self = Self {
        optimise: Optimise::IfNodeIsThere,
        ..Self::SHIPPED
    };
}

/// Builds the user interface's files, if they are not there already, and checks their size.
pub(crate) fn build(repo: &Repo, options: Options) -> Result<()> {
    let site = repo.path("target/site");
    let stamp = site.join(".fingerprint");
    let optimise = options.optimise == Optimise::Always || Need::Node.is_there();
    let kind = if optimise { "optimised" } else { "as compiled" };
    let now = fingerprint::fingerprint(repo.root(), SOURCES, &[kind])?;
    let is_built = site.join("manifest.json").is_file();
    if is_built && !options.force && fingerprint::is_fresh(&stamp, &now) {
        screen::note("user interface: unchanged");
        return size::check(&site, optimise);
    }
    let work = repo.path("target/wasm/bound");
    if options.force && work.exists() {
        fs::remove_dir_all(&work).context("cannot clear target/wasm/bound")?;
    }
    let module = compile(repo, options.compiler)?;
    let wasm_opt = if optimise {
        node::ensure(repo)?;
        Some(node::tool(repo, "wasm-opt"))
    } else {
        screen::warn(
            "no Node.js here, so wasm-opt is left out: the module is larger, nothing else",
        );
        None
    };
    screen::stage("user interface: tool", || {
        program::run(&mut repo.cargo(["build", "--quiet", "--package", "bindgen"]))
    })?;
    screen::stage("user interface: files", || {
        let mut bindgen = repo.command(repo.path("target/debug/bindgen"), []);
        bindgen.arg("--module").arg(&module);
        bindgen.args(["--style", "style/main.css", "--assets", "style/assets"]);
        bindgen.arg("--work").arg(&work);
        bindgen.arg("--site").arg(&site);
        if let Some(wasm_opt) = &wasm_opt {
            bindgen.arg("--wasm-opt").arg(wasm_opt);
        }
        program::run(&mut bindgen)
    })?;
    fingerprint::keep(&stamp, &now)?;
    size::check(&site, optimise)
}

fn compile(repo: &Repo, compiler: Compiler) -> Result<PathBuf> {
    let toolchain = Toolchain::find(repo, compiler)?;
    screen::stage("user interface: wasm module", || {
        program::run(&mut toolchain.build(repo))?;
        let module = repo.path("target/wasm/wasm32-unknown-unknown/wasm/hydrate.wasm");
        module
            .is_file()
            .then_some(module)
            .context("the compiler made no hydrate.wasm: is `app/hydrate` still a cdylib?")
    })
}
