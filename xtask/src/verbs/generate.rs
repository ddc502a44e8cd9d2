//! `gen`: documentation that the program itself writes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::build_program;
use crate::ground::{Repo, program, screen};

/// What to ask the program, and the file that keeps the answer.
const PAGES: &[(&[&str], &str)] = &[(&["config", "reference"], "docs/certportal.toml")];

/// Writes the pages, or only compares them.
pub(crate) fn generate(repo: &Repo, only_check: bool) -> Result<()> {
    build_program(repo)?;
    for (question, page) in PAGES {
        let mut command = repo.command(repo.certportal("debug"), question.iter().copied());
        let answer = program::output(command.env_remove("LD_LIBRARY_PATH"))?;
        let path = repo.path(page);
        if only_check {
            compare(&path, &answer).with_context(|| format!("{page} is out of date"))?;
        } else {
            fs::write(&path, answer).with_context(|| format!("cannot write {page}"))?;
            screen::note(&format!("wrote {page}"));
        }
    }
    Ok(())
}

fn compare(path: &Path, answer: &str) -> Result<()> {
    let kept = fs::read_to_string(path).unwrap_or_default();
    if kept == answer {
        return Ok(());
    }
    let same = kept
        .lines()
        .zip(answer.lines())
        .take_while(|(old, new)| old == new)
        .count();
    bail!("differs from line {} on: run `cargo xtask gen`", same + 1)
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn a_difference_is_found() {
        let folder = tempfile::tempdir().expect("folder");
        let page = folder.path().join("page.md");
        assert!(compare(&page, "a\nb\n").is_err());
        std::fs::write(&page, "a\nb\n").expect("file");
        assert!(compare(&page, "a\nb\n").is_ok());
        let error = compare(&page, "a\nc\n").expect_err("differs");
        assert_eq!(
            error.to_string(),
            "differs from line 2 on: run `cargo xtask gen`"
        );
    }
}
