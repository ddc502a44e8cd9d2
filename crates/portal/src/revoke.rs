//! The end of a certificate: an admin revokes, holds and re-activates; its owner reports it lost.
//! The revocation list is made anew for the next one who fetches it (see `crl.rs`).

use crate::lost_key::{Why, and_others, detail, is_about_the_key, lost};
use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, CertificateId, Permission, Reason, RevocationReason, RevocationState};
use store::{CertificateRow, Ended, KEY_MOVED_ON, Record};

/// When others see it, as far as the portal can tell.
const WHEN_SEEN: &str = "The revocation list says so from now on; mail programs notice when they \
    fetch it again, within a week at the latest.";

impl Portal {
    /// Revokes a certificate for good.
    pub async fn revoke(
        &self,
        actor: &Actor,
        id: CertificateId,
        reason: String,
        comment: String,
    ) -> Result<Done, Error> {
        let others = self.revoke_all(actor, id, &reason, &comment).await?.len();
        Ok(Done::then(
            format!(
                "The certificate is revoked{}. {WHEN_SEEN}",
                and_others(others)
            ),
            api::url::certificate(id),
        ))
    }

    /// Revokes a certificate for good; gives the others that ended with it.
    pub(crate) async fn revoke_all(
        &self,
        actor: &Actor,
        id: CertificateId,
        reason: &str,
        comment: &str,
    ) -> Result<Vec<CertificateRow>, Error> {
        actor.require(Permission::RevokeCertificates)?;
        let row = self.issued(id).await?;
        let reason = reason_of(reason, RevocationReason::FOR_GOOD)?;
        let comment = comment_of(comment)?;
        self.revoke_as(actor, row, reason, comment.as_ref()).await
    }

    /// Reports one's own certificate lost, which revokes it.
    pub async fn report_lost(
        &self,
        actor: &Actor,
        id: CertificateId,
        reason: String,
    ) -> Result<Done, Error> {
        let row = self.own_certificate(actor, id).await?;
        let reason = reason_of(&reason, RevocationReason::FOR_OWNERS)?;
        let others = self.revoke_as(actor, row, reason, None).await?.len();
        Ok(Done::then(
            format!(
                "Your certificate is revoked{}. Request a new one now; keep the old one to read old \
                 mail.",
                and_others(others)
            ),
            api::url::certificate(id),
        ))
    }

    /// Puts a certificate on hold.
    pub async fn hold(
        &self,
        actor: &Actor,
        id: CertificateId,
        comment: String,
    ) -> Result<Done, Error> {
        actor.require(Permission::RevokeCertificates)?;
        let row = self.issued(id).await?;
        let comment = comment_of(&comment)?;
        self.refuse_impossible(&row, RevocationState::Held, None)?;
        let mut audit = self.end_audit(actor, &row, AuditAction::Hold, None);
        if let Some(comment) = &comment {
            detail(&mut audit, "comment", comment.as_str());
        }
        let mail = self.held_mail(&row, actor, comment.as_ref()).await?;
        let record = Record::default().audit(audit).mail(mail);
        let ended = self.store().hold(id, self.now(), record).await?;
        self.told_once(ended)?;
        Ok(Done::then(
            format!("The certificate is on hold. {WHEN_SEEN}"),
            api::url::certificate(id),
        ))
    }

    /// Takes a certificate off hold.
    pub async fn reactivate(&self, actor: &Actor, id: CertificateId) -> Result<Done, Error> {
        actor.require(Permission::RevokeCertificates)?;
        let row = self.issued(id).await?;
        self.refuse_impossible(&row, RevocationState::Valid, None)?;
        let audit = self.end_audit(actor, &row, AuditAction::Reactivate, None);
        let mail = self.reactivated_mail(&row, actor).await?;
        let record = Record::default().audit(audit).mail(mail);
        let ended = self.store().reactivate(id, record).await?;
        self.told_once(ended)?;
        Ok(Done::then(
            "The certificate is valid again. It is no longer on the revocation list.",
            api::url::certificate(id),
        ))
    }

