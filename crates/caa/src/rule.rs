//! What records mean for an issuer (RFC 8659 section 4, RFC 9495 section 3). Pure.

use crate::lookup::Property;
use crate::question::Purpose;
use crate::value;
use domain::HostName;
use std::collections::BTreeSet;

/// Tags that are understood: whom they permit, and where to report to (RFC 8659 section 4.4), which
/// no one has to do.
const KNOWN: [&str; 4] = ["issue", "issuewild", "issuemail", "iodef"];
/// Issuers shown in one message, and characters of a tag.
const SHOWN: usize = 5;
const LONGEST_TAG: usize = 40;

/// Why records do not let us issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A property that must be understood and is not (RFC 8659 section 4.5).
    UnknownCritical(String),
    /// Others may, in alphabetical order; or nobody.
    Others(Vec<String>),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownCritical(tag) => write!(
                f,
                "have the critical property {tag:?}, which only who knows it may pass over"
            ),
            Self::Others(named) if named.is_empty() => f.write_str("let nobody issue"),
            Self::Others(named) => {
                let shown: Vec<&str> = named.iter().take(SHOWN).map(String::as_str).collect();
                write!(f, "let only {} issue", shown.join(", "))?;
                match named.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, " (and {more} more)"),
                }
            }
        }
    }
}

/// Whether records let one of these identities issue.
pub(crate) fn judge(
    properties: &[Property],
    purpose: Purpose,
    identities: &[HostName],
) -> Result<(), Refusal> {
    let unknown = properties.iter().find(|property| {
        property.is_critical && !KNOWN.iter().any(|known| is_tag(property, known))
    });
    if let Some(unknown) = unknown {
        let tag = unknown.tag.chars().take(LONGEST_TAG).collect();
        return Err(Refusal::UnknownCritical(tag));
    }
    let of = |tag: &str| -> Vec<&Property> {
        let mut found: Vec<&Property> = Vec::new();
        found.extend(properties.iter().filter(|property| is_tag(property, tag)));
        found
    };
    let mut restricting = of(purpose.property());
    if restricting.is_empty() && purpose == Purpose::Wildcard {
        restricting = of(Purpose::Host.property());
    }
    if restricting.is_empty() {
        return Ok(());
    }
    let named: BTreeSet<String> = restricting
        .iter()
        .filter_map(|property| value::issuer(&property.value))
        .collect();
    if identities.iter().any(|own| named.contains(own.as_str())) {
        Ok(())
    } else {
        Err(Refusal::Others(named.into_iter().collect()))
    }
}

/// Tags are compared without regard to case (RFC 8659 section 4.1).
fn is_tag(property: &Property, tag: &str) -> bool {
    property.tag.eq_ignore_ascii_case(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "ca.example.com";

    fn properties(records: &[(u8, &str, &str)]) -> Vec<Property> {
        let property = |(flags, tag, value): &(u8, &str, &str)| Property {
            is_critical: flags & 128 != 0,
            tag: (*tag).to_owned(),
            value: value.as_bytes().to_vec(),
        };
        records.iter().map(property).collect()
    }

    fn permits(records: &[(u8, &str, &str)]) -> [bool; 3] {
        let identities = [
            HostName::parse("other-name.example.com").unwrap(),
            HostName::parse(OURS).unwrap(),
        ];
        [Purpose::Mail, Purpose::Host, Purpose::Wildcard]
            .map(|purpose| judge(&properties(records), purpose, &identities).is_ok())
    }

    /// For mail, for a host, for a wildcard.
    #[test]
    fn each_purpose_has_its_property() {
        for (records, expected) in [
            (&[][..], [true, true, true]),
            (&[(0, "iodef", "mailto:x@example.com")], [true, true, true]),
            (&[(0, "issuemail", OURS)], [true, true, true]),
            (&[(0, "issuemail", "other.example")], [false, true, true]),
            (&[(0, "issuemail", ";")], [false, true, true]),
            (&[(0, "issue", ";")], [true, false, false]),
            (&[(0, "issue", OURS)], [true, true, true]),
            (&[(0, "issue", "other.example")], [true, false, false]),
            (&[(0, "issuewild", ";")], [true, true, false]),
            (
                &[(0, "issue", ";"), (0, "issuewild", OURS)],
                [true, false, true],
            ),
            (
                &[(0, "issue", OURS), (0, "issuewild", "other.example")],
                [true, true, false],
            ),
        ] {
            assert_eq!(permits(records), expected, "{records:?}");
        }
    }

    #[test]
    fn one_that_names_us_is_enough_and_parameters_are_tolerated() {
        let records = [
            (0, "issuemail", ";"),
            (0, "issuemail", "other.example"),
            (128, "IssueMail", "CA.example.com; account=1; policy=x"),
        ];
        assert_eq!(permits(&records), [true; 3]);
        // Not written as the standard says: it restricts, and names nobody.
        for other in ["ca.example.com account", "sub.ca.example.com"] {
            assert_eq!(permits(&[(0, "issuemail", other)]), [false, true, true]);
        }
    }

    #[test]
    fn what_is_critical_has_to_be_understood() {
        let records = [(0, "issuemail", OURS), (128, "tbs", "Unknown")];
        assert_eq!(permits(&records), [false; 3]);
        let records = [(0, "issuemail", OURS), (127, "tbs", "Unknown")];
        assert_eq!(permits(&records), [true; 3]);
        let records = [(128, "iodef", "x"), (128, "ISSUE", OURS)];
        assert_eq!(permits(&records), [true; 3]);
    }

    #[test]
    fn a_refusal_says_who_may() {
        let words = |records: &[(u8, &str, &str)]| {
            let refusal = judge(&properties(records), Purpose::Mail, &[]).unwrap_err();
            refusal.to_string()
        };
        assert_eq!(words(&[(0, "issuemail", ";")]), "let nobody issue");
        assert_eq!(
            words(&[(0, "issuemail", "B.example"), (0, "issuemail", "a.example")]),
            "let only a.example, b.example issue"
        );
        let many: Vec<String> = (0..7).map(|n| format!("ca{n}.example")).collect();
        let many: Vec<_> = many.iter().map(|n| (0, "issuemail", n.as_str())).collect();
        assert!(words(&many).ends_with("ca4.example issue (and 2 more)"));
        assert!(words(&[(128, "x\"\n", "")]).contains(r#""x\"\n""#));
    }
}
