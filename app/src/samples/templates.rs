//! Sample templates.

use api::{
    EditorField, EditorInput, EditorSection, PreviewPart, TemplateList, TemplatePreview,
    TemplateRow, TemplateVersionView, TemplateView,
};
use time::Duration;

use super::values::{ID, NOW};

fn row(name: &str, is_offered: bool) -> TemplateRow {
    TemplateRow {
        id: ID.parse().unwrap(),
        name: name.to_owned(),
        summary: "Sign and encrypt mail from your own address.".to_owned(),
        kind: "Mail (address)".to_owned(),
        decides: "2 approvers decide".to_owned(),
        version: 2,
        is_offered,
        certificates: 1234,
    }
}

pub(super) fn list(may_manage: bool) -> TemplateList {
    TemplateList {
        rows: vec![row("Secure mail", true), row("Mail in your name", false)],
        may_manage,
    }
}

fn field(name: &str, input: EditorInput, options: &[&str], values: &[&str]) -> EditorField {
    let choice = |word: &&str| ((*word).to_owned(), format!("the choice {word}"));
    EditorField {
        name: name.to_owned(),
        label: format!("Label of {name}"),
        hint: format!("Hint of {name}"),
        input,
        options: options.iter().map(choice).collect(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn editor() -> Vec<EditorSection> {
    vec![EditorSection {
        title: "What it is".to_owned(),
        fields: vec![
            field("name", EditorInput::Line, &[], &["Secure mail"]),
            field("summary", EditorInput::Area, &[], &["Sign and encrypt."]),
            field("kind", EditorInput::Choice, &["mailbox", "pair"], &["pair"]),
            field("policy_oid", EditorInput::Text, &[], &[]),
            field("valid_days", EditorInput::Number, &[], &["365"]),
            field(
                "requesters",
                EditorInput::Ticks,
                &["employee", "admin"],
                &["admin"],
            ),
        ],
    }]
}

pub(super) fn view(is_there: bool, may_manage: bool) -> TemplateView {
    TemplateView {
        row: is_there.then(|| row("Secure mail", true)),
        facts: vec![("Validity".to_owned(), "365 days".to_owned())],
        versions: vec![
            TemplateVersionView {
                number: 2,
                at: NOW - Duration::days(3),
                by: "Carol Jones".to_owned(),
                changes: vec!["Validity: 90 days → 365 days".to_owned()],
            },
            TemplateVersionView {
                number: 1,
                at: NOW - Duration::days(30),
                by: "set-up".to_owned(),
                changes: Vec::new(),
            },
        ],
        editor: if may_manage { editor() } else { Vec::new() },
    }
}

pub(super) fn preview() -> TemplatePreview {
    TemplatePreview {
        sample: "Alice Example, alice@example.com".to_owned(),
        parts: vec![
            PreviewPart {
                title: "The certificate that signs".to_owned(),
                facts: vec![(
                    "Key usage".to_owned(),
                    "signs (digitalSignature)".to_owned(),
                )],
                findings: Vec::new(),
            },
            PreviewPart {
                title: "The certificate that decrypts".to_owned(),
                facts: Vec::new(),
                findings: vec!["L20: this policy is reserved.".to_owned()],
            },
        ],
        problems: vec![api::FieldError {
            field: "window_days".to_owned(),
            message: "The time for renewing has to be shorter than the validity.".to_owned(),
        }],
    }
}
