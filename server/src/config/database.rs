//! `[database]`: where the data is.

use super::{DataFolder, Key, Problem, Section, Values};
use domain::Secret;

const NAME: &str = "database";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "Where the data is.",
    keys: &[
        Key::secret(
            "url",
            "",
            "sqlite:///absolute/path.sqlite or postgres://user@host/name; empty is \
             portal.sqlite in the data folder.",
        ),
        Key::text(
            "url_file",
            "",
            "A file that holds the url, for a url with a password.",
        ),
        Key::number("max_connections", 8, "Connections at most, 1 to 200."),
    ],
};

/// Where the data is.
#[derive(Debug, Clone)]
pub struct Database {
    /// URL for the store.
    pub url: Secret<String>,
    /// Connections at most.
    pub max_connections: u32,
}

impl Database {
    pub(super) fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        let url = match values.some_text(NAME, "url_file") {
            Some(file) => values.secret_file(NAME, "url_file", &folder.file(&file))?,
            None => Secret::new(values.text(NAME, "url")),
        };
        let url = if url.expose().is_empty() {
            let file = folder.file("portal.sqlite");
            Secret::new(format!("sqlite://{}", file.display()))
        } else {
            url
        };
        let is_known = ["sqlite://", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.expose().starts_with(scheme));
        if !is_known {
            return Err(values.problem(NAME, "url", "please begin with sqlite:// or postgres://"));
        }
        Ok(Self {
            url,
            max_connections: values.number(NAME, "max_connections", 1, 200)?,
        })
    }
}
