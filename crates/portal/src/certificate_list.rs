//! All certificates: found by anything a person has in hand, filtered, newest first.

use crate::audit::day;
use crate::cards::{EXPIRING, certificate_state};
use crate::certified_names::in_words;
use crate::queue::take_page;
use crate::{Actor, Error, Portal};
use api::{CertificateFilter, CertificateList, CertificateRow, Page};
use domain::{CertificateId, CertificateSearch, Permission};
use store::{CertificateListRow, CertificateQuery, Standing};
use time::{Duration, OffsetDateTime};

/// Rows on a page.
const LIMIT: i64 = 50;

impl Portal {
    /// All certificates, newest first.
    pub async fn certificates(
        &self,
        actor: &Actor,
        filter: CertificateFilter,
    ) -> Result<CertificateList, Error> {
        actor.require(Permission::SeeCertificates)?;
        let now = self.now();
        let mut query = certificate_query(&filter, now)?;
        query.limit = LIMIT + 1;
        let mut rows = self.store().certificates(&query).await?;
        let next = take_page(&mut rows, LIMIT).map(mark);
        let count = match (&query.after, &query.search) {
            (None, _) if next.is_none() => Some(rows.len() as u64),
            // Filters are counted from one index; common words would have to be read.
            (None, CertificateSearch::Everything) => {
                query.limit = i64::MAX;
                let count = self.store().count_certificates(&query).await?;
                Some(u64::try_from(count).unwrap_or_default())
            }
            _ => None,
        };
        let templates = self.store().templates().await?;
        Ok(CertificateList {
            page: Page {
                rows: rows.iter().map(|row| list_row(row, now)).collect(),
                next,
            },
            count,
            templates: templates
                .into_iter()
                .map(|template| (template.id, template.name.into()))
                .collect(),
            may_change: actor.may(Permission::RevokeCertificates),
            now,
        })
    }
}

/// Understands a filter; all that is wrong with it is said where it was typed.
pub(crate) fn certificate_query(
    filter: &CertificateFilter,
    now: OffsetDateTime,
) -> Result<CertificateQuery, Error> {
    let from = day("ends_from", &filter.ends_from)?;
    let before = day("ends_to", &filter.ends_to)?.map(|day| day.saturating_add(Duration::DAY));
    // Each state is a time in which the end lies, and how it stands towards the revocation list.
    let (standing, state_from, state_before) = match filter.state.as_str() {
        "" => (Standing::Any, None, None),
        "valid" => (Standing::Good, Some(now), None),
        "expiring" => {
            let before = now + EXPIRING + Duration::MICROSECOND;
            (Standing::Good, Some(now), Some(before))
        }
        "expired" => (Standing::NotRevoked, None, Some(now)),
        "held" => (Standing::Held, Some(now), None),
        "revoked" => (Standing::Revoked, None, None),
        _ => return Err(Error::field("state", "There is no such state.")),
    };
    let template = match filter.template.trim() {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| Error::field("template", "There is no such template."))?,
        ),
    };
    Ok(CertificateQuery {
        search: CertificateSearch::parse(&filter.search),
        ends_from: from.max(state_from),
        ends_before: [before, state_before].into_iter().flatten().min(),
        template,
        standing,
        after: filter.after.as_deref().map(read_mark).transpose()?,
        limit: LIMIT,
    })
}

fn list_row(row: &CertificateListRow, now: OffsetDateTime) -> CertificateRow {
    CertificateRow {
        id: row.id,
        person: row.person_name.as_str().to_owned(),
        mailbox: row.mailbox.as_str().to_owned(),
        names: in_words(&row.device, &row.names),
        state: certificate_state(row.revocation_state(), row.not_after, now),
        template: row.template_name.as_str().to_owned(),
        serial: hex::encode(&row.serial),
        issued_at: row.issued_at,
        not_after: row.not_after,
    }
}

/// Begins a list with what was issued up to a time.
pub(crate) fn mark_before(at: OffsetDateTime) -> String {
    format!("{}~{}", at.unix_timestamp_nanos() / 1000, uuid::Uuid::max())
}

/// A mark is the time of issue in microseconds and the id, as `1700000000000000~0190…`.
pub(crate) fn mark(row: &CertificateListRow) -> String {
    mark_of(row.issued_at, row.id)
}

pub(crate) fn mark_of(issued_at: OffsetDateTime, id: CertificateId) -> String {
    format!("{}~{id}", issued_at.unix_timestamp_nanos() / 1000)
}

fn read_mark(mark: &str) -> Result<(OffsetDateTime, CertificateId), Error> {
    let read = || {
        let (micros, id) = mark.split_once('~')?;
        let nanos = i128::from(micros.parse::<i64>().ok()?).checked_mul(1000)?;
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
        Some((at, id.parse().ok()?))
    };
    read().ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::RevocationState;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-04 09:00 UTC);

    fn filter(state: &str, from: &str, to: &str) -> CertificateFilter {
        CertificateFilter {
            state: state.to_owned(),
            ends_from: from.to_owned(),
            ends_to: to.to_owned(),
            ..CertificateFilter::default()
        }
    }

    #[test]
    fn state_and_days_meet() {
        let june = datetime!(2026-06-01 0:00 UTC);
        for (state, from, to, expected) in [
            ("", "", "", (None, None)),
            ("valid", "", "", (Some(NOW), None)),
            ("expired", "", "", (None, Some(NOW))),
            ("valid", "2026-06-01", "", (Some(june), None)),
            ("valid", "2026-05-01", "", (Some(NOW), None)),
            ("expired", "", "2026-05-31", (None, Some(NOW))),
            (
                "",
                "2026-06-01",
                "2026-06-01",
                (Some(june), Some(june + Duration::DAY)),
            ),
        ] {
            let query = certificate_query(&filter(state, from, to), NOW).unwrap();
            assert_eq!(
                (query.ends_from, query.ends_before),
                expected,
                "{state} {from} {to}"
            );
        }
    }

    #[test]
    fn each_state_is_the_one_on_the_badge() {
        use api::CertificateState as S;
        let ends = |days, micros| NOW + Duration::days(days) + Duration::microseconds(micros);
        for (end, badge) in [
            (ends(0, -1), S::Expired),
            (ends(0, 0), S::Expiring),
            (ends(30, 0), S::Expiring),
            (ends(30, 1), S::Valid),
        ] {
            assert_eq!(certificate_state(RevocationState::Valid, end, NOW), badge);
            for (state, shown) in [
                ("valid", badge != S::Expired),
                ("expiring", badge == S::Expiring),
                ("expired", badge == S::Expired),
            ] {
                let query = certificate_query(&filter(state, "", ""), NOW).unwrap();
                let is_in = query.ends_from.is_none_or(|from| from <= end)
                    && query.ends_before.is_none_or(|before| end < before);
                assert_eq!(is_in, shown, "{state} {end}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |filter: &CertificateFilter| match certificate_query(filter, NOW) {
            Err(Error::Invalid(fields)) => fields[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(&filter("lost", "", "")), "state");
        assert_eq!(wrong(&filter("", "soon", "")), "ends_from");
        assert_eq!(wrong(&filter("", "", "2026-02-30")), "ends_to");
        let template = CertificateFilter {
            template: "x".to_owned(),
            ..filter("", "", "")
        };
        assert_eq!(wrong(&template), "template");
        let mark = CertificateFilter {
            after: Some("1~x".to_owned()),
            ..filter("", "", "")
        };
        assert!(matches!(
            certificate_query(&mark, NOW),
            Err(Error::NotFound)
        ));
    }
}
