//! The editor of a template: its fields, what they mean, and what can be chosen.

use super::form::{self, YES};
use super::words;
use api::EditorInput::{self, Area, Choice, Line, Number, Text, Ticks};
use api::{EditorField, EditorSection, TemplateFields};
use domain::{
    AddressSource, AuthorityPurpose, CommonNameSource, Delivery, KeyAlgorithm, PfxChoice,
    PfxPasswordPolicy, Role, Template, TemplateKind,
};
use store::AuthorityRow;

/// Value and label of a choice.
type Labelled = (String, String);

/// The form that is being filled in.
struct Form(TemplateFields);

/// The editor, filled in.
pub(super) fn sections(
    template: &Template,
    authorities: &[AuthorityRow],
    portal_policy: &str,
) -> Vec<EditorSection> {
    let mut filled = form::fields(template);
    if template.version == 0 {
        filled.0.retain(|(name, _)| name != "name");
    }
    let form = Form(filled);
    vec![
        section("What it is", what_it_is(&form)),
        section(
            "Key, validity and authority",
            key_and_authority(&form, authorities, portal_policy),
        ),
        section("Who gets it", who_gets_it(&form)),
        section("Delivery", delivery(&form)),
        section("Towards its end", end(&form)),
    ]
}

fn what_it_is(form: &Form) -> Vec<EditorField> {
    vec![
        form.field("name", Line, "Name", "As people see it when they request a certificate."),
        form.field("summary", Area, "What it is for", "One sentence that helps to choose between templates."),
        form.field("kind", Choice, "Kind", "What the certificates are for. Mail with two keys makes two certificates: one signs, one decrypts.")
            .of(kinds()),
        form.field("common_name", Choice, "Common name", "What people read in a list of certificates; programs go by the alternative name. Usual is the address for mail, the person where the certificate names them, and the first host name. What a device is called is entered when it is requested.")
            .of(each(CommonNameSource::ALL, |one| words::common_name_source(*one).to_owned())),
        form.field("addresses", Choice, "Addresses", "For people: the address that is chosen when the certificate is requested, or all that are recorded for the person. An address that is recorded later needs a new certificate.")
            .of(each(AddressSource::ALL, |one| words::addresses(*one).to_owned())),
        form.field("organisation_identifier", Text, "Registration of the organisation", "Only for mail with person and organisation: register and number, such as NTRDE-DER3306.HRB12345 or VATDE-123456789."),
        form.field("with_client_auth", Ticks, "Also signs in to servers", "Adds clientAuth, so that the certificate opens web sites too. Mail programs ignore it; leave it off unless you need it.")
            .of(yes("Yes, people sign in to servers with it")),
    ]
}

fn key_and_authority(
    form: &Form,
    authorities: &[AuthorityRow],
    portal_policy: &str,
) -> Vec<EditorField> {
    vec![
        form.field("default_algorithm", Choice, "Key", "What people get unless they choose another one. RSA works in every mail program; P-256 is smaller and newer.")
            .of(algorithms()),
        form.field("more_algorithms", Ticks, "Keys that may be chosen too", "Tick nothing, and everybody gets the same.")
            .of(algorithms()),
        form.field("valid_days", Number, "Days of validity", "1 to 730; 365 is usual. Shorter means less to revoke and more to renew."),
        form.field("authority", Choice, "Who signs", "The newest one that fits moves on by itself when you add an authority.")
            .of(signers(authorities)),
        form.field("policy", Choice, "Policy", "Which rules the certificates say they were issued under. A reserved policy claims audits and hardware: choose it only if your authority has them.")
            .of(policies(portal_policy)),
        form.field("policy_oid", Text, "Identifier of your policy", "Only for a policy of your own: numbers with dots, below the number of your organisation."),
    ]
}

fn who_gets_it(form: &Form) -> Vec<EditorField> {
    vec![
        form.field(
            "requesters",
            Ticks,
            "Who may request it",
            "Tick nobody, and everybody may.",
        )
        .of(roles()),
        form.field(
            "approvals",
            Number,
            "How many people decide",
            "0 to 5. Nobody decides their own request; with 0 it is made at once.",
        ),
        form.field(
            "approver_role",
            Choice,
            "Who decides",
            "Administrators are the right ones for certificates of servers and for rare kinds.",
        )
        .of(deciders()),
    ]
}

