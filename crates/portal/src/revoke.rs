//! The end of a certificate: an admin revokes, holds and re-activates; its owner reports it lost.
//! The revocation list is made anew for the next one who fetches it (see `crl.rs`).

use crate::{Actor, Error, Portal};
use api::Done;
use domain::{AuditAction, CertificateId, Permission, Reason, RevocationReason, RevocationState};
use store::{CertificateRow, Ended, Record};

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
        actor.require(Permission::RevokeCertificates)?;
        let row = self.issued(id).await?;
        let reason = reason_of(&reason, RevocationReason::FOR_GOOD)?;
        let comment = comment_of(&comment)?;
        self.revoke_as(actor, row, reason, comment.as_ref()).await?;
        Ok(Done::then(
            format!("The certificate is revoked. {WHEN_SEEN}"),
            api::url::certificate(id),
        ))
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
        self.revoke_as(actor, row, reason, None).await?;
        Ok(Done::then(
            "Your certificate is revoked. Request a new one now; keep the old one to read old mail.",
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
        self.refuse_impossible(&row, RevocationState::Held)?;
        let record = self
            .end_record(actor, &row, AuditAction::Hold, None, comment.as_ref())
            .await?;
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
        self.refuse_impossible(&row, RevocationState::Valid)?;
        let record = self
            .end_record(actor, &row, AuditAction::Reactivate, None, None)
            .await?;
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

    /// Revokes it from whatever state it is in. Somebody who re-activates or holds it at the same
    /// time must not save it from being revoked, so the state is looked at again then.
    async fn revoke_as(
        &self,
        actor: &Actor,
        mut row: CertificateRow,
        reason: RevocationReason,
        comment: Option<&Reason>,
    ) -> Result<(), Error> {
        loop {
            self.refuse_impossible(&row, RevocationState::Revoked)?;
            let record = self
                .end_record(actor, &row, AuditAction::Revoke, Some(reason), comment)
                .await?;
            let seen = row.revocation_state();
            self.failpoint("end-asked");
            let ended = self
                .store()
                .revoke(row.id, seen, reason, self.now(), record)
                .await?;
            self.failpoint("end-recorded");
            match ended {
                Ended::No { state } if state != seen && state != RevocationState::Revoked => {
                    row = self.issued(row.id).await?;
                }
                ended => return self.told_once(ended),
            }
        }
    }

    fn refuse_impossible(&self, row: &CertificateRow, next: RevocationState) -> Result<(), Error> {
        if row.not_after < self.now() {
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

    async fn end_record(
        &self,
        actor: &Actor,
        row: &CertificateRow,
        action: AuditAction,
        reason: Option<RevocationReason>,
        comment: Option<&Reason>,
    ) -> Result<Record, Error> {
        let mut audit = actor.audit(action, self.now(), row.id.0, row.mailbox.as_str());
        let mut detail = |name: &str, value: &str| {
            audit.details.push((name.to_owned(), value.to_owned()));
        };
        detail("serial", &hex::encode(&row.serial));
        if let Some(reason) = reason {
            detail("reason", reason.as_str());
        }
        if let Some(comment) = comment {
            detail("comment", comment.as_str());
        }
        let mail = match action {
            AuditAction::Hold => self.held_mail(row, actor, comment).await?,
            AuditAction::Reactivate => self.reactivated_mail(row, actor).await?,
            _ => self.revoked_mail(row, actor, reason, comment).await?,
        };
        Ok(Record::default().audit(audit).mail(mail))
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
