//! The process's environment, read in this one place.

use std::collections::BTreeMap;

/// Variables of the environment that begin with `CERTPORTAL_`.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

/// What all our variables begin with.
const PREFIX: &str = "CERTPORTAL_";

impl Environment {
    /// Reads the process's environment. The one place that does; everything else gets it as an
    /// argument. A value that is not UTF-8 is read with replacement characters, and then refused.
    pub fn of_process() -> Self {
        let ours = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((name, value.to_string_lossy().into_owned()))
        });
        Self::of(ours)
    }

    /// Takes those of the given variables that are ours.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with(PREFIX));
        Self(ours.collect())
    }

    /// Variables named `CERTPORTAL_SECTION__KEY`: whole name, section, key, value.
    pub(super) fn overrides(&self) -> impl Iterator<Item = (&str, String, String, &str)> {
        self.0.iter().filter_map(|(name, value)| {
            let (section, key) = name.strip_prefix(PREFIX)?.split_once("__")?;
            Some((
                name.as_str(),
                section.to_ascii_lowercase(),
                key.to_ascii_lowercase(),
                value.as_str(),
            ))
        })
    }

    /// Whether a variable is set.
    pub fn says(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A variable without section, for example `FAILPOINT` for `CERTPORTAL_FAILPOINT`.
    pub fn plain(&self, name: &str) -> Option<&str> {
        self.0.get(&format!("{PREFIX}{name}")).map(String::as_str)
    }
}
