//! The timeline of a request: what happened, what happens now, what is still to come.

use api::{TimelineEntry, TimelineState};
use domain::{AuditAction, RequestState, Step};
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
    let mut lines: Vec<TimelineEntry> = events
        .iter()
        .flat_map(|event| happened(event, row.is_own_key))
        .collect();
    lines.extend(ahead(row));
    lines
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
            title: (*title).to_owned(),
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
