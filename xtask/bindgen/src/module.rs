//! The module: wasm-bindgen makes the script that goes with it, wasm-opt makes it small.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

/// The name under which the script looks for the module by itself.
pub(crate) const WASM_NAME: &str = "certportal_bg.wasm";
/// The module that is served.
const SMALL: &str = "small.wasm";

/// What the browser runs.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) wasm: Vec<u8>,
    pub(crate) script: String,
    /// Further scripts that the main one imports, with their path next to it.
    pub(crate) snippets: Vec<(String, Vec<u8>)>,
}

/// Makes it from what the compiler made. Intermediate files stay in `work`: after a change of
/// the style alone they are used again.
pub(crate) fn bind(module: &Path, work: &Path, wasm_opt: Option<&Path>) -> Result<Module> {
    let compiled = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let key = format!(
        "{} {}",
        hex::encode(Sha256::digest(&compiled)),
        wasm_opt.is_some()
    );
    let key_file = work.join("key");
    if !fs::read_to_string(&key_file).is_ok_and(|kept| kept == key) {
        if work.exists() {
            fs::remove_dir_all(work).with_context(|| format!("cannot clear {}", work.display()))?;
        }
        make(compiled, work, wasm_opt)?;
        fs::write(&key_file, key).context("cannot write the key")?;
    }
    read(work)
}

fn make(compiled: Vec<u8>, work: &Path, wasm_opt: Option<&Path>) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(crate::NAME, compiled)
        .out_name(crate::NAME)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(work))
        .context("wasm-bindgen cannot use the module")?;
    let bound = work.join(WASM_NAME);
    let small = work.join(SMALL);
    match wasm_opt {
        Some(wasm_opt) => optimise(wasm_opt, &bound, &small),
        None => fs::rename(&bound, &small).context("cannot rename the module"),
    }
}

fn read(work: &Path) -> Result<Module> {
    let read =
        |name: &str| fs::read(work.join(name)).with_context(|| format!("cannot read {name}"));
    let mut snippets = Vec::new();
    collect(work, "snippets", &mut snippets)?;
    Ok(Module {
        wasm: read(SMALL)?,
        script: String::from_utf8(read(&format!("{}.js", crate::NAME))?)
            .context("wasm-bindgen wrote no UTF-8")?,
        snippets,
    })
}

fn optimise(wasm_opt: &Path, from: &Path, to: &Path) -> Result<()> {
    let status = Command::new(wasm_opt)
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        // What Rust's wasm target may use since 1.82, and every browser since 2022.
        .args([
            "--enable-bulk-memory",
            "--enable-multivalue",
            "--enable-mutable-globals",
        ])
        .args([
            "--enable-nontrapping-float-to-int",
            "--enable-reference-types",
            "--enable-sign-ext",
        ])
        .arg(from)
        .arg("-o")
        .arg(to)
        .status()
        .with_context(|| format!("cannot start {}", wasm_opt.display()))?;
    if !status.success() {
        bail!("wasm-opt failed ({status})");
    }
    Ok(())
}

fn collect(root: &Path, folder: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let listed = root.join(folder);
    if !listed.is_dir() {
        return Ok(());
    }
    for entry in
        fs::read_dir(&listed).with_context(|| format!("cannot list {}", listed.display()))?
    {
        let entry = entry?;
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(root, &name, files)?;
        } else {
            let content = fs::read(entry.path()).with_context(|| format!("cannot read {name}"))?;
            files.push((name, content));
        }
    }
    Ok(())
}
