//! Retiring an authority and taking it into use again. A retired one signs no certificates, but goes
//! on listing and telling what it has revoked.

use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, AuthorityId, AuthorityPurpose, Permission};
use store::{AuthorityRow, Record};

impl Portal {
    /// Has an authority sign no certificates any more.
    pub async fn retire_authority(&self, actor: &Actor, id: AuthorityId) -> Result<Done, Error> {
        let row = self.manageable_authority(actor, id).await?;
        let templates = self.store().templates().await?;
        let needing: Vec<_> = templates
            .iter()
            .filter(|one| one.is_offered && one.content.kind.authority() == row.purpose)
            .collect();
        let named = needing
            .iter()
            .filter(|one| one.content.authority == Some(id))
            .count();
        if named > 0 {
            return Err(Error::Conflict(format!(
                "{named} {} {} by name. Choose another authority there first, or none.",
                if named == 1 { "template" } else { "templates" },
                if named == 1 {
                    "asks for it"
                } else {
                    "ask for it"
                },
            )));
        }
        let is_needed = !needing.is_empty();
        let record = authority_record(self, actor, AuditAction::RetireAuthority, &row);
        match self.store().retire_authority(id, is_needed, record).await {
            Ok(()) => Ok(Done::then(
                format!(
                    "{} signs no certificates any more. Its revocation list and its answers about \
                     what it has signed go on.",
                    row.name
                ),
                api::url::AUTHORITIES,
            )),
            Err(store::Error::Conflict(why)) if is_needed => Err(Error::Conflict(format!(
                "{} cannot be retired: {why}, and {} offered templates need one. Make its \
                 successor first.",
                row.name,
                needing.len()
            ))),
            Err(error) => Err(error.into()),
        }
    }

    /// Has a retired authority sign certificates again.
    pub async fn activate_authority(&self, actor: &Actor, id: AuthorityId) -> Result<Done, Error> {
        let row = self.manageable_authority(actor, id).await?;
        let record = authority_record(self, actor, AuditAction::ActivateAuthority, &row);
        self.store().activate_authority(id, record).await?;
        Ok(Done::then(
            format!(
                "{} is in use again. Of those in use the newest signs.",
                row.name
            ),
            api::url::AUTHORITIES,
        ))
    }

    async fn manageable_authority(
        &self,
        actor: &Actor,
        id: AuthorityId,
    ) -> Result<AuthorityRow, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let row = self.authority_row(id).await?;
        if row.purpose == AuthorityPurpose::Root {
            return Err(Error::Conflict(
                "A root signs no certificates for people; there is nothing to retire.".to_owned(),
            ));
        }
        Ok(row)
    }

    pub(super) async fn authority_row(&self, id: AuthorityId) -> Result<AuthorityRow, Error> {
        let rows = self.store().authorities().await?;
        rows.into_iter()
            .find(|row| row.id == id)
            .ok_or(Error::NotFound)
    }
}

pub(super) fn authority_record(
    portal: &Portal,
    actor: &Actor,
    action: AuditAction,
    row: &AuthorityRow,
) -> Record {
    let audit = actor.audit(action, portal.now(), row.id.0, row.name.clone());
    Record::default().audit(audit)
}
