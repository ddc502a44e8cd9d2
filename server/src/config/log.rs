//! `[log]`: what is logged, and how.

use super::{Key, Problem, Section, Values};

const NAME: &str = "log";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "What is logged to standard error. Secrets never are.",
    keys: &[
        Key::text(
            "level",
            "info",
            "\"error\", \"warn\", \"info\", \"debug\", \"trace\", or rules such as \
             \"info,portal=debug\".",
        ),
        Key::text(
            "format",
            "text",
            "\"text\" for people, \"json\" for programs.",
        ),
    ],
};

/// What is logged.
#[derive(Debug, Clone)]
pub struct Log {
    /// Rules of `tracing_subscriber::EnvFilter`.
    pub level: String,
    /// How a line is written.
    pub format: Format,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Log {
    pub(super) fn from_values(values: &Values) -> Result<Self, Problem> {
        let level = values.text(NAME, "level");
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&level) {
            return Err(values.problem(NAME, "level", &error.to_string()));
        }
        let words = [("text", Format::Text), ("json", Format::Json)];
        Ok(Self {
            level,
            format: values.word(NAME, "format", &words)?,
        })
    }
}
