//! Which of our crates may depend on which. The drawing is in `docs/architecture.md`.

use super::packages::Package;

/// A crate and what it may use of ours. `*` is anything but `server`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("cpu", &[]),
    ("api", &["domain"]),
    ("app", &["api", "domain"]),
    ("hydrate", &["app"]),
    ("pki", &["domain"]),
    ("safe", &["domain"]),
    ("caa", &["domain"]),
    ("store", &["domain"]),
    ("mail", &["domain"]),
    ("ca", &["cpu", "domain", "pki", "safe"]),
    (
        "portal",
        &[
            "api", "ca", "caa", "cpu", "domain", "mail", "pki", "safe", "store",
        ],
    ),
    ("server", &["*"]),
    ("testkit", &["*"]),
    ("xtask", &[]),
    ("bench", &["*"]),
    ("bindgen", &[]),
];

/// Every edge that the table does not have.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let from = &package.name;
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == from) else {
            findings.push(format!(
                "crate `{from}` is not in the table: decide what it may use, in {}",
                "xtask/src/tidy/edges.rs"
            ));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|d| d.is_ours) {
            let to = dependency.name.as_str();
            if to == "server" {
                findings.push(format!("`{from}` uses `server`: nothing may"));
            } else if to == "testkit" && !dependency.is_dev {
                findings.push(format!(
                    "`{from}` uses `testkit` outside [dev-dependencies]"
                ));
            } else if !dependency.is_dev && !allowed.contains(&to) && !allowed.contains(&"*") {
                findings.push(format!(
                    "`{from}` uses `{to}`, allowed are: {}",
                    if allowed.is_empty() {
                        "none".to_owned()
                    } else {
                        allowed.join(", ")
                    }
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::packages::package;

    #[test]
    fn the_drawing_passes() {
        let packages = [
            package("domain", &["serde"]),
            package("portal", &["+store", "+domain", "tokio"]),
            package("server", &["+portal", "+app", "+~testkit"]),
            package("store", &["+domain", "+~safe"]),
        ];
        assert_eq!(check(&packages), Vec::<String>::new());
    }

    #[test]
    fn other_edges_fail() {
        for (from, to, finding) in [
            (
                "app",
                "+store",
                "`app` uses `store`, allowed are: api, domain",
            ),
            ("domain", "+api", "`domain` uses `api`, allowed are: none"),
            ("testkit", "+server", "`testkit` uses `server`: nothing may"),
            ("store", "+~server", "`store` uses `server`: nothing may"),
            (
                "server",
                "+testkit",
                "`server` uses `testkit` outside [dev-dependencies]",
            ),
        ] {
            assert_eq!(check(&[package(from, &[to])]), [finding]);
        }
        let findings = check(&[package("attic", &[])]);
        assert!(findings[0].starts_with("crate `attic` is not in the table"));
    }
}
