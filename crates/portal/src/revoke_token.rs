//! Revoking API tokens: one of one's own, or for an administrator all of a person's.

use crate::{Actor, Error, Portal};
use api::Done;
use domain::{ApiTokenId, AuditAction, PersonId};
use store::Record;

impl Portal {
    /// Revokes one of one's own tokens.
    pub async fn revoke_token(&self, actor: &Actor, id: ApiTokenId) -> Result<Done, Error> {
        actor.require_no_token()?;
        let person = actor.person()?;
        let row = self.store().api_token(person, id).await?;
        let row = row.ok_or(Error::NotFound)?;
        let now = self.now();
        let mut audit = actor.audit(AuditAction::RevokeToken, now, person.0, actor.label());
        let token = format!("{} ({id})", row.name);
        audit.details.push(("token".to_owned(), token));
        let record = Record::default().audit(audit);
        self.store().revoke_api_token(person, id, record).await?;
        Ok(Done::here(format!(
            "The token {} is revoked. Programs that use it are refused from now on.",
            row.name
        )))
    }

    /// Revokes all tokens of a person.
    pub async fn revoke_tokens_of(&self, actor: &Actor, id: PersonId) -> Result<Done, Error> {
        let person = self.manageable(actor, id).await?;
        let record = self.person_record(actor, &person, AuditAction::RevokeToken);
        let revoked = self.store().revoke_api_tokens(id, record).await?;
        Ok(Done::here(match revoked {
            0 => format!("{} had no API token.", person.name),
            1 => format!("The API token of {} is revoked.", person.name),
            count => format!("{count} API tokens of {} are revoked.", person.name),
        }))
    }
}
