//! L24, L25, L26, and of L05 what became of the key, as far as the caller told the facts: nothing of
//! this stands in the bytes.

use super::facts::{CaaAnswer, KeyOwner, MailboxProof};
use super::{Context, Report};
use time::{Duration, OffsetDateTime};

/// S/MIME Baseline Requirements section 4.2.1: how long a proof counts.
const MAIL_PROOF: Duration = Duration::days(30);
const DOMAIN_PROOF: Duration = Duration::days(398);
/// Clocks of two nodes differ by less.
const CLOCKS_DIFFER: Duration = Duration::hours(1);

pub(super) fn check(context: &mut Context<'_>) {
    let facts = context.facts;
    let report = &mut context.report;
    report.check(
        "L24",
        facts.key_owner != Some(KeyOwner::OtherPerson),
        "this key is in another person's certificate; make a new one",
    );
    report.check(
        "L05",
        facts.key_owner != Some(KeyOwner::Compromised),
        "a certificate of this key was revoked because somebody else may have the key; make a new one",
    );
    if let (Some(proof), Some(now)) = (facts.mailbox_proof, facts.now) {
        mailbox(report, proof, now);
    }
    match facts.caa {
        Some(CaaAnswer::Forbids(why) | CaaAnswer::Unknown(why)) => report.refuse("L26", why),
        Some(CaaAnswer::Permits) | None => {}
    }
}

fn mailbox(report: &mut Report, proof: MailboxProof, now: OffsetDateTime) {
    let (at, longest) = match proof {
        MailboxProof::Mail(at) => (at, MAIL_PROOF),
        MailboxProof::Domain(at) => (at, DOMAIN_PROOF),
        MailboxProof::Recorded(at) => {
            return report.check(
                "L25",
                at <= now + CLOCKS_DIFFER,
                "the mailbox was recorded in the future; see whether the clocks are right",
            );
        }
        MailboxProof::Nothing => {
            return report.refuse(
                "L25",
                "it is not recorded that this mailbox is the person's, or no longer",
            );
        }
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
