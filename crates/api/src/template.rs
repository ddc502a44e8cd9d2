//! Templates, as administrators make them and auditors read them.
//!
//! The words of the editor come with its values: pages stay small, and the portal's rules and the
//! hints about them are in one place.

use domain::TemplateId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::FieldError;

/// A template in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRow {
    /// Identifier.
    pub id: TemplateId,
    /// Name.
    pub name: String,
    /// One sentence: what it is for.
    pub summary: String,
    /// What its certificates are, in words.
    pub kind: String,
    /// Who decides, in words.
    pub decides: String,
    /// Number of the newest version.
    pub version: i64,
    /// Whether new requests may use it.
    pub is_offered: bool,
    /// Valid certificates of all its versions.
    pub certificates: u64,
}

/// The templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateList {
    /// In the order in which they are offered.
    pub rows: Vec<TemplateRow>,
    /// Whether the viewer may add one.
    pub may_manage: bool,
}

/// A template with its versions, or the form for a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    /// The row; none for a new one.
    pub row: Option<TemplateRow>,
    /// What the newest version says, as name and words.
    pub facts: Vec<(String, String)>,
    /// Versions, newest first.
    pub versions: Vec<TemplateVersionView>,
    /// The editor, for who may use it; empty otherwise.
    pub editor: Vec<EditorSection>,
}

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersionView {
    /// Number, from 1.
    pub number: i64,
    /// When it was made.
    pub at: OffsetDateTime,
    /// Who made it.
    pub by: String,
    /// What is different from the version before, a sentence each.
    pub changes: Vec<String>,
}

/// Fields of the editor that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorSection {
    /// What they are about.
    pub title: String,
    /// The fields.
    pub fields: Vec<EditorField>,
}

/// A field of the editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorField {
    /// Name in the form.
    pub name: String,
    /// What to enter or choose.
    pub label: String,
    /// More about it.
    pub hint: String,
    /// How it is entered.
    pub input: EditorInput,
    /// Value and label of each choice.
    pub options: Vec<(String, String)>,
    /// What is filled in, chosen or ticked.
    pub values: Vec<String>,
}

/// How a field is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditorInput {
    /// One line that may stay empty.
    Text,
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// A whole number.
    Number,
    /// One of several.
    Choice,
    /// Any of several.
    Ticks,
}

/// The editor's form as sent: names and values, in order; a name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFields(pub Vec<(String, String)>);

impl TemplateFields {
    /// The first value of a field, trimmed; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// All values of a field, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter(move |(found, _)| found == name);
        pairs.map(|(_, value)| value.trim())
    }
}

/// What certificates of an edited template would say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePreview {
    /// Whom the sample is for.
    pub sample: String,
    /// Each certificate of one request.
    pub parts: Vec<PreviewPart>,
    /// What is wrong with fields.
    pub problems: Vec<FieldError>,
}

/// One certificate of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewPart {
    /// Which one.
    pub title: String,
    /// Its fields as name and words; empty where it would not be signed.
    pub facts: Vec<(String, String)>,
    /// Rules that it would break, with their numbers.
    pub findings: Vec<String>,
}
