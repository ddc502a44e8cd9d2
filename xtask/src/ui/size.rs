//! The size budget: what a browser loads before the portal answers to a click.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::ground::screen;

/// Compressed bytes of the wasm module at most.
const BUDGET_BYTES: u64 = 350_000;

/// Fails if the module, as sent, is over the budget. Only an optimised one is judged.
pub(crate) fn check(site: &Path, optimised: bool) -> Result<()> {
    let bytes = compressed_module_bytes(site)?;
    let kilobytes = bytes.div_ceil(1000);
    screen::note(&format!("wasm module as sent: {kilobytes} kB"));
    if optimised {
        judge(bytes)?;
    }
    Ok(())
}

fn judge(bytes: u64) -> Result<()> {
    if bytes > BUDGET_BYTES {
        bail!(
            "wasm budget: {bytes} bytes with brotli, allowed are {BUDGET_BYTES}; \
             look for a new dependency with `cargo tree -p hydrate --target wasm32-unknown-unknown`"
        );
    }
    Ok(())
}

fn compressed_module_bytes(site: &Path) -> Result<u64> {
    for entry in fs::read_dir(site.join("pkg")).context("target/site/pkg is missing")? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".wasm.br") {
            return Ok(entry.metadata()?.len());
        }
    }
    bail!("target/site/pkg has no .wasm.br: run `cargo xtask wasm --force`")
}

#[cfg(test)]
mod tests {
    use super::{BUDGET_BYTES, compressed_module_bytes, judge};
    use std::fs;

    #[test]
    fn too_much_fails() {
        assert!(judge(BUDGET_BYTES).is_ok());
        let error = judge(BUDGET_BYTES + 1).expect_err("too much");
        assert!(error.to_string().starts_with("wasm budget: 350001 bytes"));
    }

    #[test]
    fn the_module_is_measured() {
        let site = tempfile::tempdir().expect("folder");
        assert!(compressed_module_bytes(site.path()).is_err());
        fs::create_dir(site.path().join("pkg")).expect("folder");
        assert!(compressed_module_bytes(site.path()).is_err());
        fs::write(site.path().join("pkg/certportal.1.wasm.br"), "abc").expect("file");
        assert_eq!(compressed_module_bytes(site.path()).expect("size"), 3);
    }
}
