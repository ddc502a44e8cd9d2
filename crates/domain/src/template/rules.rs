//! What a template may say.

use super::{
    AddressSource, CommonNameSource, LONGEST_DAYS, PfxChoice, TemplateContent, TemplateKind,
};
use crate::Role;

/// Why a template is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The field of the form.
    pub field: &'static str,
    /// What to do.
    pub message: &'static str,
}

/// Most people who have to agree.
const MOST_APPROVALS: u8 = 5;
/// Fewest bits of a password that protects a compatible container.
const COMPATIBLE_BITS: u32 = 112;

impl TemplateContent {
    /// Everything that is wrong with it, by field.
    pub fn problems(&self) -> Vec<TemplateProblem> {
        let checks = [
            (
                self.summary.trim().is_empty(),
                "summary",
                "Please say in one sentence what it is for.",
            ),
            (
                self.summary.chars().count() > 300,
                "summary",
                "At most 300 characters, please.",
            ),
            (
                self.key_algorithms.is_empty(),
                "key_algorithms",
                "Please choose at least one.",
            ),
            (
                has_twins(&self.key_algorithms),
                "key_algorithms",
                "Each algorithm once, please.",
            ),
            (
                !(1..=LONGEST_DAYS).contains(&self.valid_days),
                "valid_days",
                "Between 1 and 730 days, please.",
            ),
            (
                self.kind == TemplateKind::Sponsor && self.organisation_identifier.is_none(),
                "organisation_identifier",
                "A certificate that names the organisation needs its registration, such as NTRDE-DER3306.HRB12345.",
            ),
            (
                self.with_client_auth
                    && !matches!(self.kind, TemplateKind::Mailbox | TemplateKind::Sponsor),
                "with_client_auth",
                "Only a mail certificate with one key can also sign in to servers.",
            ),
            (
                self.common_name == CommonNameSource::Mailbox && self.kind.names_hosts(),
                "common_name",
                "A server or device has no address; choose another common name.",
            ),
            (
                self.common_name == CommonNameSource::Device && self.kind != TemplateKind::Device,
                "common_name",
                "Only a device has a name of its own; choose another common name.",
            ),
            (
                self.addresses == AddressSource::All && self.kind.names_hosts(),
                "addresses",
                "A server or device has no addresses; choose the first.",
            ),
            (
                self.approval.count > MOST_APPROVALS,
                "approvals",
                "At most 5 people, please.",
            ),
            (
                !matches!(self.approval.role, Role::Approver | Role::Admin),
                "approver_role",
                "Approvers or administrators decide.",
            ),
            (
                self.renewal.window_days >= self.valid_days,
                "window_days",
                "The time for renewing has to be shorter than the validity.",
            ),
            (
                self.renewal.is_automatic && self.renewal.window_days == 0,
                "window_days",
                "To renew by itself it needs at least one day.",
            ),
            (
                self.renewal.is_automatic && self.approval.is_needed() && !self.renewal.keeps_key,
                "is_automatic",
                "A renewal with a new key has to be approved as well; let it keep its key, or need no approval.",
            ),
            (
                self.is_escrowed && !self.kind.decrypts(),
                "is_escrowed",
                "A key that decrypts nothing is never kept for others.",
            ),
            (
                self.pfx == PfxChoice::Compatible && self.password_policy.bits() < COMPATIBLE_BITS,
                "pfx",
                "The older container is only safe with the long kind of password.",
            ),
        ];
        let found = checks.into_iter().filter(|(is_wrong, ..)| *is_wrong);
        found
            .map(|(_, field, message)| TemplateProblem { field, message })
            .collect()
    }
}

fn has_twins<T: PartialEq>(items: &[T]) -> bool {
    items
        .iter()
        .enumerate()
        .any(|(at, item)| items.iter().take(at).any(|other| other == item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApprovalRule, KeyAlgorithm, PfxPasswordPolicy, Renewal};

    fn good() -> TemplateContent {
        TemplateContent {
            kind: TemplateKind::Mailbox,
            summary: "Secure mail".to_owned(),
            key_algorithms: vec![KeyAlgorithm::Rsa3072],
            valid_days: 365,
            with_client_auth: false,
            policy: super::super::PolicyChoice::Portal,
            common_name: CommonNameSource::Usual,
            addresses: AddressSource::Chosen,
            organisation_identifier: None,
            authority: None,
            approval: ApprovalRule::ONE,
            requesters: Vec::new(),
            delivery: super::super::Delivery::Portal,
            renewal: Renewal::default(),
            is_escrowed: false,
            pfx: PfxChoice::Device,
            password_policy: PfxPasswordPolicy::Fours,
        }
    }

    #[test]
    fn each_mistake_is_told_at_its_field() {
        type Change = fn(&mut TemplateContent);
        assert_eq!(good().problems(), []);
        let wrong: [(&str, Change); 15] = [
            ("summary", |t| t.summary = " ".to_owned()),
            ("key_algorithms", |t| t.key_algorithms.clear()),
            ("key_algorithms", |t| {
                t.key_algorithms.push(KeyAlgorithm::Rsa3072);
            }),
            ("valid_days", |t| t.valid_days = 731),
            ("organisation_identifier", |t| {
                t.kind = TemplateKind::Sponsor;
            }),
            ("with_client_auth", |t| {
                t.kind = TemplateKind::Pair;
                t.with_client_auth = true;
            }),
            ("common_name", |t| {
                t.kind = TemplateKind::TlsServer;
                t.common_name = CommonNameSource::Mailbox;
            }),
            ("common_name", |t| t.common_name = CommonNameSource::Device),
            ("addresses", |t| {
                t.kind = TemplateKind::Device;
                t.addresses = AddressSource::All;
            }),
            ("approvals", |t| t.approval.count = 6),
            ("approver_role", |t| t.approval.role = Role::Auditor),
            ("window_days", |t| t.renewal.window_days = 365),
            ("is_automatic", |t| t.renewal.is_automatic = true),
            ("is_escrowed", |t| {
                t.kind = TemplateKind::Sign;
                t.is_escrowed = true;
            }),
            ("pfx", |t| {
                t.pfx = PfxChoice::Compatible;
                t.password_policy = PfxPasswordPolicy::Sixteen;
            }),
        ];
        for (field, change) in wrong {
            let mut content = good();
            change(&mut content);
            let problems = content.problems();
            assert!(
                problems.iter().any(|p| p.field == field),
                "{field}: {problems:?}"
            );
        }
    }

    #[test]
    fn what_an_older_version_stored_still_reads() {
        let json = r#"{"kind":"mailbox","summary":"x","key_algorithms":["rsa3072"],"valid_days":365,
            "approval":{"count":1,"role":"approver"},"password_policy":"fours"}"#;
        let content: TemplateContent = serde_json::from_str(json).unwrap();
        assert_eq!(
            content,
            TemplateContent {
                summary: "x".to_owned(),
                ..good()
            }
        );
    }
}
