//! Mending: an admin retries or cancels a request whose step failed for good.

use crate::decide::already;
use crate::unrecorded::{EndedWith, Ending};
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, Name, Permission, Reason, RequestId, RequestState, RevocationReason};
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

    /// Ends a failed request, with a reason. What was or may have been signed for it never reached
    /// anybody, and is revoked with it.
    pub async fn cancel(
        &self,
        actor: &Actor,
        id: RequestId,
        reason: String,
    ) -> Result<Done, Error> {
        let row = self.mendable(actor, id).await?;
        let reason = Reason::parse(&reason)
            .map_err(|problem| Error::field("reason", problem.to_string()))?;
        let ending = Ending {
            id,
            step: row.step,
            or_state: RequestState::Failed,
            why: reason,
            reason: RevocationReason::CessationOfOperation,
        };
        let message = match self.end_request(actor, ending).await? {
            Some(EndedWith { signed: 0, .. }) => "The request is ended.",
            Some(_) => "The request is ended, and what was signed for it is revoked.",
            None => return Err(not_stuck(row.state, row.decided_by_name.as_ref())),
        };
        Ok(Done::then(message, api::url::request(id)))
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
            Decided::No { state, by } => Err(not_stuck(state, by.as_ref())),
        }
    }
}

fn not_stuck(state: RequestState, by: Option<&Name>) -> Error {
    Error::Conflict(format!(
        "This request is not stuck (any more): {}.",
        already(state, by)
    ))
}
