//! The wasm wall: what the browser loads contains no server code, however deep it hides.

use std::process::Command;

use crate::ground::Repo;

/// Must not be in the browser: exact names, or beginnings that end in `*`.
const FORBIDDEN: &[&str] = &[
    "aes-gcm",
    "argon2",
    "axum*",
    "hyper",
    "lettre",
    "libsqlite3-sys",
    "native-tls",
    "openssl*",
    "sqlx*",
    "tokio",
];

/// The command that lists all packages of the wasm module, one a line.
pub(super) fn tree(repo: &Repo) -> Command {
    let mut cargo = repo.cargo(["tree", "--package", "hydrate", "--features", "hydrate"]);
    cargo
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "--edges",
            "normal,no-proc-macro",
        ])
        .args(["--prefix", "none", "--format", "{p}"]);
    cargo
}

/// Every forbidden package in that list.
pub(super) fn check(tree: &str) -> Vec<String> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    if !names.contains(&"hydrate") {
        return vec!["cargo listed no packages for `hydrate`: has it another name now?".to_owned()];
    }
    names
        .into_iter()
        .filter(|name| FORBIDDEN.iter().any(|pattern| matches(pattern, name)))
        .map(|name| {
            format!(
                "`{name}` reaches the browser; who brings it: cargo tree -p hydrate \
                 --features hydrate --target wasm32-unknown-unknown -e normal -i {name}"
            )
        })
        .collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn server_code_is_found() {
        let clean = "hydrate v0.1.0 (/x)\napp v0.1.0 (/y)\ntokio-like v1.0.0\n";
        assert_eq!(check(clean), Vec::<String>::new());
        for bad in [
            "tokio v1.48.0",
            "sqlx-core v0.9.0",
            "openssl-sys v0.9.1 (*)",
        ] {
            let findings = check(&format!("{clean}{bad}\n{bad}\n"));
            assert_eq!(findings.len(), 1, "{bad}");
        }
    }

    #[test]
    fn an_empty_list_proves_nothing() {
        assert_eq!(check("").len(), 1);
    }
}
