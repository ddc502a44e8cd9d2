//! The values of all keys before they get their types, each with where it was said.

use std::collections::BTreeMap;
use std::path::Path;

use domain::Secret;

use super::key::Default as KeyDefault;
use super::{Key, Origin, Problem, Section, duration};

/// A value as it can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
}

/// The values of all keys.
#[derive(Debug, Clone)]
pub struct Values(BTreeMap<(&'static str, &'static str), (Value, Origin)>);

impl Values {
    /// What holds if nobody says anything.
    pub fn defaults(sections: &[Section]) -> Self {
        let mut values = BTreeMap::new();
        for section in sections {
            for key in section.keys {
                let value = (default_value(key), Origin::Default);
                values.insert((section.name, key.name), value);
            }
        }
        Self(values)
    }

    /// Says something about a key.
    pub fn set(&mut self, section: &'static str, key: &'static str, value: Value, origin: Origin) {
        self.0.insert((section, key), (value, origin));
    }

    /// Says something about a key on the command line. Keys that do not exist stay unknown.
    pub fn override_text(&mut self, section: &str, key: &str, text: &str) {
        let found = self
            .0
            .iter_mut()
            .find(|((s, k), _)| *s == section && *k == key);
        if let Some((_, value)) = found {
            *value = (Value::Text(text.to_owned()), Origin::CommandLine);
        }
    }

    /// The value of a key and where it comes from.
    pub fn get(&self, section: &str, key: &str) -> Option<&(Value, Origin)> {
        // The map is keyed by 'static names, which a plain lookup by shorter ones cannot borrow.
        self.0
            .iter()
            .find_map(|((s, k), value)| (*s == section && *k == key).then_some(value))
    }

    /// Where a key's value comes from.
    pub fn origin(&self, section: &str, key: &str) -> Origin {
        self.get(section, key)
            .map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    /// A problem with a key's value.
    pub fn problem(&self, section: &str, key: &str, message: &str) -> Problem {
        Problem::new(
            &self.origin(section, key),
            format!("{section}.{key}: {message}"),
        )
    }

    /// A text; empty where nothing was said.
    pub fn text(&self, section: &str, key: &str) -> String {
        match self.get(section, key) {
            Some((Value::Text(text), _)) => text.clone(),
            _ => String::new(),
        }
    }

    /// A text, or nothing if it is empty.
    pub fn some_text(&self, section: &str, key: &str) -> Option<String> {
        Some(self.text(section, key)).filter(|text| !text.is_empty())
    }

    /// Yes or no; no where nothing was said.
    pub fn flag(&self, section: &str, key: &str) -> bool {
        matches!(self.get(section, key), Some((Value::Flag(true), _)))
    }

    /// A list.
    pub fn list(&self, section: &str, key: &str) -> Vec<String> {
        match self.get(section, key) {
            Some((Value::List(list), _)) => list.clone(),
            _ => Vec::new(),
        }
    }

    /// A number inside bounds.
    pub fn number(&self, section: &str, key: &str, min: u32, max: u32) -> Result<u32, Problem> {
        let number = match self.get(section, key) {
            Some((Value::Number(number), _)) => u32::try_from(*number).ok(),
            _ => None,
        };
        number
            .filter(|number| (min..=max).contains(number))
            .ok_or_else(|| {
                let message = format!("please give a whole number from {min} to {max}");
                self.problem(section, key, &message)
            })
    }

    /// A span of time such as "30m" or "10h".
    pub fn duration(&self, section: &str, key: &str) -> Result<time::Duration, Problem> {
        duration::parse(&self.text(section, key))
            .map_err(|message| self.problem(section, key, &message))
    }

    /// One of several words.
    pub fn word<T: Copy>(
        &self,
        section: &str,
        key: &str,
        words: &[(&str, T)],
    ) -> Result<T, Problem> {
        let given = self.text(section, key);
        let found = words.iter().find(|(word, _)| *word == given);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
            let message = format!("{given:?} is not known; please use {}", known.join(" or "));
            self.problem(section, key, &message)
        })
    }

    /// The content of a file that holds a secret, without the line end at its end.
    pub fn secret_file(
        &self,
        section: &str,
        key: &str,
        path: &Path,
    ) -> Result<Secret<String>, Problem> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                Err(self.problem(section, key, &message))
            }
        }
    }

    /// Whatever a parser makes of a text.
    pub fn parsed<T: std::str::FromStr>(
        &self,
        section: &str,
        key: &str,
        expected: &str,
    ) -> Result<T, Problem> {
        let given = self.text(section, key);
        given
            .parse()
            .map_err(|_| self.problem(section, key, &format!("{given:?} is not {expected}")))
    }
}

fn default_value(key: &Key) -> Value {
    match key.default {
        KeyDefault::Text(text) => Value::Text(text.to_owned()),
        KeyDefault::Number(number) => Value::Number(number),
        KeyDefault::No => Value::Flag(false),
        KeyDefault::EmptyList => Value::List(Vec::new()),
    }
}
