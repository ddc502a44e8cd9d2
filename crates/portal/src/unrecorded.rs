//! Certificates that were or may have been signed, but never reached anybody: the database refused
//! their row, or a later step failed. Their serial numbers are known from before the signature, and
//! revoking them by that puts them on the list like any other (RFC 5280 section 5).
//!
//! They end together with their request: going on with one that is revoked would hand out a
//! certificate that nobody may trust. A new request has new serial numbers.

use crate::lost_key::{Why, and_others, detail};
use crate::revoke::{already, comment_of, reason_of};
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{
    AuditAction, Permission, Reason, RequestId, RequestState, RevocationReason, RevocationState,
    Step,
};
use pki::Serial;
use store::{KEY_MOVED_ON, NewAudit, RequestEnd, SignedRow};

/// How often it is looked again at a request that moved on in the meantime.
const TRIES: u32 = 3;

/// How a request ends.
pub(crate) struct Ending {
    /// The request.
    pub(crate) id: RequestId,
    /// Its step as it was seen.
    pub(crate) step: Step,
    /// The state that it may be in besides failed.
    pub(crate) or_state: RequestState,
    /// Why it ends.
    pub(crate) why: Reason,
    /// Why what was signed for it is revoked.
    pub(crate) reason: RevocationReason,
}

/// What ended with a request.
pub(crate) struct EndedWith {
    /// Serial numbers that were given out for it.
    pub(crate) signed: usize,
    /// Other certificates that have one of their keys.
    pub(crate) others: usize,
}

impl Portal {
    /// Revokes for good what somebody names on the command line: a certificate by identifier or
    /// serial number, a serial number that was signed without a certificate coming of it, or one that
    /// only the signing journal knows.
    pub async fn revoke_named(
        &self,
        actor: &Actor,
        name: &str,
        reason: String,
        comment: String,
    ) -> Result<Done, Error> {
        actor.require(Permission::RevokeCertificates)?;
        for _ in 0..TRIES {
            match self.find_certificate(actor, name).await {
                Err(Error::NotFound) => {}
                found => return self.revoke(actor, found?, reason, comment).await,
            }
            let serial = Serial::from_hex(&name.replace(':', "")).map_err(|_| Error::NotFound)?;
            let why = reason_of(&reason, RevocationReason::FOR_GOOD)?;
            let why = (why, comment_of(&comment)?);
            let done = match self.store().unrecorded(serial.as_bytes()).await? {
                Some(row) => self.revoke_unrecorded(actor, &row, why).await?,
                None => self.revoke_journalled(actor, &serial, why).await?,
            };
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Err(Error::Busy("request of this certificate"))
    }

    /// Nothing where the request moved on in the meantime.
    async fn revoke_unrecorded(
        &self,
        actor: &Actor,
        row: &SignedRow,
        (reason, comment): (RevocationReason, Option<Reason>),
    ) -> Result<Option<Done>, Error> {
        if row.revoked_at.is_some() {
            return Err(Error::Conflict(already(RevocationState::Revoked)));
        }
        let ended = if row.state == RequestState::Cancelled {
            self.revoke_ended(actor, row, (reason, comment.as_ref()))
                .await?
        } else {
            let why = match comment {
                Some(comment) => comment,
                None => {
                    Reason::parse("What was signed for it is revoked.").map_err(Error::internal)?
                }
            };
            let ending = Ending {
                id: row.request,
                step: row.step,
                or_state: RequestState::Issuing,
                why,
                reason,
            };
            self.end_request(actor, ending).await?
        };
        Ok(ended.map(|ended| {
            Done::here(format!(
                "The certificate is revoked, although it was never stored, and its request is \
                 ended{}. The revocation list says so from now on.",
                and_others(ended.others)
            ))
        }))
    }

    /// Revokes what was signed for a request that ended before that was done. Nothing where somebody
    /// else did it, or changed a certificate of the key, in the meantime.
    async fn revoke_ended(
        &self,
        actor: &Actor,
        row: &SignedRow,
        (reason, comment): (RevocationReason, Option<&Reason>),
    ) -> Result<Option<EndedWith>, Error> {
        let now = self.now();
        let signed = self.store().signed_for(row.request).await?;
        let (lost, others) = self.others_lost_with(&signed, reason, now).await?;
        let why = Why {
            reason,
            comment,
            named: &row.serial,
        };
        let others: Vec<_> = others.iter().collect();
        let mut record = self.revoked_record(actor, &others, why).await?;
        record
            .audits
            .extend(self.revocations(actor, &signed, reason, comment));
        let revoked = self
            .store()
            .revoke_unrecorded(row.request, (reason, lost), now, record);
        let ended = EndedWith {
            signed: signed.len(),
            others: others.len(),
        };
        Ok(as_seen(revoked.await)?.then_some(ended))
    }

    /// Ends a request, and revokes what was or may have been signed for it. Nothing where the request,
    /// or a certificate that would end with it, is no longer as it was seen.
    pub(crate) async fn end_request(
        &self,
        actor: &Actor,
        ending: Ending,
    ) -> Result<Option<EndedWith>, Error> {
        let Ending {
            id,
            step,
            or_state,
            why,
            reason,
        } = ending;
        let row = self.store().request(id).await?.ok_or(Error::NotFound)?;
        let mut signed = self.store().signed_for(id).await?;
        signed.retain(|one| one.revoked_at.is_none());
        let at = self.now();
        let (lost, others) = self.others_lost_with(&signed, reason, at).await?;
        let first = signed.first().map(|one| one.serial.as_slice());
        let named = Why {
            reason,
            comment: Some(&why),
            named: first.unwrap_or_default(),
        };
        let others: Vec<_> = others.iter().collect();
        let mut record = self.revoked_record(actor, &others, named).await?;
        record
            .audits
            .extend(self.revocations(actor, &signed, reason, Some(&why)));
        let mut ended = actor.audit(AuditAction::Cancel, at, id.0, row.mailbox.as_str());
        detail(&mut ended, "reason", why.as_str());
        let end = RequestEnd {
            id,
            step,
            or_state,
            why,
            reason,
            lost,
            at,
        };
        let ending = self.store().end_request(end, record.audit(ended));
        if !as_seen(ending.await)? {
            return Ok(None);
        }
        self.changed(id);
        self.mail_signal().notify_one();
        Ok(Some(EndedWith {
            signed: signed.len(),
            others: others.len(),
        }))
    }

    /// An entry for each that is not revoked yet. Only a certificate has a page that it can name.
    fn revocations(
        &self,
        actor: &Actor,
        signed: &[SignedRow],
        reason: RevocationReason,
        comment: Option<&Reason>,
    ) -> Vec<NewAudit> {
        let open = signed.iter().filter(|one| one.revoked_at.is_none());
        let entry = |one: &SignedRow| {
            let subject = one.certificate.map(|id| id.0);
            let label = one.mailbox.as_str();
            let now = self.now();
            let mut audit = actor.audit(AuditAction::Revoke, now, one.request.0, label);
            audit.subject = subject;
            detail(&mut audit, "serial", &hex::encode(&one.serial));
            detail(&mut audit, "reason", reason.as_str());
            if let Some(comment) = comment {
                detail(&mut audit, "comment", comment.as_str());
            }
            audit
        };
        open.map(entry).collect()
    }
}

/// Whether it was done; not where something changed in the meantime.
fn as_seen(done: Result<bool, store::Error>) -> Result<bool, Error> {
    match done {
        Err(store::Error::Conflict(KEY_MOVED_ON)) => Ok(false),
        done => Ok(done?),
    }
}
