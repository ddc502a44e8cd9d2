//! The list of templates, and one with its versions.

use super::{editor, words};
use crate::{Actor, Error, Portal};
use api::{TemplateList, TemplateRow, TemplateVersionView, TemplateView};
use domain::{ApprovalRule, Name, Permission, Template, TemplateId, TemplateKind};
use std::collections::HashMap;
use store::TemplateVersionRow;
use time::OffsetDateTime;
use words::AuthorityNames;

/// Versions on the page of a template.
const VERSIONS: i64 = 50;

impl Portal {
    /// The templates, in the order in which they are offered.
    pub async fn templates(&self, actor: &Actor) -> Result<TemplateList, Error> {
        actor.require(Permission::SeeTemplates)?;
        let templates = self.store().templates().await?;
        let counts = self.store().certificates_by_template(self.now()).await?;
        Ok(TemplateList {
            rows: templates
                .iter()
                .map(|template| row(template, &counts))
                .collect(),
            may_manage: actor.may(Permission::ManageTemplates),
        })
    }

    /// A template with its versions; without an identifier, the form for a new one.
    pub async fn template(
        &self,
        actor: &Actor,
        id: Option<TemplateId>,
    ) -> Result<TemplateView, Error> {
        actor.require(Permission::SeeTemplates)?;
        let may_manage = actor.may(Permission::ManageTemplates);
        let authorities = self.authority_names().await?;
        let Some(id) = id else {
            actor.require(Permission::ManageTemplates)?;
            return Ok(TemplateView {
                row: None,
                facts: Vec::new(),
                versions: Vec::new(),
                editor: self.editor(None).await?,
            });
        };
        let template = self.store().template(id).await?.ok_or(Error::NotFound)?;
        let counts = self.store().certificates_by_template(self.now()).await?;
        let versions = self.store().template_versions(id, VERSIONS).await?;
        let settings = self.settings().await?.ok_or(Error::NotFound)?;
        let set_up_at = settings.set_up_at;
        let facts = words::facts(&template.content, &authorities).into_iter();
        Ok(TemplateView {
            row: Some(row(&template, &counts)),
            facts: facts
                .map(|(name, words)| (name.to_owned(), words))
                .collect(),
            versions: in_words(&versions, &authorities, set_up_at),
            editor: if may_manage {
                self.editor(Some(template)).await?
            } else {
                Vec::new()
            },
        })
    }

    /// The editor, filled in with a template or with what a new one begins with.
    async fn editor(&self, template: Option<Template>) -> Result<Vec<api::EditorSection>, Error> {
        let rows = self.store().authorities().await?;
        let template = match template {
            Some(template) => template,
            None => self.draft()?,
        };
        let portal_policy = &self.policy().policy_oid;
        Ok(editor::sections(&template, &rows, portal_policy))
    }

    /// What a new template begins with; its name is left to the editor.
    fn draft(&self) -> Result<Template, Error> {
        Ok(Template {
            id: self.new_id(|now, rng| TemplateId::generate(now, rng)),
            version: 0,
            name: Name::parse("New template").map_err(Error::internal)?,
            is_offered: true,
            content: self.default_content(TemplateKind::Mailbox, "", ApprovalRule::ONE),
        })
    }
}

fn row(template: &Template, counts: &HashMap<TemplateId, i64>) -> TemplateRow {
    let certificates = counts.get(&template.id).copied().unwrap_or_default();
    TemplateRow {
        id: template.id,
        name: template.name.to_string(),
        summary: template.content.summary.clone(),
        kind: template.content.kind.label().to_owned(),
        decides: words::decides(template.content.approval),
        version: template.version,
        is_offered: template.is_offered,
        certificates: u64::try_from(certificates).unwrap_or_default(),
    }
}

/// Versions, newest first, each with its difference from the one before.
fn in_words(
    versions: &[TemplateVersionRow],
    authorities: &AuthorityNames,
    set_up_at: OffsetDateTime,
) -> Vec<TemplateVersionView> {
    let before = versions.iter().skip(1).map(Some).chain([None]);
    versions
        .iter()
        .zip(before)
        .map(|(version, before)| TemplateVersionView {
            number: version.number,
            at: version.created_at,
            by: match &version.created_by {
                Some(name) => name.to_string(),
                None if version.created_at <= set_up_at => "set-up".to_owned(),
                None => "command line".to_owned(),
            },
            changes: differences(version, before, authorities),
        })
        .collect()
}

fn differences(
    version: &TemplateVersionRow,
    before: Option<&TemplateVersionRow>,
    authorities: &AuthorityNames,
) -> Vec<String> {
    let Some(before) = before else {
        return Vec::new();
    };
    let changes = words::changes(&before.content, &version.content, authorities);
    if changes.is_empty() {
        return vec!["Only the name.".to_owned()];
    }
    let changes = changes.into_iter();
    changes
        .map(|(name, words)| format!("{name}: {words}"))
        .collect()
}
