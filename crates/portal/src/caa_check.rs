//! Asking the owners of domains before anything is signed, where the operator wants it (CAA, RFC 8659,
//! RFC 9495). The linter judges the answer.

use crate::Portal;
use ca::Subject;
use caa::{Answer, Question};
use domain::Mailbox;
use pki::TlsHolder;
use pki::lint::CaaAnswer;
use std::collections::BTreeSet;

/// What was heard.
#[derive(Debug)]
pub(crate) struct Heard {
    /// For the linter.
    pub(crate) answer: CaaAnswer,
    /// For the audit log.
    pub(crate) words: String,
}

impl Portal {
    /// What the owners of the domains in a certificate say. None where nobody is to be asked.
    pub(crate) async fn ask_caa(&self, subject: &Subject) -> Option<Heard> {
        let questions = self.caa_questions(subject);
        if questions.is_empty() {
            return None;
        }
        let answer = self.outside().caa()?.ask(&questions, self.now()).await;
        Some(match answer {
            Answer::Permits(words) => Heard {
                answer: CaaAnswer::Permits,
                words,
            },
            Answer::Forbids(words) => Heard {
                answer: CaaAnswer::Forbids(words.clone()),
                words,
            },
            Answer::Unknown(words) => Heard {
                answer: CaaAnswer::Unknown(words.clone()),
                words,
            },
        })
    }

    /// What would be asked; nothing where the operator does not want it.
    pub(crate) fn caa_questions(&self, subject: &Subject) -> Vec<Question> {
        if self.outside().caa().is_none() {
            return Vec::new();
        }
        match subject {
            Subject::Mail(mail) => {
                let domains: BTreeSet<_> = mail.holder.mailboxes().map(Mailbox::domain).collect();
                domains.iter().map(Question::mail).collect()
            }
            Subject::Tls { holder, .. } => match holder {
                // RFC 9495 section 1 is about certificates for mail; this one only signs in.
                TlsHolder::Client { .. } => Vec::new(),
                TlsHolder::Server { hosts, .. } | TlsHolder::Device { hosts, .. } => {
                    hosts.iter().filter_map(Question::host).collect()
                }
            },
        }
    }
}
