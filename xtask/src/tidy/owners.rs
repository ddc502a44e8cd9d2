//! Each heavy dependency has one owner, so that it can be replaced or updated in one place.

use super::packages::Package;

/// A dependency and the crates that may name it.
const OWNERS: &[(&str, &[&str])] = &[
    ("openssl", &["pki", "server"]), // in `server` only for the listener's TLS
    ("aes-gcm", &["safe"]),
    ("argon2", &["safe"]),
    ("sqlx", &["store"]),
    ("lettre", &["mail"]),
    ("hickory-resolver", &["caa"]),
    ("axum", &["server"]),
    ("wasm-bindgen-cli-support", &["bindgen"]),
];

/// Every other crate that names one, tests included.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        for dependency in &package.dependencies {
            let owned = OWNERS.iter().find(|(name, _)| *name == dependency.name);
            if let Some((name, owners)) = owned
                && !owners.contains(&package.name.as_str())
            {
                findings.push(format!(
                    "`{}` names `{name}`, which belongs to {}: ask that crate instead",
                    package.name,
                    owners.join(" and ")
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
    fn owners_pass_and_others_fail() {
        let owners = [
            package("pki", &["openssl"]),
            package("store", &["sqlx", "serde"]),
        ];
        assert_eq!(check(&owners), Vec::<String>::new());
        assert_eq!(
            check(&[package("portal", &["sqlx"])]),
            ["`portal` names `sqlx`, which belongs to store: ask that crate instead"]
        );
        assert_eq!(check(&[package("ca", &["~openssl"])]).len(), 1);
    }
}
