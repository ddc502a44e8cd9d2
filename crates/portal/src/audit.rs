//! The audit log, as the auditor reads it.

use crate::imported::BROUGHT_ALONG;
use crate::queue::take_page;
use crate::{Actor, Error, Portal};
use api::{AuditEntryView, AuditFilter, AuditVerification, Page};
use domain::{AuditAction, CertificateId, Permission, PersonId, RequestId, TemplateId};
use store::{AuditQuery, AuditRow};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// Entries on a page.
const LIMIT: i64 = 50;

impl Portal {
    /// The audit log, newest first.
    pub async fn audit(
        &self,
        actor: &Actor,
        filter: AuditFilter,
    ) -> Result<Page<AuditEntryView>, Error> {
        actor.require(Permission::ReadAudit)?;
        let action = match filter.action.as_str() {
            "" => None,
            word => Some(
                word.parse()
                    .map_err(|_| Error::field("action", "There is no such action."))?,
            ),
        };
        let subject = match filter.subject.trim() {
            "" => None,
            text => Some(Uuid::parse_str(text).map_err(|_| {
                Error::field(
                    "subject",
                    "This is not an identifier; copy it from the address of the page.",
                )
            })?),
        };
        let until = day("to", &filter.to)?.map(|day| day.saturating_add(Duration::DAY));
        let query = AuditQuery {
            actor: filter.actor.trim().to_owned(),
            action,
            subject,
            from: day("from", &filter.from)?,
            until,
            before_number: filter
                .after
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_| Error::NotFound)?,
            limit: LIMIT + 1,
        };
        let mut rows = self.store().audit(query).await?;
        let next = take_page(&mut rows, LIMIT).map(|row| row.number.to_string());
        Ok(Page {
            rows: rows.into_iter().map(entry).collect(),
            next,
        })
    }

    /// Checks the whole chain.
    pub async fn verify_audit(&self, actor: &Actor) -> Result<AuditVerification, Error> {
        actor.require(Permission::ReadAudit)?;
        let check = self.store().verify_audit().await?;
        Ok(AuditVerification {
            checked: check.checked,
            broken_at: check.broken.map(|found| (found.number, found.what)),
        })
    }
}

fn entry(row: AuditRow) -> AuditEntryView {
    AuditEntryView {
        number: row.number,
        at: row.at,
        actor: row.actor_label,
        action: row.action.to_string(),
        subject_url: row
            .subject
            .filter(|_| row.details.iter().all(|(name, _)| name != BROUGHT_ALONG))
            .and_then(|id| subject_url(row.action, id)),
        subject: row.subject_label,
        details: row
            .address
            .map(|address| ("address".to_owned(), address))
            .into_iter()
            .chain(row.details)
            .collect(),
        hash: hex::encode(row.hash),
    }
}

fn subject_url(action: AuditAction, id: Uuid) -> Option<String> {
    use AuditAction as A;
    match action {
        A::Request
        | A::Approve
        | A::Reject
        | A::Withdraw
        | A::Prepare
        | A::Reserve
        | A::Sign
        | A::Issue
        | A::Fail
        | A::Retry
        | A::Cancel
        | A::Renew => Some(api::url::request(RequestId(id))),
        A::ShowPassword
        | A::Download
        | A::Revoke
        | A::Hold
        | A::Reactivate
        | A::Deliver
        | A::Delete => Some(api::url::certificate(CertificateId(id))),
        A::SignIn
        | A::EndSession
        | A::AddPerson
        | A::DisablePerson
        | A::EnablePerson
        | A::SetRole
        | A::SetName
        | A::RecordMailbox
        | A::RemoveMailbox
        | A::SetPassword
        | A::MakeToken
        | A::RevokeToken => Some(api::url::person(PersonId(id))),
        A::CreateAuthority
        | A::RequestAuthority
        | A::ImportAuthority
        | A::RetireAuthority
        | A::ActivateAuthority
        | A::RemoveAuthorityKey => Some(api::url::AUTHORITIES.to_owned()),
        A::AddTemplate | A::ChangeTemplate | A::OfferTemplate | A::WithdrawTemplate => {
            Some(api::url::template(TemplateId(id)))
        }
        A::SetUp | A::RefuseSignIn | A::Export | A::Import | A::OpenOldMail | A::Restore => None,
    }
}

/// Midnight of the day in a field of a filter.
pub(crate) fn day(field: &str, text: &str) -> Result<Option<OffsetDateTime>, Error> {
    const FORMAT: &[time::format_description::BorrowedFormatItem<'_>] =
        time::macros::format_description!("[year]-[month]-[day]");
    match text.trim() {
        "" => Ok(None),
        text => Date::parse(text, FORMAT)
            .map(|date| Some(date.midnight().assume_utc()))
            .map_err(|_| Error::field(field, "Please write the day as 2026-12-31.")),
    }
}
