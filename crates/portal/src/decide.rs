//! Approving and rejecting. One decision wins; whoever comes second is told who was first.
//!
//! Four eyes: nobody decides their own request, whatever their role. The database refuses it too.

use crate::queue::may_decide;
use crate::{Actor, Error, Portal};
use api::{Decision, DecisionOutcome};
use domain::{AuditAction, Name, Permission, Reason, RequestId, RequestState, Role};
use store::{Approved, Decided, Record, RequestRow};

/// Most requests in one decision.
const MOST: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Approve,
    Reject,
}

impl Portal {
    /// Approves requests, each for itself.
    pub async fn approve(
        &self,
        actor: &Actor,
        decision: Decision,
    ) -> Result<Vec<DecisionOutcome>, Error> {
        self.decide(actor, decision, Verdict::Approve).await
    }

    /// Rejects requests, with a reason, each for itself.
    pub async fn reject(
        &self,
        actor: &Actor,
        decision: Decision,
    ) -> Result<Vec<DecisionOutcome>, Error> {
        self.decide(actor, decision, Verdict::Reject).await
    }

    async fn decide(
        &self,
        actor: &Actor,
        decision: Decision,
        verdict: Verdict,
    ) -> Result<Vec<DecisionOutcome>, Error> {
        if !actor.may(Permission::DecideAsAdmin) {
            actor.require(Permission::Decide)?;
        }
        actor.person()?;
        let reason = reason(&decision.reason, verdict)?;
        if decision.requests.is_empty() {
            return Err(Error::field(
                "requests",
                "Please choose at least one request.",
            ));
        }
        if decision.requests.len() > MOST {
            return Err(Error::field(
                "requests",
                format!("At most {MOST} requests at once, please."),
            ));
        }
        let mut outcomes = Vec::with_capacity(decision.requests.len());
        for id in decision.requests {
            let problem = match self.decide_one(actor, id, reason.clone(), verdict).await {
                Ok(problem) => problem,
                Err(Error::NotFound) => Some("there is no such request".to_owned()),
                Err(Error::Conflict(text)) => Some(text),
                Err(error) => return Err(error),
            };
            outcomes.push(DecisionOutcome {
                request: id,
                problem,
            });
        }
        Ok(outcomes)
    }

    /// Decides one request; gives the reason where it could not be decided.
    async fn decide_one(
        &self,
        actor: &Actor,
        id: RequestId,
        reason: Option<Reason>,
        verdict: Verdict,
    ) -> Result<Option<String>, Error> {
        let approver = actor.person()?;
        let row = self.store().request(id).await?.ok_or(Error::NotFound)?;
        if row.person == approver {
            return Ok(Some(
                "it is your own request; somebody else decides it".to_owned(),
            ));
        }
        if !may_decide(actor, &row) {
            return Ok(Some(not_yours(actor, &row).to_owned()));
        }
        let now = self.now();
        let record = self
            .decision_record(actor, &row, reason.as_ref(), verdict)
            .await?;
        let decided = match (verdict, reason) {
            (Verdict::Approve, reason) => {
                // The person hears of it once: when it is decided.
                let partly = Record {
                    mails: Vec::new(),
                    ..record.clone()
                };
                self.store()
                    .approve(id, approver, reason, now, [partly, record])
                    .await?
            }
            (Verdict::Reject, Some(reason)) => Approved::Decided(
                self.store()
                    .reject(id, approver, reason, now, record)
                    .await?,
            ),
            (Verdict::Reject, None) => {
                return Err(Error::internal(
                    "a rejection without a reason passed its checks",
                ));
            }
        };
        match decided {
            Approved::Decided(Decided::Yes) => {
                if verdict == Verdict::Approve {
                    self.failpoint("request-approved");
                }
                self.changed(id);
                Ok(None)
            }
            Approved::NotYet => {
                self.changed(id);
                Ok(None)
            }
            Approved::Again => Ok(Some("you have agreed to it already".to_owned())),
            Approved::Decided(Decided::No { state, by }) => Ok(Some(already(state, by.as_ref()))),
        }
    }

    async fn decision_record(
        &self,
        actor: &Actor,
        row: &RequestRow,
        reason: Option<&Reason>,
        verdict: Verdict,
    ) -> Result<Record, Error> {
        let action = match verdict {
            Verdict::Approve => AuditAction::Approve,
            Verdict::Reject => AuditAction::Reject,
        };
        let mut audit = actor.audit(action, self.now(), row.id.0, row.mailbox.as_str());
        if let Some(reason) = reason {
            audit
                .details
                .push(("reason".to_owned(), reason.as_str().to_owned()));
        }
        let mail = match verdict {
            Verdict::Approve => self.approved_mail(row, actor).await?,
            Verdict::Reject => self.rejected_mail(row, actor, reason).await?,
        };
        Ok(Record::default().audit(audit).mail(mail))
    }
}

fn not_yours(actor: &Actor, row: &RequestRow) -> &'static str {
    if row.requested_by.is_some_and(|by| actor.is(by)) {
        "you asked for it; somebody else decides it"
    } else if row.approver_role == Role::Admin {
        "its template asks for an administrator"
    } else {
        "its template asks for an approver"
    }
}

fn reason(typed: &str, verdict: Verdict) -> Result<Option<Reason>, Error> {
    if typed.trim().is_empty() {
        return match verdict {
            Verdict::Approve => Ok(None),
            Verdict::Reject => Err(Error::field(
                "reason",
                "Please say why, so that the person knows what to do.",
            )),
        };
    }
    Reason::parse(typed)
        .map(Some)
        .map_err(|problem| Error::field("reason", problem.to_string()))
}

/// Why a waiting request could not be decided: it no longer waits.
pub(crate) fn already(state: RequestState, by: Option<&Name>) -> String {
    let what = match state {
        RequestState::Waiting => "it still waits; please try again",
        RequestState::Issuing | RequestState::Issued => "it was already approved",
        RequestState::Rejected => "it was already rejected",
        RequestState::Withdrawn => "the person withdrew it",
        RequestState::Failed => "it was approved and is stuck",
        RequestState::Cancelled => "an administrator ended it",
    };
    match by {
        Some(name)
            if matches!(
                state,
                RequestState::Issuing | RequestState::Issued | RequestState::Rejected
            ) =>
        {
            format!("{what} by {name}")
        }
        _ => what.to_owned(),
    }
}
