//! Templates as files, for the command line: the document of a version (ADR 14) with its name. What
//! comes from a file goes the way of the editor's form, so it meets the same checks, the same linter
//! and the same entries in the audit log.

use super::form;
use crate::error::FieldErrors;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{Name, Permission, Template, TemplateContent, TemplateId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Bytes of the largest file that is read as a template.
pub const LARGEST_TEMPLATE: usize = 64 * 1024;

/// What stands in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    content: Value,
}

impl Portal {
    /// A template's identifier by its name, for the command line.
    pub async fn find_template(&self, actor: &Actor, name: &str) -> Result<TemplateId, Error> {
        actor.require(Permission::SeeTemplates)?;
        Ok(self.template_named(name).await?.ok_or(Error::NotFound)?.id)
    }

    /// A version of a template as a file; the newest where none is named.
    pub async fn export_template(
        &self,
        actor: &Actor,
        id: TemplateId,
        version: Option<i64>,
    ) -> Result<String, Error> {
        actor.require(Permission::SeeTemplates)?;
        let found = match version {
            Some(number) => self.store().template_version(id, number).await?,
            None => self.store().template(id).await?,
        };
        let template = found.ok_or(Error::NotFound)?;
        let document = Document {
            name: template.name.to_string(),
            content: serde_json::to_value(&template.content).map_err(Error::internal)?,
        };
        let text = serde_json::to_string_pretty(&document).map_err(Error::internal)?;
        Ok(text + "\n")
    }

    /// Makes the template that a file describes: a new one, which is offered at once, or a new
    /// version of the one with this name.
    pub async fn import_template(&self, actor: &Actor, file: &[u8]) -> Result<Done, Error> {
        actor.require(Permission::ManageTemplates)?;
        let (name, content) = read(file)?;
        // Also what the form could not even say.
        let mut errors = FieldErrors::default();
        self.note_problems(&content, &mut errors).await?;
        errors.check()?;
        let known = self.template_named(name.as_str()).await?;
        let described = Template {
            id: uuid::Uuid::nil().into(),
            version: 0,
            name,
            is_offered: true,
            content,
        };
        let mut fields = form::fields(&described);
        let Some(known) = known else {
            return self.add_template(actor, fields).await;
        };
        let seen = ("version".to_owned(), known.version.to_string());
        fields.0.push(seen);
        self.change_template(actor, known.id, fields).await
    }

    async fn template_named(&self, name: &str) -> Result<Option<Template>, Error> {
        let templates = self.store().templates().await?;
        let mut templates = templates.into_iter();
        Ok(templates.find(|template| template.name.as_str() == name.trim()))
    }
}

fn read(file: &[u8]) -> Result<(Name, TemplateContent), Error> {
    if file.len() > LARGEST_TEMPLATE {
        return Err(Error::field(
            "file",
            "a template has at most 64 KiB; give the file that `export` wrote",
        ));
    }
    let not_one = |error: serde_json::Error| {
        let told = format!("this is not a template as `export` writes it: {error}");
        Error::field("file", told)
    };
    let document: Document = serde_json::from_slice(file).map_err(not_one)?;
    let name =
        Name::parse(&document.name).map_err(|problem| Error::field("name", problem.to_string()))?;
    let content = TemplateContent::deserialize(&document.content).map_err(not_one)?;
    // Older nodes may read what newer ones wrote; a file with a slip of the pen must not pass.
    let known = serde_json::to_value(&content).map_err(Error::internal)?;
    if let Some(field) = unknown(&document.content, &known) {
        let told = format!("a template has no field {field}; correct its name or take it out");
        return Err(Error::field("file", told));
    }
    Ok((name, content))
}

/// The first field that is not among the known ones.
fn unknown(given: &Value, known: &Value) -> Option<String> {
    let (Value::Object(given), Value::Object(known)) = (given, known) else {
        return None;
    };
    given.iter().find_map(|(name, value)| {
        let Some(counterpart) = known.get(name) else {
            return Some(name.clone());
        };
        unknown(value, counterpart).map(|inner| format!("{name}.{inner}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"name":"Mail","content":{"kind":"mailbox","summary":"x",
        "key_algorithms":["rsa3072"],"valid_days":365,"policy":{"own":"1.2.3"},
        "approval":{"count":1,"role":"approver"},"password_policy":"fours"}}"#;

    fn told(file: &str) -> String {
        match read(file.as_bytes()) {
            Err(Error::Invalid(fields)) => {
                let field = fields.first();
                field.map_or_else(String::new, |one| format!("{}: {}", one.field, one.message))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_document_may_leave_out_what_has_a_default() {
        let (name, content) = read(GOOD.as_bytes()).unwrap();
        assert_eq!((name.as_str(), content.valid_days), ("Mail", 365));
        assert_eq!(content.renewal, domain::Renewal::default());
    }

    #[test]
    fn what_is_not_a_template_is_told_in_words() {
        let changed = |from: &str, to: &str| {
            assert!(GOOD.contains(from), "{from}");
            told(&GOOD.replace(from, to))
        };
        for (found, expected) in [
            (told("{"), "file: this is not a template"),
            (told("[]"), "file: this is not a template"),
            (
                told(&" ".repeat(LARGEST_TEMPLATE + 1)),
                "file: a template has at most",
            ),
            (changed("\"Mail\"", "\" \""), "name: "),
            (
                changed("\"name\"", "\"id\":1,\"name\""),
                "file: this is not a template",
            ),
            (
                changed("mailbox", "letterbox"),
                "file: this is not a template",
            ),
            (changed("365", "-1"), "file: this is not a template"),
            (changed("365", "70000"), "file: this is not a template"),
            (
                changed("\"kind\"", "\"knid\":1,\"kind\""),
                "file: a template has no field knid",
            ),
            (
                changed("\"count\"", "\"most\":1,\"count\""),
                "file: a template has no field approval.most",
            ),
        ] {
            assert!(found.starts_with(expected), "{expected}: {found}");
        }
    }
}
