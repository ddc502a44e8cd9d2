//! `tidy`: the house rules that a compiler does not know, one file each.
//!
//! A rule is a function from facts to findings, so that its test can show it fail. A finding
//! says where, what, and what to do.

mod adr;
mod edges;
mod leptos;
mod migrations;
mod owners;
mod packages;
mod sizes;
mod tree;
mod wall;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::ground::{Repo, program, screen};

/// Applies every rule; fails if one finds something.
pub(crate) fn run(repo: &Repo) -> Result<()> {
    let packages = packages::read(repo)?;
    let files = tree::read(repo.root())?;
    let read = |path: &str| {
        fs::read_to_string(repo.path(path)).with_context(|| format!("cannot read {path}"))
    };
    let rules = [
        ("crate edges", edges::check(&packages)),
        ("owners of dependencies", owners::check(&packages)),
        (
            "wasm wall",
            wall::check(&program::output(&mut wall::tree(repo))?),
        ),
        ("file sizes", sizes::check(&files)),
        ("migrations", migrations::check(&files)),
        (
            "Leptos.toml",
            leptos::check(&read("Cargo.toml")?, &read("Leptos.toml")?)?,
        ),
        ("decisions", adr::check(&files)),
        ("left-over words", words::check(&files)),
    ];
    for warning in sizes::warnings(&files) {
        screen::warn(&warning);
    }
    let mut count = 0;
    for (rule, findings) in &rules {
        for finding in findings {
            println!("    {rule}: {finding}");
            count += 1;
        }
    }
    if count > 0 {
        bail!("house rules: {count} finding(s), listed above");
    }
    screen::note(&format!(
        "house rules: {} rules, {} files",
        rules.len(),
        files.len()
    ));
    Ok(())
}