fn delivery(form: &Form) -> Vec<EditorField> {
    vec![
        form.field("delivery", Choice, "How it is delivered", "The password is shown in the portal only, never in a mail.")
            .of(each(Delivery::ALL, |one| words::delivery(*one))),
        form.field("pfx", Choice, "Container", "The file with key and certificate. Leave it to the device unless one program needs another one.")
            .of(each(PfxChoice::ALL, |one| words::container(*one))),
        form.field("pfx_strength", Choice, "Password of the container", "The groups of four are easy to read out and to type.")
            .of(each(PfxPasswordPolicy::ALL, |one| words::password(*one))),
        form.field("is_escrowed", Ticks, "Recovery", "For keys that decrypt: the organisation can open mail when somebody leaves. People are told before they request it. Keys that only sign are never kept for others.")
            .of(yes("Keep a copy of the key that decrypts")),
    ]
}

fn end(form: &Form) -> Vec<EditorField> {
    vec![
        form.field(
            "window_days",
            Number,
            "Days before the end",
            "From then on its owner can renew it with one click; 0 for never.",
        ),
        form.field(
            "is_automatic",
            Ticks,
            "Renewal by itself",
            "The portal renews it when those days begin.",
        )
        .of(yes("Renew without being asked")),
        form.field(
            "keeps_key",
            Ticks,
            "Key of the renewed one",
            "With the same key old and new mail open with one certificate; a new key is safer.",
        )
        .of(yes("Keep the key")),
    ]
}

fn section(title: &str, fields: Vec<EditorField>) -> EditorSection {
    EditorSection {
        title: title.to_owned(),
        fields,
    }
}

impl Form {
    fn field(&self, name: &str, input: EditorInput, label: &str, hint: &str) -> EditorField {
        EditorField {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            input,
            options: Vec::new(),
            values: self.0.all(name).map(ToOwned::to_owned).collect(),
        }
    }
}

/// Gives a field its choices.
trait WithOptions {
    fn of(self, options: Vec<Labelled>) -> Self;
}

impl WithOptions for EditorField {
    fn of(self, options: Vec<Labelled>) -> Self {
        Self { options, ..self }
    }
}

fn yes(label: &str) -> Vec<Labelled> {
    vec![(YES.to_owned(), label.to_owned())]
}

fn each<T: ToString>(all: &[T], label: impl Fn(&T) -> String) -> Vec<Labelled> {
    all.iter()
        .map(|one| (one.to_string(), label(one)))
        .collect()
}

fn kinds() -> Vec<Labelled> {
    each(TemplateKind::ALL, |kind| kind.label().to_owned())
}

fn algorithms() -> Vec<Labelled> {
    each(KeyAlgorithm::ALL, |algorithm| algorithm.label().to_owned())
}

fn roles() -> Vec<Labelled> {
    each(Role::ALL, |role| words::role(*role).to_owned())
}

fn deciders() -> Vec<Labelled> {
    each(&[Role::Approver, Role::Admin], |role| {
        words::role(*role).to_owned()
    })
}

/// Authorities that can sign, the newest first.
fn signers(rows: &[AuthorityRow]) -> Vec<Labelled> {
    let newest = (String::new(), "the newest one that fits".to_owned());
    let usable = rows.iter().rev().filter(|row| {
        row.is_active && row.purpose != AuthorityPurpose::Root && row.sealed_key.is_some()
    });
    let named = usable.map(|row| (row.id.to_string(), row.name.clone()));
    std::iter::once(newest).chain(named).collect()
}

fn policies(portal_policy: &str) -> Vec<Labelled> {
    [
        ("portal", format!("the portal's ({portal_policy})")),
        ("own", "another one of your own".to_owned()),
        (
            "reserved",
            "reserved by the CA/Browser Forum, for audited authorities".to_owned(),
        ),
    ]
    .map(|(value, label)| (value.to_owned(), label))
    .into()
}
