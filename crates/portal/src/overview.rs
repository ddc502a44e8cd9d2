//! How the portal is doing.

use crate::{Actor, Error, Portal};
use api::{Bar, FailedRequest, Health, Overview};
use domain::Permission;
use time::{Date, Duration, OffsetDateTime};

/// Days looked back.
const DAYS: i64 = 14;
/// Weeks looked ahead.
const WEEKS: usize = 12;
/// Failed requests listed.
const FAILED: i64 = 20;

impl Portal {
    /// How the portal is doing.
    pub async fn overview(&self, actor: &Actor) -> Result<Overview, Error> {
        actor.require(Permission::SeeOverview)?;
        let now = self.now();
        let counts = self.store().request_counts().await?;
        let first_day = (now - Duration::days(DAYS - 1)).replace_time(time::Time::MIDNIGHT);
        let issued = self.store().issued_by_day(first_day).await?;
        // Weeks begin at midnight, as the list behind a bar is of whole days.
        let today = now.replace_time(time::Time::MIDNIGHT);
        let expiring = self.store().expiring_by_week(today, WEEKS).await?;
        let failed = self.store().failed_requests(FAILED).await?;
        Ok(Overview {
            issued_by_day: days(first_day.date(), &issued),
            expiring_by_week: weeks(now, &expiring),
            people: count(self.store().person_counts().await?),
            valid_certificates: count(self.store().valid_certificates(now).await?),
            waiting: count(counts.waiting),
            oldest_waiting_hours: counts
                .oldest_waiting_at
                .map(|at| count((now - at).whole_hours())),
            issuing: count(counts.issuing),
            failed: failed
                .into_iter()
                .map(|row| FailedRequest {
                    id: row.id,
                    person: row.person_name.into(),
                    mailbox: row.mailbox.into(),
                    problem: row.problem.unwrap_or_default(),
                    failed_at: row.updated_at,
                })
                .collect(),
            health: self.health(now).await?,
            now,
        })
    }

    async fn health(&self, now: OffsetDateTime) -> Result<Vec<Health>, Error> {
        let part = |part: &str, is_good, detail: String| Health {
            part: part.to_owned(),
            is_good,
            detail,
        };
        let mut parts = vec![part(
            "Database",
            true,
            format!("{} answers.", self.store().kind()),
        )];
        parts.push(match self.sealed() {
            None => part(
                "Key ring",
                true,
                "Open, and the one the database was set up with.".to_owned(),
            ),
            Some(why) => part("Key ring", false, format!("Sealed: {why}.")),
        });
        let mails = self.store().outbox_counts().await?;
        let is_late = mails
            .oldest_waiting_at
            .is_some_and(|at| now - at > Duration::minutes(15));
        parts.push(match (mails.failed, is_late) {
            (0, false) => part(
                "Mail",
                true,
                format!("{} waiting to be sent.", mails.waiting),
            ),
            (0, true) => part(
                "Mail",
                false,
                format!(
                    "{} waiting, the oldest for over 15 minutes. Check the mail server's settings.",
                    mails.waiting
                ),
            ),
            (failed, _) => part(
                "Mail",
                false,
                format!("{failed} could not be sent; {} waiting.", mails.waiting),
            ),
        });
        parts.extend(self.key_pool_health().await?);
        Ok(parts)
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn days(first: Date, issued: &[(Date, i64)]) -> Vec<Bar> {
    (0..DAYS)
        .map(|offset| {
            let day = first + Duration::days(offset);
            let number = issued
                .iter()
                .find(|(date, _)| *date == day)
                .map_or(0, |(_, number)| *number);
            Bar {
                label: short(day),
                count: count(number),
            }
        })
        .collect()
}

fn weeks(now: OffsetDateTime, expiring: &[i64]) -> Vec<Bar> {
    (0_i64..)
        .take(WEEKS)
        .zip(expiring.iter().copied().chain(std::iter::repeat(0)))
        .map(|(week, number)| Bar {
            label: short((now + Duration::weeks(week)).date()),
            count: count(number),
        })
        .collect()
}

/// For example `21 Nov`.
fn short(day: Date) -> String {
    let month = day.month().to_string();
    format!("{} {}", day.day(), month.get(..3).unwrap_or(&month))
}