    /// The certificate that somebody names on the command line: by identifier or serial number.
    pub async fn find_certificate(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<CertificateId, Error> {
        actor.require(Permission::SeeCertificates)?;
        let found = if let Ok(id) = name.parse::<CertificateId>() {
            self.store().certificate(id).await?
        } else {
            None
        };
        let found = match (found, pki::Serial::from_hex(&name.replace(':', ""))) {
            (None, Ok(serial)) => {
                self.store()
                    .certificate_by_serial(serial.as_bytes())
                    .await?
            }
            (found, _) => found,
        };
        found.map(|row| row.id).ok_or(Error::NotFound)
    }

    async fn issued(&self, id: CertificateId) -> Result<CertificateRow, Error> {
        self.store().certificate(id).await?.ok_or(Error::NotFound)
    }

    /// Revokes it from whatever state it is in, and others of its key where the reason is about that;
    /// gives those. Somebody who re-activates or holds one at the same time must not save it from
    /// being revoked, so the states are looked at again then.
    async fn revoke_as(
        &self,
        actor: &Actor,
        mut row: CertificateRow,
        reason: RevocationReason,
        comment: Option<&Reason>,
    ) -> Result<Vec<CertificateRow>, Error> {
        if is_about_the_key(reason) {
            self.read_keys().await?;
            row = self.issued(row.id).await?;
        }
        loop {
            self.refuse_impossible(&row, RevocationState::Revoked, Some(reason))?;
            let (seen, now) = (row.revocation_state(), self.now());
            let others = self.others_revoked_with(&row, reason, now).await?;
            let all: Vec<_> = std::iter::once(&row).chain(&others).collect();
            let why = Why {
                reason,
                comment,
                named: &row.serial,
            };
            let record = self.revoked_record(actor, &all, why).await?;
            self.failpoint("end-asked");
            let store = self.store();
            let ended = if is_about_the_key(reason) {
                let lost = lost(&row, &others);
                store
                    .revoke_lost(lost, now, record)
                    .await
                    .map(|()| Ended::Yes)
            } else {
                store.revoke(row.id, seen, reason, now, record).await
            };
            self.failpoint("end-recorded");
            match ended {
                Err(store::Error::Conflict(KEY_MOVED_ON)) => {
                    row = self.issued(row.id).await?;
                }
                Ok(Ended::No { state }) if state != seen && state != RevocationState::Revoked => {
                    row = self.issued(row.id).await?;
                }
                ended => {
                    self.told_once(ended?)?;
                    return Ok(others);
                }
            }
        }
    }

    /// What has ended changes no more, but its key may be found out to be lost: others may have it.
    fn refuse_impossible(
        &self,
        row: &CertificateRow,
        next: RevocationState,
        reason: Option<RevocationReason>,
    ) -> Result<(), Error> {
        if row.not_after < self.now() && !reason.is_some_and(is_about_the_key) {
            return Err(Error::Conflict(
                "This certificate has ended, so nobody trusts it any more.".to_owned(),
            ));
        }
        let state = row.revocation_state();
        if state.may_become(next) {
            Ok(())
        } else {
            Err(Error::Conflict(already(state)))
        }
    }

    fn told_once(&self, ended: Ended) -> Result<(), Error> {
        match ended {
            Ended::Yes => {
                self.mail_signal().notify_one();
                Ok(())
            }
            Ended::No { state } => Err(Error::Conflict(already(state))),
        }
    }
}

pub(crate) fn already(state: RevocationState) -> String {
    match state {
        RevocationState::Valid => "This certificate is not on hold (any more).",
        RevocationState::Held => "This certificate is already on hold.",
        RevocationState::Revoked => "This certificate is already revoked, which is for good.",
    }
    .to_owned()
}

pub(crate) fn reason_of(
    typed: &str,
    allowed: &[RevocationReason],
) -> Result<RevocationReason, Error> {
    let reason = typed.parse().ok();
    reason
        .filter(|reason| allowed.contains(reason))
        .ok_or_else(|| {
            let words: Vec<_> = allowed.iter().map(|reason| reason.as_str()).collect();
            let words = words.join(", ");
            Error::field(
                "reason",
                format!("please choose one of the reasons: {words}"),
            )
        })
}

pub(crate) fn comment_of(typed: &str) -> Result<Option<Reason>, Error> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    Reason::parse(typed)
        .map(Some)
        .map_err(|problem| Error::field("comment", problem.to_string()))
}
