//! Good bytes with bad facts around them.

use super::super::draft::*;
use super::{other_serial, refuse};
use crate::lint::{CaaAnswer, KeyOwner, MailboxProof};
use crate::{LintFacts, Planned};
use domain::KeyAlgorithm;
use time::Duration;

#[test]
fn facts_from_outside() {
    let told = LintFacts {
        now: Some(NOW),
        ..LintFacts::default()
    };
    let p256 = key(KeyAlgorithm::P256);
    let check = |rule, words, facts: LintFacts<'_>| {
        refuse(
            &p256,
            &facts,
            &[(rule, words, &|d| d.serial = other_serial())],
        );
    };
    check(
        "L24",
        "another person",
        LintFacts {
            key_owner: Some(KeyOwner::OtherPerson),
            ..told
        },
    );
    check(
        "L05",
        "somebody else may have the key",
        LintFacts {
            key_owner: Some(KeyOwner::Compromised),
            ..told
        },
    );
    check(
        "L25",
        "not recorded",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Nothing),
            ..told
        },
    );
    check(
        "L25",
        "clocks",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Recorded(NOW + Duration::hours(2))),
            ..told
        },
    );
    check(
        "L25",
        "30 days",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Mail(NOW - Duration::days(31))),
            ..told
        },
    );
    check(
        "L25",
        "398 days",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Domain(NOW - Duration::days(399))),
            ..told
        },
    );
    check(
        "L25",
        "prove it again",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Mail(NOW + Duration::SECOND)),
            ..told
        },
    );
    for caa in [
        CaaAnswer::Forbids("it names another authority".to_owned()),
        CaaAnswer::Unknown("it names another authority, maybe".to_owned()),
    ] {
        let caa = Some(&caa);
        check("L26", "another authority", LintFacts { caa, ..told });
    }
    for proof in [
        MailboxProof::Mail(NOW - Duration::days(30)),
        MailboxProof::Recorded(NOW - Duration::days(4000)),
        MailboxProof::Recorded(NOW + Duration::minutes(1)),
    ] {
        let good = LintFacts {
            key_owner: Some(KeyOwner::SamePerson),
            mailbox_proof: Some(proof),
            caa: Some(&CaaAnswer::Permits),
            ..told
        };
        let tbs = draft(&p256).to_der();
        assert!(Planned::resume_with(&tbs, authority().certificate(), &good).is_ok());
    }
}
