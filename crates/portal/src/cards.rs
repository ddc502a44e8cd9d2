//! Cards: rows of the database in the words of the pages.

use crate::certified_names::in_words;
use api::{CertificateCard, CertificateState, RequestCard};
use domain::{RequestState, RevocationState, Role};
use store::{CertificateRow, RequestRow};
use time::{Duration, OffsetDateTime};

/// A certificate is called expiring for this long before its end.
pub(crate) const EXPIRING: Duration = Duration::days(30);

pub(crate) fn certificate_card(row: &CertificateRow, now: OffsetDateTime) -> CertificateCard {
    let left = row.not_after - now;
    CertificateCard {
        id: row.id,
        mailbox: row.mailbox.as_str().to_owned(),
        state: certificate_state(row.revocation_state(), row.not_after, now),
        not_before: row.not_before,
        not_after: row.not_after,
        days_left: left.whole_days(),
        template: row.template_name.as_str().to_owned(),
        was_downloaded: row.downloaded_at.is_some() || row.is_own_key,
        part: row.part,
        may_renew: false,
        names: in_words(&row.device, &row.names),
    }
}

/// The state of a certificate in one word: what matters most about it.
pub(crate) fn certificate_state(
    revocation: RevocationState,
    not_after: OffsetDateTime,
    now: OffsetDateTime,
) -> CertificateState {
    let left = not_after - now;
    match revocation {
        RevocationState::Revoked => CertificateState::Revoked,
        _ if left < Duration::ZERO => CertificateState::Expired,
        RevocationState::Held => CertificateState::Held,
        RevocationState::Valid if left <= EXPIRING => CertificateState::Expiring,
        RevocationState::Valid => CertificateState::Valid,
    }
}

pub(crate) fn request_card(row: &RequestRow) -> RequestCard {
    RequestCard {
        id: row.id,
        mailbox: row.mailbox.as_str().to_owned(),
        template: row.template_name.as_str().to_owned(),
        state: row.state,
        requested_at: row.created_at,
        summary: match in_words(&row.device, &row.names).as_str() {
            "" => summary(row).to_owned(),
            names => format!("{}: {names}", summary(row)),
        },
    }
}

fn summary(row: &RequestRow) -> &'static str {
    match row.state {
        RequestState::Waiting if row.approver_role == Role::Admin => "Waits for an administrator",
        RequestState::Waiting => "Waits for an approver",
        RequestState::Issuing if row.problem.is_some() => {
            "Takes longer than usual; the portal keeps trying"
        }
        RequestState::Issuing => "Is being made",
        RequestState::Issued => "Ready",
        RequestState::Rejected => "Was not approved",
        RequestState::Withdrawn => "You took it back",
        RequestState::Failed => "Is stuck; an administrator has been told",
        RequestState::Cancelled => "Was ended by an administrator",
    }
}
