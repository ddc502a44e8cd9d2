//! Looking at a request and following it.

use crate::queue::may_decide;
use crate::timeline::timeline;
use crate::{Actor, Error, Portal};
use api::RequestView;
use domain::{Permission, RequestId, RequestState};
use store::RequestRow;

impl Portal {
    /// A request: one's own, or any for who may see them.
    pub async fn request(&self, actor: &Actor, id: RequestId) -> Result<RequestView, Error> {
        let row = self.visible_request(actor, id).await?;
        let events = self.store().request_events(id).await?;
        let is_own = actor.is(row.person);
        let may_decide = may_decide(actor, &row) && row.state == RequestState::Waiting;
        let certificate = row
            .certificate
            .filter(|_| row.state == RequestState::Issued)
            .filter(|_| is_own || actor.may(Permission::SeeCertificates));
        Ok(RequestView {
            id,
            version: row.version,
            timeline: timeline(&row, &events),
            mailbox: row.mailbox.into(),
            person: row.person_name.into(),
            is_own,
            template: row.template_name.into(),
            key_algorithm: row.key_algorithm,
            reason: row.reason.map(String::from),
            names: row.names,
            device: row.device,
            is_own_key: row.is_own_key,
            requested_by: row.requested_by_name.map(String::from),
            state: row.state,
            requested_at: row.created_at,
            problem: problem(
                row.state,
                row.problem,
                row.decision_reason.map(String::from),
            ),
            certificate,
            may_withdraw: is_own && row.state == RequestState::Waiting,
            may_decide,
            may_mend: actor.may(Permission::MendRequests) && row.state == RequestState::Failed,
        })
    }

    /// The request's version, which rises with every change. For live pages.
    pub async fn request_version(&self, actor: &Actor, id: RequestId) -> Result<i64, Error> {
        Ok(self.visible_request(actor, id).await?.version)
    }

    async fn visible_request(&self, actor: &Actor, id: RequestId) -> Result<RequestRow, Error> {
        let row = self.store().request(id).await?.ok_or(Error::NotFound)?;
        if actor.is(row.person) || actor.may(Permission::SeeRequests) {
            Ok(row)
        } else {
            Err(Error::NotFound)
        }
    }
}

fn problem(state: RequestState, problem: Option<String>, reason: Option<String>) -> Option<String> {
    match state {
        RequestState::Rejected => reason,
        RequestState::Issuing | RequestState::Failed | RequestState::Cancelled => problem,
        _ => None,
    }
}
