//! The reference: a commented file with every key, its default and its meaning.

use std::fmt::Write as _;

use super::{SECTIONS, Value, Values};

const HEAD: &str = "\
# Configuration of CertPortal. Every key is shown with its default; all of it may be left out.
# The file is called certportal.toml and lies in the data folder, or is named with --config.
# A variable of the environment goes before the file: CERTPORTAL_SERVER__LISTEN for server.listen.
# File names without a leading / are relative to the data folder.
";

/// Writes the reference.
pub fn reference() -> String {
    let defaults = Values::defaults(SECTIONS);
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        let _ = write!(text, "\n# {}\n[{}]\n", section.meaning, section.name);
        for key in section.keys {
            for line in wrapped(key.meaning) {
                let _ = writeln!(text, "# {line}");
            }
            if let Some((value, _)) = defaults.get(section.name, key.name) {
                let _ = writeln!(text, "#{} = {}", key.name, written(value));
            }
        }
    }
    text
}

/// A value as TOML.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => toml::Value::from(text.as_str()).to_string(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::List(list) => toml::Value::from(list.clone()).to_string(),
    }
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < 96 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
