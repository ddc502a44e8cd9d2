//! The approvers' queue: waiting requests with the evidence.

use crate::certified_names::in_words;
use crate::{Actor, Error, Portal, day};
use api::{Evidence, Page, QueueCard, QueueFilter};
use domain::{Permission, RequestId, Role};
use store::{RequestEvidence, RequestRow};
use time::{Duration, OffsetDateTime};

/// Cards on a page.
const LIMIT: i64 = 25;
/// A mailbox younger than this deserves a second look.
const NEW_MAILBOX: Duration = Duration::days(7);

impl Portal {
    /// The queue, oldest first.
    pub async fn queue(
        &self,
        actor: &Actor,
        filter: QueueFilter,
    ) -> Result<Page<QueueCard>, Error> {
        actor.require(Permission::SeeQueue)?;
        let after = filter.after.as_deref().map(read_mark).transpose()?;
        let mut rows = self
            .store()
            .waiting_requests(filter.search.trim(), after, LIMIT + 1)
            .await?;
        let next = take_page(&mut rows, LIMIT).map(mark);
        let ids: Vec<RequestId> = rows.iter().map(|row| row.id).collect();
        let evidence = self.store().evidence(&ids, self.now()).await?;
        let now = self.now();
        let cards = rows.into_iter().map(|row| {
            let known = evidence.iter().find(|known| known.request == row.id);
            card(actor, row, known, now)
        });
        Ok(Page {
            rows: cards.collect(),
            next,
        })
    }
}

/// Cuts a list that was read one row too far; gives the last row kept where there is more.
pub(crate) fn take_page<T>(rows: &mut Vec<T>, limit: i64) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| has_more)
}

fn card(
    actor: &Actor,
    row: RequestRow,
    known: Option<&RequestEvidence>,
    now: OffsetDateTime,
) -> QueueCard {
    let is_own = actor.is(row.person);
    let may = may_decide(actor, &row);
    let why_not = match (is_own, may) {
        (true, _) => Some("This is your own request; somebody else decides it.".to_owned()),
        (false, false) => Some(who_decides(actor, &row).to_owned()),
        (false, true) => None,
    };
    // Of a person the names are further addresses.
    let more = if row.content.kind.names_hosts() {
        0
    } else {
        row.names.split_whitespace().count()
    };
    QueueCard {
        id: row.id,
        person: row.person_name.into(),
        mailbox: row.mailbox.into(),
        template: row.template_name.into(),
        key_algorithm: row.key_algorithm,
        valid_days: row.content.valid_days,
        reason: row.reason.map(String::from),
        names: in_words(&row.device, &row.names),
        is_own_key: row.is_own_key,
        requested_by: row.requested_by_name.map(String::from),
        requested_at: row.created_at,
        evidence: agreed(row.approvals, row.approvals_needed)
            .into_iter()
            .chain(
                known
                    .map(|known| facts(known, more, now))
                    .unwrap_or_default(),
            )
            .collect(),
        may_decide: why_not.is_none(),
        why_not,
    }
}

/// Whether this person's role decides it, and they did not ask for it themselves.
pub(crate) fn may_decide(actor: &Actor, row: &RequestRow) -> bool {
    let role = match row.approver_role {
        Role::Admin => Permission::DecideAsAdmin,
        _ => Permission::Decide,
    };
    actor.may(role) && !actor.is(row.person) && !row.requested_by.is_some_and(|by| actor.is(by))
}

fn who_decides(actor: &Actor, row: &RequestRow) -> &'static str {
    if row.requested_by.is_some_and(|by| actor.is(by)) {
        "You asked for it; somebody else decides it."
    } else if row.approver_role == Role::Admin {
        "Administrators decide; you can look."
    } else {
        "Approvers decide; you can look."
    }
}

/// How many of how many have agreed, where one is not enough.
fn agreed(approvals: i64, needed: i64) -> Option<Evidence> {
    (needed > 1).then(|| Evidence {
        text: match approvals {
            0 => format!("{needed} people have to agree; nobody has so far."),
            1 => format!("{needed} people have to agree; 1 has."),
            _ => format!("{needed} people have to agree; {approvals} have."),
        },
        is_warning: false,
    })
}

fn facts(known: &RequestEvidence, more: usize, now: OffsetDateTime) -> Vec<Evidence> {
    let fact = |text: String, is_warning| Evidence { text, is_warning };
    let mut facts = Vec::new();
    let are_known = usize::try_from(known.more_verified).is_ok_and(|verified| verified >= more);
    match known.mailbox_verified_at {
        _ if !are_known => facts.push(fact(
            "One of the mail addresses is no longer verified as theirs.".to_owned(),
            true,
        )),
        Some(at) if more > 0 => {
            let last = known.more_verified_at.map_or(at, |more| more.max(at));
            let is_new = now - last < NEW_MAILBOX;
            let only = if is_new { "only " } else { "" };
            let since = day::in_words(last);
            facts.push(fact(
                format!(
                    "All mail addresses are verified as theirs, the last one {only}since {since}."
                ),
                is_new,
            ));
        }
        Some(at) if now - at < NEW_MAILBOX => facts.push(fact(
            format!(
                "The mail address is theirs only since {}.",
                day::in_words(at)
            ),
            true,
        )),
        Some(at) => facts.push(fact(
            format!(
                "The mail address is verified as theirs since {}.",
                day::in_words(at)
            ),
            false,
        )),
        None => facts.push(fact(
            "The mail address is no longer verified as theirs.".to_owned(),
            true,
        )),
    }
    match known.valid_certificates {
        0 => facts.push(fact(
            "There is no valid certificate for this address yet.".to_owned(),
            false,
        )),
        1 => facts.push(fact(
            "One certificate for this address is still valid.".to_owned(),
            true,
        )),
        count => facts.push(fact(
            format!("{count} certificates for this address are still valid."),
            true,
        )),
    }
    if known.other_open > 0 {
        facts.push(fact(
            format!(
                "{} more open for this address.",
                count_requests(known.other_open)
            ),
            true,
        ));
    }
    facts
}

fn count_requests(count: i64) -> String {
    if count == 1 {
        "One request is".to_owned()
    } else {
        format!("{count} requests are")
    }
}

/// A mark is the time in microseconds and the id, as `1700000000000000~0190…`.
fn mark(row: &RequestRow) -> String {
    format!(
        "{}~{}",
        row.created_at.unix_timestamp_nanos() / 1000,
        row.id
    )
}

fn read_mark(mark: &str) -> Result<(OffsetDateTime, RequestId), Error> {
    let read = || {
        let (micros, id) = mark.split_once('~')?;
        let nanos = micros
            .parse::<i64>()
            .ok()
            .map(i128::from)?
            .checked_mul(1000)?;
        Some((
            OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?,
            id.parse().ok()?,
        ))
    };
    read().ok_or(Error::NotFound)
}
