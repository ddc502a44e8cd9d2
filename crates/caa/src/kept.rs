//! Answers that permit, for as long as they count. Others are not kept: whoever mends a record need
//! not wait.

use crate::question::Question;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// An answer counts for at least this long (S/MIME Baseline Requirements section 4.2.2.1) ...
const SHORTEST: Duration = Duration::hours(8);
/// ... and never for longer than this, whatever the record's lifetime.
const LONGEST: Duration = Duration::days(1);
/// Answers kept at the same time; of more the one that ends first goes.
const MOST: usize = 1000;

/// What permits, and until when.
#[derive(Debug, Default)]
pub(crate) struct Kept(BTreeMap<Question, Permit>);

#[derive(Debug)]
struct Permit {
    until: OffsetDateTime,
    words: String,
}

impl Kept {
    /// Words of an answer that still counts.
    pub(crate) fn find(&self, question: &Question, now: OffsetDateTime) -> Option<String> {
        let permit = self.0.get(question).filter(|permit| now < permit.until)?;
        Some(permit.words.clone())
    }

    /// Keeps an answer whose records live for so many seconds.
    pub(crate) fn keep(
        &mut self,
        question: Question,
        words: String,
        ttl_secs: u32,
        now: OffsetDateTime,
    ) {
        let lives = Duration::seconds(i64::from(ttl_secs)).clamp(SHORTEST, LONGEST);
        if self.0.len() >= MOST {
            self.0.retain(|_, permit| now < permit.until);
        }
        while self.0.len() >= MOST {
            let first = self.0.iter().min_by_key(|(_, permit)| permit.until);
            let Some(first) = first.map(|(question, _)| question.clone()) else {
                break;
            };
            self.0.remove(&first);
        }
        let until = now + lives;
        self.0.insert(question, Permit { until, words });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MailDomain;

    const NOW: OffsetDateTime = time::macros::datetime!(2026-08-01 12:00 UTC);

    fn question(number: usize) -> Question {
        Question::mail(&MailDomain::parse(&format!("d{number}.example")).unwrap())
    }

    #[test]
    fn an_answer_counts_for_eight_hours_or_its_lifetime() {
        for (ttl_secs, hours) in [(0, 8), (60, 8), (9 * 3600, 9), (u32::MAX, 24)] {
            let mut kept = Kept::default();
            kept.keep(question(1), "fine".to_owned(), ttl_secs, NOW);
            let end = NOW + Duration::hours(hours);
            assert!(kept.find(&question(1), end - Duration::SECOND).is_some());
            assert_eq!(kept.find(&question(1), end), None);
            assert_eq!(kept.find(&question(2), NOW), None);
        }
    }

    #[test]
    fn there_are_never_too_many() {
        let mut kept = Kept::default();
        for number in 0..MOST + 10 {
            let seconds = Duration::seconds(i64::try_from(number).unwrap());
            kept.keep(question(number), String::new(), 0, NOW + seconds);
            assert!(kept.0.len() <= MOST);
        }
        assert_eq!(kept.find(&question(9), NOW), None);
        assert!(kept.find(&question(10), NOW).is_some());
        // Those that no longer count go first.
        kept.keep(question(0), String::new(), 0, NOW + Duration::days(1));
        assert_eq!(kept.0.len(), 1);
    }
}
