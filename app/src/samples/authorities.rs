//! Sample authorities.

use api::{AuthoritiesView, AuthorityHelp, AuthorityRequestView, AuthorityView, RootFile};
use domain::{AuthorityId, AuthorityPurpose};

fn id(number: u8) -> AuthorityId {
    let text = format!("01932f6e-8a52-7c11-9f00-4b1d6a3c010{number}");
    text.parse().unwrap()
}

fn authority(number: u8, name: &str, purpose: AuthorityPurpose) -> AuthorityView {
    let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    AuthorityView {
        id: id(number),
        depth: u8::from(purpose != AuthorityPurpose::Root),
        name: name.to_owned(),
        purpose,
        is_active: true,
        has_key: true,
        facts: vec![
            fact("Key", "RSA 4096"),
            fact("Valid", "3 May 2026 to 2 May 2036, 3652 days left"),
            fact("Certificates", "1204 issued, 1100 valid, 12 revoked"),
            fact("SHA-256", &"9e1c".repeat(16)),
        ],
        warnings: Vec::new(),
        has_list: true,
    }
}

pub(super) fn view() -> AuthoritiesView {
    let mut elsewhere = authority(5, "Else Root", AuthorityPurpose::Root);
    elsewhere.has_key = false;
    elsewhere.warnings = vec!["Its revocation list ends on 9 May 2026.".to_owned()];
    let mut retired = authority(2, "Example Issuing CA 1", AuthorityPurpose::Mail);
    retired.is_active = false;
    AuthoritiesView {
        authorities: vec![
            authority(1, "Example Root CA", AuthorityPurpose::Root),
            retired,
            authority(3, "Example Issuing CA 2", AuthorityPurpose::Mail),
            authority(4, "Example TLS CA 1", AuthorityPurpose::Tls),
            elsewhere,
        ],
        requests: vec![AuthorityRequestView {
            id: id(6),
            name: "Example Issuing CA 3".to_owned(),
            purpose: AuthorityPurpose::Mail,
            since: "1 May 2026".to_owned(),
        }],
        roots: vec![
            (id(1).to_string(), "Example Root CA".to_owned()),
            ("elsewhere".to_owned(), "A root elsewhere".to_owned()),
        ],
        mail_domains: "example.com".to_owned(),
        may_manage: true,
    }
}

pub(super) fn read_only() -> AuthoritiesView {
    AuthoritiesView {
        may_manage: false,
        ..view()
    }
}

pub(super) fn help() -> AuthorityHelp {
    AuthorityHelp {
        roots: vec![RootFile {
            id: id(1),
            name: "Example Root CA".to_owned(),
            thumbprint: "9e1c".repeat(16),
        }],
        steps: vec![
            ("Windows".to_owned(), vec!["Open the file.".to_owned()]),
            (
                "Linux".to_owned(),
                vec!["Copy it, then run `update-ca-trust`.".to_owned()],
            ),
        ],
    }
}
