//! Taking one's own request back.

use crate::decide::already;
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, RequestId};
use store::{Decided, Record};

impl Portal {
    /// Takes one's own waiting request back.
    pub async fn withdraw(&self, actor: &Actor, id: RequestId) -> Result<Done, Error> {
        let person = actor.person()?;
        let row = self
            .store()
            .request(id)
            .await?
            .filter(|row| row.person == person)
            .ok_or(Error::NotFound)?;
        let now = self.now();
        let audit = actor.audit(AuditAction::Withdraw, now, id.0, row.mailbox.as_str());
        match self
            .store()
            .withdraw(id, person, now, Record::default().audit(audit))
            .await?
        {
            Decided::Yes => {
                self.changed(id);
                Ok(Done::then("Your request is withdrawn.", api::url::HOME))
            }
            Decided::No { state, by } => Err(Error::Conflict(already(state, by.as_ref()))),
        }
    }
}
