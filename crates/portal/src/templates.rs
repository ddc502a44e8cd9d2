//! Templates: what certificates contain, for whom, and who decides. A change makes a new version;
//! requests and certificates keep the one they were made from.

mod check;
mod document;
mod editor;
mod form;
mod preview;
mod view;
pub(crate) mod words;

pub use document::LARGEST_TEMPLATE;
pub(crate) use preview::SampleKeys;

use self::form::Edited;
use crate::{Actor, Error, Portal};
use api::{Done, TemplateFields};
use domain::{AuditAction, Permission, Template, TemplateId};
use store::Record;

impl Portal {
    /// Adds a template, which is offered at once.
    pub async fn add_template(&self, actor: &Actor, fields: TemplateFields) -> Result<Done, Error> {
        actor.require(Permission::ManageTemplates)?;
        let Edited { name, content } = self.checked_template(&fields).await?;
        let template = Template {
            id: self.new_id(|now, rng| TemplateId::generate(now, rng)),
            version: 1,
            name,
            is_offered: true,
            content,
        };
        let authorities = self.authority_names().await?;
        let now = self.now();
        let mut audit = actor.audit(
            AuditAction::AddTemplate,
            now,
            template.id.0,
            template.name.as_str(),
        );
        let facts = words::facts(&template.content, &authorities);
        audit.details = facts.into_iter().map(words::detail).collect();
        let record = Record::default().audit(audit);
        let (id, name) = (template.id, template.name.clone());
        let by = actor.id;
        match self.store().add_template(template, by, now, record).await {
            Ok(()) => Ok(Done::then(
                format!("{name} is added and offered from now on."),
                api::url::template(id),
            )),
            Err(error) => Err(taken(error)),
        }
    }

    /// Gives a template a new version, if it is still as the editor saw it.
    pub async fn change_template(
        &self,
        actor: &Actor,
        id: TemplateId,
        fields: TemplateFields,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageTemplates)?;
        let before = self.store().template(id).await?.ok_or(Error::NotFound)?;
        let seen: i64 = fields.get("version").parse().unwrap_or_default();
        if seen != before.version {
            return Err(changed_meanwhile());
        }
        let Edited { name, content } = self.checked_template(&fields).await?;
        if name == before.name && content == before.content {
            return Ok(Done::then(
                "Nothing is different, so there is no new version.",
                api::url::template(id),
            ));
        }
        let authorities = self.authority_names().await?;
        let now = self.now();
        let mut audit = actor.audit(AuditAction::ChangeTemplate, now, id.0, name.as_str());
        let number = before.version + 1;
        audit
            .details
            .push(("version".to_owned(), number.to_string()));
        if name != before.name {
            let renamed = format!("{} → {name}", before.name);
            audit.details.push(("name".to_owned(), renamed));
        }
        let changes = words::changes(&before.content, &content, &authorities);
        audit.details.extend(changes.into_iter().map(words::detail));
        let record = Record::default().audit(audit);
        let after = Template {
            version: number,
            name,
            content,
            ..before
        };
        let by = actor.id;
        match self.store().change_template(after, by, now, record).await {
            Ok(()) => Ok(Done::then(
                format!(
                    "Version {number} holds from the next request on. What was requested before \
                     keeps its version."
                ),
                api::url::template(id),
            )),
            Err(store::Error::Conflict(_)) => Err(changed_meanwhile()),
            Err(error) => Err(taken(error)),
        }
    }

    /// Offers a template, or no longer.
    pub async fn offer_template(
        &self,
        actor: &Actor,
        id: TemplateId,
        is_offered: bool,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageTemplates)?;
        let template = self.store().template(id).await?.ok_or(Error::NotFound)?;
        if is_offered && !template.is_offered {
            self.check_usable(&template.content).await?;
        }
        let action = if is_offered {
            AuditAction::OfferTemplate
        } else {
            AuditAction::WithdrawTemplate
        };
        let audit = actor.audit(action, self.now(), id.0, template.name.as_str());
        let record = Record::default().audit(audit);
        let is_new = self.store().offer_template(id, is_offered, record).await?;
        let name = template.name;
        Ok(Done::here(match (is_offered, is_new) {
            (true, true) => format!("{name} is offered again."),
            (true, false) => format!("{name} is offered already."),
            (false, true) => format!("{name} is no longer offered."),
            (false, false) => format!("{name} is not offered any more already."),
        }))
    }
}

fn changed_meanwhile() -> Error {
    Error::Conflict(
        "Somebody else changed this template since you opened it. Open it again in another tab to \
         see what they changed; what you typed is still here."
            .to_owned(),
    )
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Duplicate(_) => Error::field("name", "Another template has this name."),
        other => other.into(),
    }
}
