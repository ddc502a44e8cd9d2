//! The timeline of a request: what happened, what happens now, what is still to come.

use api::{TimelineEntry, TimelineState};
use domain::{AuditAction, RequestState, Role, Step};
use store::{RequestEvent, RequestRow};

/// What a request goes through, in order.
const TITLES: [&str; 7] = [
    "An approver decides",
    "Password",
    "Private key",
    "Signing request",
    "Content check",
    "Signature of the authority",
    "Bundle for your mail program",
];

/// The lines of a timeline, past to future.
pub(crate) fn timeline(row: &RequestRow, events: &[RequestEvent]) -> Vec<TimelineEntry> {
    let mut agreed = 0;
    let mut lines = Vec::new();
    for event in events {
        if row.approvals_needed > 1 && event.kind == AuditAction::Approve.as_str() {
            agreed += 1;
            lines.push(agreement(event, agreed, row.approvals_needed));
        } else {
            lines.extend(happened(event, row.is_own_key));
        }
    }
    lines.extend(ahead(row));
    lines
}

/// One of several people who have to agree did.
fn agreement(event: &RequestEvent, number: i64, needed: i64) -> TimelineEntry {
    TimelineEntry {
        title: format!("Agreed by {} ({number} of {needed})", event.by),
        detail: event.detail.clone(),
        at: Some(event.at),
        state: TimelineState::Done,
    }
}

fn happened(event: &RequestEvent, is_own_key: bool) -> Vec<TimelineEntry> {
    let line = |title: &str, state| TimelineEntry {
        title: title.to_owned(),
        detail: event.detail.clone(),
        at: Some(event.at),
        state,
    };
    let done = |title| line(title, TimelineState::Done);
    match event.kind.parse() {
        Ok(AuditAction::Request) => vec![done("Request received")],
        Ok(AuditAction::Renew) => vec![done("Renewal asked for")],
        Ok(AuditAction::Approve) => vec![done("Approved")],
        Ok(AuditAction::Reject) => vec![line("Not approved", TimelineState::Stopped)],
        Ok(AuditAction::Withdraw) => vec![line("Taken back", TimelineState::Stopped)],
        Ok(AuditAction::Prepare) if is_own_key => vec![done("Your signing request taken over")],
        Ok(AuditAction::Issue) if is_own_key => vec![done("Ready")],
        // One transaction, three things that people care about.
        Ok(AuditAction::Prepare) => {
            vec![
                done("Password made"),
                done("Private key made"),
                done("Signing request made"),
            ]
        }
        Ok(AuditAction::Reserve) => vec![done("Content checked")],
        Ok(AuditAction::Sign) => vec![done("Signed by the authority")],
        Ok(AuditAction::Issue) => vec![done("Bundled and ready")],
        Ok(AuditAction::Fail) => vec![line("Stuck", TimelineState::Stopped)],
        Ok(AuditAction::Retry) => vec![done("Tried again")],
        Ok(AuditAction::Cancel) => vec![line("Ended by an administrator", TimelineState::Stopped)],
        _ => Vec::new(),
    }
}

/// Who decides, and who is still missing.
fn decision(row: &RequestRow) -> String {
    let (one, several) = match row.approver_role {
        Role::Admin => ("An administrator decides", "administrators"),
        _ => ("An approver decides", "approvers"),
    };
    match (row.approvals_needed, row.approvals_needed - row.approvals) {
        (..=1, _) => one.to_owned(),
        (_, 1) => format!("{} once more", one.replace(" decides", " agrees")),
        (_, left) => format!("{left} {several} decide"),
    }
}

/// What is still to come; the first line is what happens now.
fn ahead(row: &RequestRow) -> Vec<TimelineEntry> {
    let from = match row.state {
        RequestState::Waiting => 0,
        RequestState::Issuing => match row.step {
            Step::Prepare => 1,
            Step::Reserve => 4,
            Step::Sign => 5,
            Step::Bundle => 6,
            Step::Done => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    // Whoever keeps the key gets no password, no key and no bundle.
    let is_made = |place: usize| !row.is_own_key || !matches!(place, 1 | 2 | 6);
    TITLES
        .iter()
        .enumerate()
        .skip(from)
        .filter(|(place, _)| is_made(*place))
        .map(|(_, title)| title)
        .enumerate()
        .map(|(index, title)| TimelineEntry {
            title: if index == 0 && row.state == RequestState::Waiting {
                decision(row)
            } else {
                (*title).to_owned()
            },
            detail: row
                .problem
                .clone()
                .filter(|_| index == 0 && row.state == RequestState::Issuing),
            at: None,
            state: if index == 0 {
                TimelineState::Current
            } else {
                TimelineState::Ahead
            },
        })
        .collect()
}
