//! `[issuing]`: how certificates are made.

use domain::{KeyAlgorithm, PfxPasswordPolicy};

use super::{Key, Problem, Section, Values};

const NAME: &str = "issuing";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "How certificates are made.",
    keys: &[
        Key::number(
            "workers",
            0,
            "Certificates made at the same time, at most 64; 0 is the number of processor cores.",
        ),
        Key::text(
            "authority_key",
            "rsa4096",
            "Keys of the authorities that set-up makes: \"rsa4096\" or \"p384\".",
        ),
        Key::text(
            "policy_oid",
            "",
            "Certificate policy as dotted numbers, from your organisation's own arc; empty is a number \
             for examples, which promises nothing.",
        ),
        Key::text(
            "pfx_password",
            "fours",
            "Passwords of PFX files: \"fours\" (six groups of four, 120 bits) or \"sixteen\" \
             (16 symbols, 99 bits).",
        ),
    ],
};

/// How certificates are made.
#[derive(Debug, Clone)]
pub struct Issuing {
    /// Certificates made at the same time; nothing means one per core.
    pub workers: Option<usize>,
    /// Keys of new authorities.
    pub authority_key: KeyAlgorithm,
    /// Certificate policy; nothing means the portal's default.
    pub policy_oid: Option<String>,
    /// How passwords of PFX files are made.
    pub pfx_password: PfxPasswordPolicy,
}

impl Issuing {
    pub(super) fn from_values(values: &Values) -> Result<Self, Problem> {
        let authority_keys = [
            ("rsa4096", KeyAlgorithm::Rsa4096),
            ("p384", KeyAlgorithm::P384),
        ];
        let passwords = [
            ("fours", PfxPasswordPolicy::Fours),
            ("sixteen", PfxPasswordPolicy::Sixteen),
        ];
        let workers = values.number(NAME, "workers", 0, 64)?;
        let policy_oid = values.some_text(NAME, "policy_oid");
        if policy_oid.as_deref().is_some_and(|oid| !is_oid(oid)) {
            return Err(values.problem(
                NAME,
                "policy_oid",
                "please write numbers with dots between them, for example \"1.3.6.1.4.1.99999.1\"",
            ));
        }
        Ok(Self {
            workers: usize::try_from(workers).ok().filter(|n| *n > 0),
            authority_key: values.word(NAME, "authority_key", &authority_keys)?,
            policy_oid,
            pfx_password: values.word(NAME, "pfx_password", &passwords)?,
        })
    }
}

fn is_oid(text: &str) -> bool {
    text.len() <= 64
        && text.contains('.')
        && text
            .split('.')
            .all(|arc| !arc.is_empty() && arc.chars().all(|c| c.is_ascii_digit()))
        && matches!(text.as_bytes().first(), Some(b'0'..=b'2'))
}
