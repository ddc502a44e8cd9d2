//! Reading the editor's form into what a version says, and back. Every mistake is told at its
//! field; what a version may say is decided by `domain`.

use crate::error::FieldErrors;
use api::TemplateFields;
use domain::{
    ApprovalRule, AuthorityId, KeyAlgorithm, Name, PolicyChoice, Renewal, Role, Template,
    TemplateContent, TemplateKind,
};
use std::str::FromStr;

/// A form that could be read.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) name: Name,
    pub(super) content: TemplateContent,
}

/// The value of a ticked box.
pub(super) const YES: &str = "yes";

/// Reads a form; notes what is wrong. Nothing where a field has no meaning at all.
pub(super) fn read(fields: &TemplateFields, errors: &mut FieldErrors) -> Option<Edited> {
    let name = errors.take("name", Name::parse(fields.get("name")));
    let kind = word(fields, "kind", errors);
    let common_name = word(fields, "common_name", errors);
    let addresses = word(fields, "addresses", errors);
    let key_algorithms = key_algorithms(fields, errors);
    let valid_days = number(fields, "valid_days", errors);
    let policy = policy(fields, errors);
    let authority = authority(fields, errors);
    let approvals = number(fields, "approvals", errors);
    let approver_role = word(fields, "approver_role", errors);
    let requesters = ticks::<Role>(fields, "requesters", errors);
    let delivery = word(fields, "delivery", errors);
    let window_days = number(fields, "window_days", errors);
    let pfx = word(fields, "pfx", errors);
    let password_policy = word(fields, "pfx_strength", errors);
    let is_ticked = |name| fields.get(name) == YES;
    let kind: TemplateKind = kind?;
    Some(Edited {
        name: name?,
        content: TemplateContent {
            kind,
            summary: fields.get("summary").to_owned(),
            key_algorithms: key_algorithms?,
            valid_days: valid_days?,
            with_client_auth: is_ticked("with_client_auth"),
            policy: policy?,
            common_name: common_name?,
            addresses: addresses?,
            organisation_identifier: Some(fields.get("organisation_identifier").to_owned())
                .filter(|text| kind == TemplateKind::Sponsor && !text.is_empty()),
            authority: authority.ok()?,
            approval: ApprovalRule {
                count: approvals?,
                role: approver_role?,
            },
            requesters: requesters?,
            delivery: delivery?,
            renewal: Renewal {
                window_days: window_days?,
                is_automatic: is_ticked("is_automatic"),
                keeps_key: is_ticked("keeps_key"),
            },
            is_escrowed: is_ticked("is_escrowed"),
            pfx: pfx?,
            password_policy: password_policy?,
        },
    })
}

/// The form that says what a template says.
pub(super) fn fields(template: &Template) -> TemplateFields {
    let content = &template.content;
    let yes = |is_so: bool| if is_so { YES } else { "" }.to_owned();
    let (policy, oid) = match &content.policy {
        PolicyChoice::Portal => ("portal", ""),
        PolicyChoice::Own(oid) => ("own", oid.as_str()),
        PolicyChoice::Reserved => ("reserved", ""),
    };
    let identifier = content.organisation_identifier.clone();
    let authority = content.authority.map(|id| id.to_string());
    let mut pairs = vec![
        ("name", template.name.to_string()),
        ("summary", content.summary.clone()),
        ("kind", content.kind.to_string()),
        ("common_name", content.common_name.to_string()),
        ("addresses", content.addresses.to_string()),
        ("valid_days", content.valid_days.to_string()),
        ("with_client_auth", yes(content.with_client_auth)),
        ("policy", policy.to_owned()),
        ("policy_oid", oid.to_owned()),
        ("organisation_identifier", identifier.unwrap_or_default()),
        ("authority", authority.unwrap_or_default()),
        ("approvals", content.approval.count.to_string()),
        ("approver_role", content.approval.role.to_string()),
        ("delivery", content.delivery.to_string()),
        ("window_days", content.renewal.window_days.to_string()),
        ("is_automatic", yes(content.renewal.is_automatic)),
        ("keeps_key", yes(content.renewal.keeps_key)),
        ("is_escrowed", yes(content.is_escrowed)),
        ("pfx", content.pfx.to_string()),
        ("pfx_strength", content.password_policy.to_string()),
        (
            "default_algorithm",
            template.default_key_algorithm().to_string(),
        ),
    ];
    let more = content.key_algorithms.iter().skip(1);
    pairs.extend(more.map(|algorithm| ("more_algorithms", algorithm.to_string())));
    pairs.extend(
        content
            .requesters
            .iter()
            .map(|role| ("requesters", role.to_string())),
    );
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    TemplateFields(pairs.collect())
}

fn word<T: FromStr>(fields: &TemplateFields, name: &str, errors: &mut FieldErrors) -> Option<T> {
    let read = fields.get(name).parse().ok();
    if read.is_none() {
        errors.add(name, "Please choose one of those in the list.");
    }
    read
}

