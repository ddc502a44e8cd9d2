//! The value of `issue`, `issuewild` and `issuemail`: whom it names (RFC 8659 section 4.2, RFC 9495
//! section 3).

/// The issuer that a value names, in lower case. None where it names nobody: it is empty before the
/// semicolon, or not written as the grammar says, which means the same (RFC 8659 section 4.2).
/// Parameters are the issuer's own business; ours has none, so they are read and left aside.
pub(crate) fn issuer(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
    let name = trim(name);
    (is_domain(name) && are_parameters(parameters)).then(|| name.to_ascii_lowercase())
}

/// `issuer-domain-name`
fn is_domain(name: &str) -> bool {
    name.split('.').all(is_label)
}

/// `label`, and `tag`, which is written the same
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `[parameters]`
fn are_parameters(text: &str) -> bool {
    let text = trim(text);
    let is_parameter = |one: &str| {
        one.split_once('=').is_some_and(|(tag, value)| {
            is_label(trim(tag)) && trim(value).bytes().all(|byte| byte.is_ascii_graphic())
        })
    };
    text.is_empty() || text.split(';').all(is_parameter)
}

/// Without `WSP` around it (RFC 5234 appendix B.1).
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::issuer;

    fn check(value: &str, expected: Option<&str>) {
        assert_eq!(issuer(value.as_bytes()).as_deref(), expected, "{value:?}");
    }

    #[test]
    fn a_name_is_read() {
        for value in [
            "ca.example.com",
            "CA.Example.Com",
            " \tca.example.com ",
            "ca.example.com;",
            "ca.example.com ; ",
            "ca.example.com; account=230123",
            "ca.example.com;account = 230123 ; policy=ev",
            "ca.example.com; a=; b==",
        ] {
            check(value, Some("ca.example.com"));
        }
        check("localhost", Some("localhost"));
        check("xn--bcher-kva.example", Some("xn--bcher-kva.example"));
    }

    #[test]
    fn everything_else_names_nobody() {
        for value in [
            "",
            ";",
            " ; ",
            "; account=1",
            "%%%%%",
            "ca example com",
            "ca.example.com.",
            ".example.com",
            "-ca.example.com",
            "ca-.example.com",
            "ca.example.com account=1",
            "ca.example.com; account",
            "ca.example.com; account=1;",
            "ca.example.com; account=1;;policy=ev",
            "ca.example.com; account=a b",
            "ca.example.com; =1",
            "b\u{fc}cher.example",
            "ca.example.com\n",
        ] {
            check(value, None);
        }
        assert_eq!(issuer(&[0xff, 0xfe]), None);
    }
}
