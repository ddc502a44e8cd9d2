//! When a certificate can be renewed, and what the next one is made from. Pure rules.

use domain::{ApprovalRule, KeyAlgorithm, Role, Template};
use store::CertificateRow;
use time::{Duration, OffsetDateTime};

/// So long after its end a certificate can still be renewed with one click.
const AFTER_END: Duration = Duration::days(30);

/// What a renewal is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The newest version.
    pub(crate) template: Template,
    /// Who has to agree.
    pub(crate) approval: ApprovalRule,
    /// Kind of the key.
    pub(crate) key_algorithm: KeyAlgorithm,
    /// Whether it is the same key.
    pub(crate) keeps_key: bool,
    /// Whether it would be, had the key not been deleted since.
    pub(crate) lost_key: bool,
}

/// Whether a certificate can be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Renewable {
    /// Too early, too late, held or revoked.
    No(&'static str),
    /// Not like this; what to do, in words.
    Otherwise(&'static str),
    /// Yes, like this.
    Yes(Box<Plan>),
}

const NOT_OFFERED: &str = "Certificates of this kind are no longer offered to you. Request one of \
    another kind now, then nothing is interrupted.";
const OWN_KEY: &str = "You keep the key of this certificate yourself. Make a new signing request and \
    ask for the next certificate with it.";

/// When the window opens.
pub(crate) fn opens_at(not_after: OffsetDateTime, template: &Template) -> OffsetDateTime {
    not_after - Duration::days(template.content.renewal.window_days.into())
}

/// How the certificates of one request can be renewed now by somebody of this role.
pub(crate) fn renewable(
    halves: &[CertificateRow],
    template: &Template,
    role: Role,
    now: OffsetDateTime,
) -> Renewable {
    let Some(first) = halves.first() else {
        return Renewable::No("There is no such certificate.");
    };
    if halves.iter().any(|half| half.revocation_reason.is_some()) {
        return Renewable::No(
            "A certificate that is on hold or revoked is not renewed. Request a new one instead.",
        );
    }
    if now < opens_at(first.not_after, template) {
        return Renewable::No(
            "It is too early to renew this certificate; the portal writes to you in time.",
        );
    }
    if now > first.not_after + AFTER_END {
        return Renewable::No(
            "This certificate ended too long ago to be renewed. Request a new one instead.",
        );
    }
    if first.is_own_key {
        return Renewable::Otherwise(OWN_KEY);
    }
    if !template.is_for(Some(role)) {
        return Renewable::Otherwise(NOT_OFFERED);
    }
    // Deleted long after the end, where that is not kept for as long as one may renew.
    let is_deleted = halves.iter().any(|half| half.is_deleted);
    Renewable::Yes(Box::new(plan(first, template, is_deleted)))
}

fn plan(first: &CertificateRow, template: &Template, is_deleted: bool) -> Plan {
    let content = &template.content;
    let is_allowed = content.key_algorithms.contains(&first.key_algorithm);
    let has_same_parts = content.kind.parts() == first.content.kind.parts();
    let would_keep = content.renewal.keeps_key && is_allowed && has_same_parts;
    let keeps_key = would_keep && !is_deleted;
    // Somebody agreed to this very content with this very key before.
    let is_unchanged = template.version == first.template_version || *content == first.content;
    Plan {
        approval: if keeps_key && is_unchanged {
            ApprovalRule::NONE
        } else {
            content.approval
        },
        key_algorithm: if is_allowed {
            first.key_algorithm
        } else {
            template.default_key_algorithm()
        },
        keeps_key,
        lost_key: would_keep && is_deleted,
        template: template.clone(),
    }
}