fn number<T: FromStr>(fields: &TemplateFields, name: &str, errors: &mut FieldErrors) -> Option<T> {
    let read = fields.get(name).parse().ok();
    if read.is_none() {
        errors.add(name, "Please enter a whole number that is not too large.");
    }
    read
}

/// Everything that was ticked, each once, in the order of declaration of the choices.
fn ticks<T: FromStr + PartialEq>(
    fields: &TemplateFields,
    name: &str,
    errors: &mut FieldErrors,
) -> Option<Vec<T>> {
    let mut found = Vec::new();
    for value in fields.all(name) {
        let Ok(value) = value.parse() else {
            errors.add(name, "Please tick only what is in the list.");
            return None;
        };
        if !found.contains(&value) {
            found.push(value);
        }
    }
    Some(found)
}

/// The default first, then what else may be chosen.
fn key_algorithms(fields: &TemplateFields, errors: &mut FieldErrors) -> Option<Vec<KeyAlgorithm>> {
    let default: Option<KeyAlgorithm> = word(fields, "default_algorithm", errors);
    let more = ticks::<KeyAlgorithm>(fields, "more_algorithms", errors)?;
    let default = default?;
    let others = more.into_iter().filter(|algorithm| *algorithm != default);
    Some(std::iter::once(default).chain(others).collect())
}

fn policy(fields: &TemplateFields, errors: &mut FieldErrors) -> Option<PolicyChoice> {
    match fields.get("policy") {
        "portal" => Some(PolicyChoice::Portal),
        "own" => Some(PolicyChoice::Own(fields.get("policy_oid").to_owned())),
        "reserved" => Some(PolicyChoice::Reserved),
        _ => {
            errors.add("policy", "Please choose one of those in the list.");
            None
        }
    }
}

/// The field has no meaning, which was noted.
struct Unread;

/// None for the newest authority that fits.
fn authority(
    fields: &TemplateFields,
    errors: &mut FieldErrors,
) -> Result<Option<AuthorityId>, Unread> {
    let id = fields.get("authority");
    if id.is_empty() {
        return Ok(None);
    }
    id.parse().map(Some).map_err(|_| {
        errors.add("authority", "Please choose one of those in the list.");
        Unread
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{AddressSource, CommonNameSource, Delivery, PfxChoice, PfxPasswordPolicy};

    fn template() -> Template {
        Template {
            id: uuid::Uuid::nil().into(),
            version: 3,
            name: Name::parse("Secure mail").unwrap(),
            is_offered: true,
            content: TemplateContent {
                kind: TemplateKind::Sponsor,
                summary: "Mail for contracts".to_owned(),
                key_algorithms: vec![KeyAlgorithm::P256, KeyAlgorithm::Rsa3072],
                valid_days: 90,
                with_client_auth: true,
                policy: PolicyChoice::Own("1.2.3.4".to_owned()),
                common_name: CommonNameSource::Nothing,
                addresses: AddressSource::All,
                organisation_identifier: Some("VATDE-1".to_owned()),
                authority: Some(uuid::Uuid::nil().into()),
                approval: ApprovalRule {
                    count: 2,
                    role: Role::Admin,
                },
                requesters: vec![Role::Employee, Role::Auditor],
                delivery: Delivery::Mail,
                renewal: Renewal {
                    window_days: 10,
                    is_automatic: true,
                    keeps_key: true,
                },
                is_escrowed: true,
                pfx: PfxChoice::Modern,
                password_policy: PfxPasswordPolicy::Sixteen,
            },
        }
    }

    #[test]
    fn what_is_filled_in_reads_back_as_it_was() {
        let template = template();
        let mut errors = FieldErrors::default();
        let edited = read(&fields(&template), &mut errors).unwrap();
        assert!(errors.check().is_ok());
        assert_eq!(
            (edited.name, edited.content),
            (template.name, template.content)
        );
    }

    #[test]
    fn what_has_no_meaning_is_told_at_its_field() {
        for field in [
            "name",
            "kind",
            "common_name",
            "addresses",
            "default_algorithm",
            "more_algorithms",
            "valid_days",
            "policy",
            "authority",
            "approvals",
            "approver_role",
            "requesters",
            "delivery",
            "window_days",
            "pfx",
            "pfx_strength",
        ] {
            let mut sent = fields(&template());
            for (name, value) in &mut sent.0 {
                if name == field {
                    *value = "\u{202e}-1".to_owned();
                }
            }
            let mut errors = FieldErrors::default();
            assert!(read(&sent, &mut errors).is_none(), "{field}");
            let told = errors.into_inner();
            assert_eq!(told.len(), 1, "{field}: {told:?}");
            assert_eq!(told[0].field, field);
        }
    }
}
