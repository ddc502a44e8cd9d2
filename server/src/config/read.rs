//! Applying a file and the environment to the values; an unknown name is an error that says where.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::key::Default as KeyDefault;
use super::{Environment, Key, Origin, Problem, SECTIONS, Section, Value, Values};

/// Applies what a file says.
pub(super) fn apply_file(values: &mut Values, path: &Path) -> Result<(), Problem> {
    let at = |line| Origin::File {
        path: path.to_owned(),
        line,
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(&at(1), format!("cannot be read: {error}")))?;
    let line_of = |offset: usize| 1 + text.get(..offset).unwrap_or(&text).matches('\n').count();
    let document = DeTable::parse(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        Problem::new(&at(line), error.message())
    })?;
    for (name, content) in document.get_ref() {
        let origin = at(line_of(name.span().start));
        let section = find_section(name.get_ref(), &origin)?;
        let DeValue::Table(content) = content.get_ref() else {
            let message = format!("{name} is a section: write [{name}]", name = section.name);
            return Err(Problem::new(&origin, message));
        };
        for (name, value) in content {
            let origin = at(line_of(name.span().start));
            let key = find_key(section, name.get_ref(), &origin)?;
            let value =
                from_toml(key, value.get_ref()).ok_or_else(|| wrong_kind(section, key, &origin))?;
            values.set(section.name, key.name, value, origin);
        }
    }
    Ok(())
}

/// Applies what the environment says.
pub(super) fn apply_environment(
    values: &mut Values,
    environment: &Environment,
) -> Result<(), Problem> {
    for (variable, section, key, text) in environment.overrides() {
        let origin = Origin::Environment(variable.to_owned());
        let section = find_section(&section, &origin)?;
        let key = find_key(section, &key, &origin)?;
        let value = from_text(key, text).ok_or_else(|| wrong_kind(section, key, &origin))?;
        values.set(section.name, key.name, value, origin);
    }
    Ok(())
}

fn find_section(name: &str, origin: &Origin) -> Result<&'static Section, Problem> {
    SECTIONS.iter().find(|s| s.name == name).ok_or_else(|| {
        let known: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
        let message = format!(
            "there is no section {name:?}; there are {}",
            known.join(", ")
        );
        Problem::new(origin, message)
    })
}

fn find_key(
    section: &'static Section,
    name: &str,
    origin: &Origin,
) -> Result<&'static Key, Problem> {
    section.keys.iter().find(|k| k.name == name).ok_or_else(|| {
        let known: Vec<_> = section.keys.iter().map(|key| key.name).collect();
        let message = format!(
            "there is no key {name:?} in [{}]; there are {}",
            section.name,
            known.join(", ")
        );
        Problem::new(origin, message)
    })
}

fn wrong_kind(section: &Section, key: &Key, origin: &Origin) -> Problem {
    let kind = match key.default {
        KeyDefault::Text(_) => "a text in quotation marks",
        KeyDefault::Number(_) => "a whole number without quotation marks",
        KeyDefault::No => "true or false without quotation marks",
        KeyDefault::EmptyList => "a list of texts: [\"a\", \"b\"]",
    };
    let message = format!("{}.{}: please give {kind}", section.name, key.name);
    Problem::new(origin, message)
}

fn from_toml(key: &Key, value: &DeValue<'_>) -> Option<Value> {
    match (key.default, value) {
        (KeyDefault::Text(_), DeValue::String(text)) => {
            Some(Value::Text(text.clone().into_owned()))
        }
        (KeyDefault::Number(_), DeValue::Integer(number)) => {
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Value::Number)
        }
        (KeyDefault::No, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
        (KeyDefault::EmptyList, DeValue::Array(items)) => items
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(Value::List),
        _ => None,
    }
}

fn from_text(key: &Key, text: &str) -> Option<Value> {
    Some(match key.default {
        KeyDefault::Text(_) => Value::Text(text.to_owned()),
        KeyDefault::Number(_) => Value::Number(text.parse().ok()?),
        KeyDefault::No => Value::Flag(text.parse().ok()?),
        KeyDefault::EmptyList => Value::List(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
    })
}
