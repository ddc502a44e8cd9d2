//! L24, L25, L26 as far as the caller told the facts: nothing of this stands in the bytes.

use super::Context;
use super::facts::{CaaAnswer, KeyOwner, MailboxProof};
use time::Duration;

/// S/MIME Baseline Requirements section 4.2.1: how long a proof counts.
const MAIL_PROOF: Duration = Duration::days(30);
const DOMAIN_PROOF: Duration = Duration::days(398);

pub(super) fn check(context: &mut Context<'_>) {
    let facts = context.facts;
    let report = &mut context.report;
    report.check(
        "L24",
        facts.key_owner != Some(KeyOwner::OtherPerson),
        "this key is in another person's certificate; make a new one",
    );
    if let (Some(proof), Some(now)) = (facts.mailbox_proof, facts.now) {
        let (at, longest) = match proof {
            MailboxProof::Mail(at) => (at, MAIL_PROOF),
            MailboxProof::Domain(at) => (at, DOMAIN_PROOF),
        };
        report.check(
            "L25",
            at <= now && now - at <= longest,
            format!(
                "the mailbox was not proved in the past {} days; prove it again",
                longest.whole_days()
            ),
        );
    }
    report.check(
        "L26",
        facts.caa != Some(CaaAnswer::Forbids),
        "the mail domain's CAA records name another authority",
    );
    report.check(
        "L26",
        facts.caa != Some(CaaAnswer::Unknown),
        "the mail domain's CAA records could not be read; try again later",
    );
}
