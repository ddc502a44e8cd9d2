//! What every page needs: the organisation, whether the portal works, and who is looking.

use crate::{Error, Portal, Visitor};
use domain::Permission;

impl Portal {
    /// The organisation and who is looking. Open to everybody.
    pub async fn site(
        &self,
        visitor: &Visitor,
        csrf: String,
        flash: Option<api::Flash>,
    ) -> Result<api::Site, Error> {
        let settings = self.settings().await?;
        let state = match (settings, self.sealed()) {
            (_, Some(_)) => api::SiteState::Sealed,
            (None, None) => api::SiteState::NeedsSetUp,
            (Some(_), None) => api::SiteState::Ready,
        };
        Ok(api::Site {
            organisation: settings.map(|settings| settings.organisation.as_str().to_owned()),
            state,
            viewer: self.viewer(visitor).await?,
            csrf,
            now: self.now(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            flash,
        })
    }

    async fn viewer(&self, visitor: &Visitor) -> Result<Option<api::Viewer>, Error> {
        let actor = match self.actor(visitor).await {
            Ok(actor) => actor,
            Err(Error::NotSignedIn) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (Some(id), Some(mailbox), Some(role)) = (actor.id, &actor.mailbox, actor.role) else {
            return Ok(None);
        };
        let decides = [Permission::Decide, Permission::DecideAsAdmin];
        let waiting = if decides.iter().any(|permission| actor.may(*permission)) {
            self.store().waiting_count_for(id, role).await?
        } else {
            0
        };
        Ok(Some(api::Viewer {
            id,
            name: actor.name.clone(),
            mailbox: mailbox.as_str().to_owned(),
            role,
            waiting: u64::try_from(waiting).unwrap_or_default(),
            confirmed_until: actor.confirmed_at.map(|at| at + self.policy().confirm_for),
        }))
    }
}
