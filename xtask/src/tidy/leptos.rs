//! `Leptos.toml` (run time) and `Cargo.toml` (build) say the same where both say something.

use anyhow::{Context, Result};
use toml::{Table, Value};

/// Keys with two different values.
pub(super) fn check(cargo: &str, leptos: &str) -> Result<Vec<String>> {
    let cargo = section(cargo).context("Cargo.toml")?;
    let leptos = section(leptos).context("Leptos.toml")?;
    let findings = leptos.iter().filter_map(|(key, here)| {
        let there = cargo.get(key)?;
        (here != there)
            .then(|| format!("`{key}` is {here} in Leptos.toml, but {there} in Cargo.toml"))
    });
    Ok(findings.collect())
}

fn section(text: &str) -> Result<Table> {
    let table: Table = text.parse().context("is no TOML")?;
    table
        .get("workspace")
        .and_then(|workspace| workspace.get("metadata"))
        .and_then(|metadata| metadata.get("leptos"))
        .and_then(|projects| projects.get(0))
        .and_then(Value::as_table)
        .cloned()
        .context("has no [[workspace.metadata.leptos]]")
}

#[cfg(test)]
mod tests {
    use super::check;

    const HEADER: &str = "[[workspace.metadata.leptos]]\n";

    #[test]
    fn a_difference_is_found() {
        let build = format!("{HEADER}name = \"a\"\nsite-root = \"x\"\nhash-files = true\n");
        let same = format!("{HEADER}name = \"a\"\nenv = \"PROD\"\n");
        assert_eq!(check(&build, &same).expect("check"), Vec::<String>::new());
        let other = format!("{HEADER}site-root = \"y\"\n");
        assert_eq!(
            check(&build, &other).expect("check"),
            ["`site-root` is \"y\" in Leptos.toml, but \"x\" in Cargo.toml"]
        );
        assert!(check(&build, "name = \"a\"").is_err());
    }
}
