//! API tokens: what a program may do in the name of the person who made one for it.

use crate::words;

/// Most tokens that a person may have at a time.
pub const MOST_TOKENS: u8 = 20;
/// The longest life of a token, in days.
pub const LONGEST_TOKEN_DAYS: u16 = 365;

/// What a token may be used for. Each scope includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// List and fetch certificates, and see requests.
    Read,
    /// Request certificates too.
    Request,
    /// Fetch PFX and password too.
    Secrets,
}

words!(TokenScope, "scope", { Read => "read", Request => "request", Secrets => "secrets" });

impl TokenScope {
    /// Whether a token of this scope may do what asks for `needed`.
    pub fn includes(self, needed: Self) -> bool {
        self >= needed
    }

    /// What a program can do with it, in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "see certificates and requests",
            Self::Request => "see and request certificates",
            Self::Secrets => "see and request certificates, and fetch them with key and password",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenScope::{self, Read, Request, Secrets};

    #[test]
    fn each_scope_includes_those_before_it_and_no_other() {
        let included: Vec<(TokenScope, TokenScope)> = TokenScope::ALL
            .iter()
            .flat_map(|scope| TokenScope::ALL.iter().map(move |needed| (*scope, *needed)))
            .filter(|(scope, needed)| scope.includes(*needed))
            .collect();
        assert_eq!(
            included,
            [
                (Read, Read),
                (Request, Read),
                (Request, Request),
                (Secrets, Read),
                (Secrets, Request),
                (Secrets, Secrets)
            ]
        );
    }
}
