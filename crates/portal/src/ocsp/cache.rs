//! Answers that are kept in memory, by the identifier asked for.
//!
//! Two generations bound them: when the young one is full it becomes the old one, and what nobody
//! asked for since is forgotten.

use super::{LONGEST_AGE, OcspAnswer, OcspCaching};
use pki::ocsp::CertStatus;
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// Answers of a generation; an answer takes about 1 kB.
const LARGEST: usize = 25_000;

/// A kept answer.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    bytes: Arc<[u8]>,
    etag: Arc<str>,
    pub(super) status: CertStatus,
    pub(super) this_update: OffsetDateTime,
    next_update: OffsetDateTime,
    /// When the status was last read from the database.
    pub(super) checked_at: OffsetDateTime,
}

impl Kept {
    pub(super) fn new(
        bytes: Vec<u8>,
        status: CertStatus,
        now: OffsetDateTime,
        next_update: OffsetDateTime,
    ) -> Self {
        Self {
            etag: crate::pki_file::etag(&bytes).into(),
            bytes: bytes.into(),
            status,
            this_update: now,
            next_update,
            checked_at: now,
        }
    }

    pub(super) fn answer(&self, now: OffsetDateTime) -> OcspAnswer {
        let left = (self.next_update - now).min(LONGEST_AGE).whole_seconds();
        OcspAnswer {
            bytes: Arc::clone(&self.bytes),
            caching: Some(OcspCaching {
                etag: self.etag.as_ref().to_owned(),
                max_age_secs: u64::try_from(left).unwrap_or_default(),
                this_update: self.this_update,
                next_update: self.next_update,
            }),
        }
    }
}

/// All kept answers.
#[derive(Debug, Default)]
pub(super) struct Cache {
    young: HashMap<Vec<u8>, Kept>,
    old: HashMap<Vec<u8>, Kept>,
}

impl Cache {
    pub(super) fn find(&mut self, id: &[u8]) -> Option<Kept> {
        if let Some(kept) = self.young.get(id) {
            return Some(kept.clone());
        }
        let (id, kept) = self.old.remove_entry(id)?;
        self.keep(&id, kept.clone());
        Some(kept)
    }

    pub(super) fn keep(&mut self, id: &[u8], kept: Kept) {
        if self.young.len() >= LARGEST {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id.to_owned(), kept);
    }

    /// The database says that the answer is still right.
    pub(super) fn set_checked(&mut self, id: &[u8], now: OffsetDateTime) {
        if let Some(kept) = self.young.get_mut(id) {
            kept.checked_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-04 09:00 UTC);

    fn kept() -> Kept {
        Kept::new(vec![1], CertStatus::Good, NOW, NOW + Duration::DAY)
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let mut cache = Cache::default();
        let id = |number: usize| number.to_be_bytes();
        for number in 0..4 * LARGEST {
            cache.keep(&id(number), kept());
            assert!(cache.find(&id(0)).is_some(), "asked for all the time");
        }
        assert!(cache.young.len() + cache.old.len() <= 2 * LARGEST);
        assert!(cache.find(&id(1)).is_none());
        assert!(cache.find(&id(4 * LARGEST - 1)).is_some());
    }

    #[test]
    fn nobody_keeps_an_answer_for_longer_than_it_is_valid() {
        let age = |now| kept().answer(now).caching.unwrap().max_age_secs;
        assert_eq!(age(NOW), 3600);
        assert_eq!(age(NOW + Duration::DAY - Duration::minutes(1)), 60);
        assert_eq!(age(NOW + Duration::DAY * 2), 0);
    }
}
