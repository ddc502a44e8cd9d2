//! The configuration as it holds, as TOML, with where each value comes from. Secrets are masked.

use std::fmt::Write as _;

use super::reference::written;
use super::{Key, SECTIONS, Value, Values};

/// Writes all values that hold.
pub fn print(values: &Values) -> String {
    let mut text = String::new();
    for section in SECTIONS {
        let _ = writeln!(text, "[{}]", section.name);
        for key in section.keys {
            if let Some((value, origin)) = values.get(section.name, key.name) {
                let shown = written(&masked(key, value));
                let _ = writeln!(text, "{} = {shown} # {origin}", key.name);
            }
        }
        text.push('\n');
    }
    text
}

/// Hides what stands between `:` and `@` of a URL in a key that may hold a password.
fn masked(key: &Key, value: &Value) -> Value {
    match value {
        Value::Text(text) if key.is_secret => Value::Text(mask_url(text)),
        other => other.clone(),
    }
}

fn mask_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.is_empty() {
            String::new()
        } else {
            "***".to_owned()
        };
    };
    match rest.rsplit_once('@') {
        None => url.to_owned(),
        Some((credentials, place)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{place}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mask_url;

    #[test]
    fn a_password_in_a_url_is_masked() {
        for (url, shown) in [
            ("postgres://p:secret@db/x", "postgres://p:***@db/x"),
            ("postgres://p:a@b:c@db/x", "postgres://p:***@db/x"),
            ("postgres://db/x", "postgres://db/x"),
            ("secret", "***"),
            ("", ""),
        ] {
            assert_eq!(mask_url(url), shown);
        }
    }
}
