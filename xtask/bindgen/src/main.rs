//! Makes the user interface's files from the wasm module, the style and the assets.
//!
//! `cargo xtask wasm` calls it. It is a package of its own because wasm-bindgen's library is
//! heavy; `Cargo.lock` pins it to the version that the module was built with.
#![expect(
    clippy::print_stdout,
    reason = "a command line tool talks to the terminal"
)]

mod assets;
mod minify;
mod module;
mod site;
mod style;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use serde_json::json;

use site::Site;

/// Beginning of the names of the three main files.
const NAME: &str = "certportal";

#[derive(Debug, Parser)]
struct Arguments {
    /// The module as the compiler made it
    #[arg(long)]
    module: PathBuf,
    /// The style sheet that imports all others
    #[arg(long)]
    style: PathBuf,
    /// Folder with pictures and fonts
    #[arg(long)]
    assets: PathBuf,
    /// Folder to write to
    #[arg(long)]
    site: PathBuf,
    /// Folder for intermediate files
    #[arg(long)]
    work: PathBuf,
    /// The program wasm-opt; without it the module stays large
    #[arg(long)]
    wasm_opt: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut site = Site::open(&arguments.site)?;

    let module = module::bind(
        &arguments.module,
        &arguments.work,
        arguments.wasm_opt.as_deref(),
    )?;
    let wasm = site.add(&format!("{NAME}.wasm"), &module.wasm)?;
    // The script asks for the module by its unhashed name when nobody tells it another one.
    let script = module.script.replace(module::WASM_NAME, file_name(&wasm));
    let js = site.add(&format!("{NAME}.js"), script.as_bytes())?;
    for (name, snippet) in &module.snippets {
        site.add_as_is(name, snippet)?;
    }

    let assets = assets::read(&arguments.assets)?;
    let mut names = Vec::new();
    for asset in &assets {
        names.push((asset.name.clone(), site.add(&asset.name, &asset.content)?));
    }
    let style = minify::minify(&style::read(&arguments.style)?);
    let style = assets::link(&style, &names);
    let css = site.add(&format!("{NAME}.css"), style.as_bytes())?;

    let assets: serde_json::Map<_, _> = names
        .into_iter()
        .map(|(name, path)| (name, path.into()))
        .collect();
    let manifest = json!({ "js": js, "wasm": wasm, "css": css, "assets": assets });
    site.finish(&manifest)
}

/// `pkg/a.js` is `a.js`.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
