//! The check before a certificate is signed: every domain in it is asked about, at the same time and
//! within five seconds, and the strictest answer counts.

use crate::climb::climb;
use crate::kept::Kept;
use crate::lookup::{Lookup, LookupError};
use crate::question::Question;
use crate::rule::{Refusal, judge};
use domain::HostName;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use time::OffsetDateTime;

/// Whoever waits for a certificate does not wait longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Domains asked about at the same time, for one certificate.
const AT_ONCE: usize = 8;
/// Reasons given in one message.
const SHOWN: usize = 3;

/// What the owners of all domains say. The words are for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All of them let us issue.
    Permits(String),
    /// One does not.
    Forbids(String),
    /// Of one it is not known, and none forbids it.
    Unknown(String),
}

/// Asks, and keeps what permits.
#[derive(Debug)]
pub struct Caa {
    identities: Vec<HostName>,
    lookup: Arc<dyn Lookup>,
    kept: Mutex<Kept>,
}

impl Caa {
    /// A check for an issuer that records name by one of these domains.
    pub fn new(identities: Vec<HostName>, lookup: Arc<dyn Lookup>) -> Self {
        Self {
            identities,
            lookup,
            kept: Mutex::default(),
        }
    }

    /// What the owners of these domains say.
    pub async fn ask(&self, questions: &[Question], now: OffsetDateTime) -> Answer {
        let mut open: BTreeSet<&Question> = questions.iter().collect();
        let mut answers = Vec::new();
        let asking: Vec<BoxFuture<'_, (&Question, Answer)>> = open
            .iter()
            .map(|question| self.ask_one(question, now).boxed())
            .collect();
        let mut stream = futures::stream::iter(asking).buffer_unordered(AT_ONCE);
        let all = async {
            while let Some((question, answer)) = stream.next().await {
                open.remove(question);
                answers.push(answer);
            }
        };
        // What has not answered until then is found in `open`.
        let _ = tokio::time::timeout(LONGEST_WAIT, all).await;
        answers.extend(open.into_iter().map(|question| {
            let unknown = unknown(question, &question.domain, &LookupError::TimedOut);
            tracing::warn!(
                domain = question.domain,
                why = unknown,
                "CAA was not answered"
            );
            Answer::Unknown(unknown)
        }));
        strictest(answers)
    }

    async fn ask_one<'a>(
        &self,
        question: &'a Question,
        now: OffsetDateTime,
    ) -> (&'a Question, Answer) {
        let known = self.kept().find(question, now);
        if let Some(words) = known {
            tracing::debug!(domain = question.domain, words, "CAA is known");
            return (question, Answer::Permits(words));
        }
        let answer = self.look(question, now).await;
        let (domain, property) = (&question.domain, question.purpose.property());
        match &answer {
            Answer::Permits(words) => tracing::info!(domain, property, words, "CAA permits"),
            Answer::Forbids(words) => tracing::warn!(domain, property, words, "CAA forbids"),
            Answer::Unknown(words) => tracing::warn!(domain, property, words, "CAA is not known"),
        }
        (question, answer)
    }

    async fn look(&self, question: &Question, now: OffsetDateTime) -> Answer {
        let Question { domain, purpose } = question;
        let (words, ttl_secs) = match climb(self.lookup.as_ref(), domain).await {
            Err((name, error)) => return Answer::Unknown(unknown(question, &name, &error)),
            Ok(None) => (format!("{domain}: no records"), 0),
            Ok(Some(relevant)) => {
                let of = if relevant.at == *domain {
                    domain.clone()
                } else {
                    format!("{}, which hold for {domain},", relevant.at)
                };
                let judged = judge(&relevant.records.properties, *purpose, &self.identities);
                if let Err(refusal) = judged {
                    let remedy = self.remedy(question, &refusal);
                    return Answer::Forbids(format!(
                        "the CAA records of {of} {refusal} {}{remedy}",
                        purpose.words()
                    ));
                }
                let words = format!("{domain}: permitted by the records of {}", relevant.at);
                (words, relevant.records.ttl_secs)
            }
        };
        let mut kept = self.kept();
        kept.keep(question.clone(), words.clone(), ttl_secs, now);
        Answer::Permits(words)
    }

    /// The record that would permit it.
    fn remedy(&self, question: &Question, refusal: &Refusal) -> String {
        let Question { domain, purpose } = question;
        match (refusal, self.identities.first()) {
            (Refusal::Others(_), Some(own)) => format!(
                "; to permit it, the domain's owner adds: {domain}. CAA 0 {} \"{own}\"",
                purpose.property()
            ),
            _ => String::new(),
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(question: &Question, name: &str, error: &LookupError) -> String {
    let (domain, words) = (&question.domain, question.purpose.words());
    format!(
        "whether certificates of {domain} {words} may be issued is not known, because the CAA records \
         of {name} could not be read: {error}"
    )
}

/// The strictest of all answers, and all words of its kind.
fn strictest(answers: Vec<Answer>) -> Answer {
    let (mut permits, mut forbids, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Answer::Permits(words) => permits.push(words),
            Answer::Forbids(words) => forbids.push(words),
            Answer::Unknown(words) => unknown.push(words),
        }
    }
    permits.sort();
    if !forbids.is_empty() {
        Answer::Forbids(first_of(forbids))
    } else if !unknown.is_empty() {
        Answer::Unknown(first_of(unknown))
    } else {
        Answer::Permits(permits.join("; "))
    }
}

/// One certificate may name a hundred hosts; a few reasons are enough to begin with.
fn first_of(mut words: Vec<String>) -> String {
    words.sort();
    let more = words.len().saturating_sub(SHOWN);
    words.truncate(SHOWN);
    if more > 0 {
        words.push(format!("and {more} more"));
    }
    words.join("; ")
}
