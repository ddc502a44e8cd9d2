//! Mending: an admin retries or cancels a request whose step failed for good.

use crate::decide::already;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, Permission, Reason, RequestId};
use store::{Decided, Record, RequestRow};

impl Portal {
    /// Has a failed request tried again.
    pub async fn retry(&self, actor: &Actor, id: RequestId) -> Result<Done, Error> {
        let row = self.mendable(actor, id).await?;
        let audit = actor.audit(AuditAction::Retry, self.now(), id.0, row.mailbox.as_str());
        let decided = self
            .store()
            .retry(id, self.now(), Record::default().audit(audit))
            .await?;
        self.mended(id, decided, "The portal tries again.")
    }

    /// Ends a failed request, with a reason.
    pub async fn cancel(
        &self,
        actor: &Actor,
        id: RequestId,
        reason: String,
    ) -> Result<Done, Error> {
        let row = self.mendable(actor, id).await?;
        let reason = Reason::parse(&reason)
            .map_err(|problem| Error::field("reason", problem.to_string()))?;
        let mut audit = actor.audit(AuditAction::Cancel, self.now(), id.0, row.mailbox.as_str());
        audit
            .details
            .push(("reason".to_owned(), reason.as_str().to_owned()));
        let decided = self
            .store()
            .cancel(id, self.now(), reason, Record::default().audit(audit))
            .await?;
        self.mended(id, decided, "The request is ended.")
    }

    async fn mendable(&self, actor: &Actor, id: RequestId) -> Result<RequestRow, Error> {
        actor.require(Permission::MendRequests)?;
        self.store().request(id).await?.ok_or(Error::NotFound)
    }

    fn mended(&self, id: RequestId, decided: Decided, message: &str) -> Result<Done, Error> {
        match decided {
            Decided::Yes => {
                self.changed(id);
                Ok(Done::then(message, api::url::request(id)))
            }
            Decided::No { state, by } => Err(Error::Conflict(format!(
                "This request is not stuck (any more): {}.",
                already(state, by.as_ref())
            ))),
        }
    }
}
