//! What a version of a template says, in words: for the page, for the difference between two
//! versions, and for the audit log.

use domain::{
    AddressSource, ApprovalRule, AuthorityId, AuthorityPurpose, CommonNameSource, Delivery,
    KeyAlgorithm, PfxChoice, PfxPasswordPolicy, PolicyChoice, Renewal, Role, TemplateContent,
    TemplateKind,
};
use std::collections::HashMap;

/// Names of authorities.
pub(crate) type AuthorityNames = HashMap<AuthorityId, String>;

/// What it says as name and words, in the order of the editor.
pub(super) fn facts(
    content: &TemplateContent,
    authorities: &AuthorityNames,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Kind", content.kind.label().to_owned()),
        ("What it is for", content.summary.clone()),
        ("Common name", common_name(content).to_owned()),
        ("Keys", keys(&content.key_algorithms)),
        ("Validity", count(content.valid_days.into(), "day", "days")),
        ("Signed by", signer(content, authorities)),
        ("Policy", policy(&content.policy)),
    ];
    if !content.kind.names_hosts() {
        facts.insert(3, ("Addresses", addresses(content.addresses).to_owned()));
    }
    if let Some(identifier) = &content.organisation_identifier {
        facts.push(("Registration", identifier.clone()));
    }
    facts.extend([
        ("Signs in to servers", yes_or_no(content.with_client_auth)),
        ("Who decides", decides(content.approval)),
        ("Who may request it", requesters(&content.requesters)),
        ("Delivery", delivery(content.delivery)),
        ("Renewal", renewal(content.renewal)),
        ("Key kept for recovery", yes_or_no(content.is_escrowed)),
        ("Container", container(content.pfx)),
        ("Password", password(content.password_policy)),
    ]);
    facts
}

/// What is different between two versions, as name and words.
pub(super) fn changes(
    before: &TemplateContent,
    after: &TemplateContent,
    authorities: &AuthorityNames,
) -> Vec<(&'static str, String)> {
    let (before, after) = (facts(before, authorities), facts(after, authorities));
    let find = |facts: &[(&'static str, String)], name| {
        let found = facts.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| "none".to_owned(), |(_, words)| words.clone())
    };
    let gone = before
        .iter()
        .filter(|(name, _)| !after.iter().any(|(known, _)| known == name));
    let names = after.iter().chain(gone).map(|(name, _)| *name);
    names
        .map(|name| (name, find(&before, name), find(&after, name)))
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| (name, format!("{was} → {is}")))
        .collect()
}

/// As it stands in the audit log.
pub(super) fn detail((name, words): (&'static str, String)) -> (String, String) {
    (name.to_lowercase(), words)
}

/// Who decides, as on a card: "2 approvers decide".
pub(crate) fn decides(rule: ApprovalRule) -> String {
    let (one, several) = match rule.role {
        Role::Admin => ("administrator", "administrators"),
        _ => ("approver", "approvers"),
    };
    match rule.count {
        0 => "nobody has to decide".to_owned(),
        1 => format!("1 {one} decides"),
        count => format!("{count} {several} decide"),
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Employee => "employees",
        Role::Approver => "approvers",
        Role::Admin => "administrators",
        Role::Auditor => "auditors",
    }
}

pub(super) fn delivery(delivery: Delivery) -> String {
    match delivery {
        Delivery::Portal => "downloaded from the portal",
        Delivery::Mail => "downloaded, and attached to the mail that says it is ready",
        Delivery::Api => "downloaded, or fetched by a program through the API",
    }
    .to_owned()
}

/// Where the common name comes from, as it can be chosen.
pub(super) const fn common_name_source(source: CommonNameSource) -> &'static str {
    match source {
        CommonNameSource::Usual => "as usual for the kind",
        CommonNameSource::Mailbox => "the mail address",
        CommonNameSource::Device => "what the device is called",
        CommonNameSource::Nothing => "none",
    }
}

pub(super) const fn addresses(source: AddressSource) -> &'static str {
    match source {
        AddressSource::Chosen => "the chosen one",
        AddressSource::All => "all of the person",
    }
}

/// The same for one kind, without a choice.
fn common_name(content: &TemplateContent) -> &'static str {
    match (content.common_name, content.kind) {
        (CommonNameSource::Usual, TemplateKind::Sponsor | TemplateKind::TlsClient) => {
            "the person's name"
        }
        (CommonNameSource::Usual, kind) if kind.names_hosts() => "the first host name",
        (CommonNameSource::Usual, _) => common_name_source(CommonNameSource::Mailbox),
        (source, _) => common_name_source(source),
    }
}

pub(super) fn container(pfx: PfxChoice) -> String {
    match pfx {
        PfxChoice::Device => "the one that the device reads",
        PfxChoice::Modern => "always the modern one",
        PfxChoice::Compatible => "always the compatible one, for old programs",
    }
    .to_owned()
}

pub(super) fn password(policy: PfxPasswordPolicy) -> String {
    match policy {
        PfxPasswordPolicy::Fours => "six groups of four, 120 bits",
        PfxPasswordPolicy::Sixteen => "16 characters, 99 bits",
    }
    .to_owned()
}

fn keys(algorithms: &[KeyAlgorithm]) -> String {
    let labels: Vec<&str> = algorithms
        .iter()
        .map(|algorithm| algorithm.label())
        .collect();
    match labels.split_first() {
        Some((default, [])) => (*default).to_owned(),
        Some((default, others)) => format!("{default}; on request {}", others.join(", ")),
        None => String::new(),
    }
}

fn signer(content: &TemplateContent, authorities: &AuthorityNames) -> String {
    match content.authority {
        Some(id) => {
            let name = authorities.get(&id).cloned();
            name.unwrap_or_else(|| "an authority that is gone".to_owned())
        }
        None if content.kind.authority() == AuthorityPurpose::Mail => {
            "the newest authority for mail".to_owned()
        }
        None => "the newest authority for servers and devices".to_owned(),
    }
}

fn policy(policy: &PolicyChoice) -> String {
    match policy {
        PolicyChoice::Portal => "the portal's".to_owned(),
        PolicyChoice::Own(oid) => oid.clone(),
        PolicyChoice::Reserved => "reserved by the CA/Browser Forum".to_owned(),
    }
}

fn requesters(roles: &[Role]) -> String {
    if roles.is_empty() {
        return "everybody".to_owned();
    }
    let words: Vec<&str> = roles.iter().map(|one| role(*one)).collect();
    words.join(", ")
}

fn renewal(renewal: Renewal) -> String {
    let when = match (renewal.window_days, renewal.is_automatic) {
        (0, _) => return "none".to_owned(),
        (days, true) => format!(
            "by itself, {} before the end",
            count(days.into(), "day", "days")
        ),
        (days, false) => format!(
            "by its owner, from {} before the end",
            count(days.into(), "day", "days")
        ),
    };
    let key = if renewal.keeps_key {
        "with the same key"
    } else {
        "with a new key"
    };
    format!("{when}, {key}")
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn count(number: u64, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {several}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn content() -> TemplateContent {
        TemplateContent {
            kind: TemplateKind::Mailbox,
            summary: "Secure mail".to_owned(),
            key_algorithms: vec![KeyAlgorithm::Rsa3072],
            valid_days: 365,
            with_client_auth: false,
            policy: PolicyChoice::Portal,
            common_name: CommonNameSource::Usual,
            addresses: AddressSource::Chosen,
            organisation_identifier: None,
            authority: None,
            approval: ApprovalRule::ONE,
            requesters: Vec::new(),
            delivery: Delivery::Portal,
            renewal: Renewal::default(),
            is_escrowed: false,
            pfx: PfxChoice::Device,
            password_policy: PfxPasswordPolicy::Fours,
        }
    }

    #[test]
    fn a_difference_says_what_was_and_what_is() {
        let (before, mut after) = (content(), content());
        after.valid_days = 90;
        after.organisation_identifier = Some("VATDE-1".to_owned());
        let names = AuthorityNames::new();
        assert_eq!(changes(&before, &before, &names), []);
        let forth = changes(&before, &after, &names);
        assert_eq!(
            forth,
            [
                ("Validity", "365 days → 90 days".to_owned()),
                ("Registration", "none → VATDE-1".to_owned()),
            ]
        );
        let back = changes(&after, &before, &names);
        assert_eq!(back[1], ("Registration", "VATDE-1 → none".to_owned()));
    }

    #[test]
    fn every_field_of_a_version_makes_a_difference() {
        let different: [fn(&mut TemplateContent); 17] = [
            |t| t.kind = TemplateKind::Sign,
            |t| t.summary.push('!'),
            |t| t.key_algorithms.push(KeyAlgorithm::P256),
            |t| t.valid_days = 1,
            |t| t.with_client_auth = true,
            |t| t.common_name = CommonNameSource::Nothing,
            |t| t.addresses = AddressSource::All,
            |t| t.policy = PolicyChoice::Reserved,
            |t| t.organisation_identifier = Some("VATDE-1".to_owned()),
            |t| t.authority = Some(uuid::Uuid::nil().into()),
            |t| t.approval.count = 2,
            |t| t.approval.role = Role::Admin,
            |t| t.requesters.push(Role::Admin),
            |t| t.delivery = Delivery::Mail,
            |t| t.renewal.is_automatic = true,
            |t| t.is_escrowed = true,
            |t| t.pfx = PfxChoice::Modern,
        ];
        for (at, change) in different.into_iter().enumerate() {
            let mut after = content();
            change(&mut after);
            assert_eq!(
                changes(&content(), &after, &AuthorityNames::new()).len(),
                1,
                "{at}"
            );
        }
    }

    #[test]
    fn who_decides_is_counted() {
        assert_eq!(decides(ApprovalRule::of(2)), "2 approvers decide");
        let admin = ApprovalRule {
            count: 1,
            role: Role::Admin,
        };
        assert_eq!(decides(admin), "1 administrator decides");
        assert_eq!(decides(ApprovalRule::NONE), "nobody has to decide");
    }
}
