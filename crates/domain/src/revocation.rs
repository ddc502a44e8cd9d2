//! The end of a certificate's life: why it was revoked, and what may become what.
//!
//! ```text
//! valid ── hold ──▶ held ── revoke ──▶ revoked
//!   │ ▲              │                   ▲
//!   │ └─ re-activate ┘                   │
//!   └──────────── revoke ────────────────┘
//! ```

use crate::words;
use time::OffsetDateTime;

/// Why a certificate stands on its authority's revocation list (RFC 5280 section 5.3.1), as far as
/// certificates of people go. The words are those of the RFC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RevocationReason {
    /// No reason given; not written into the list.
    Unspecified,
    /// Somebody else has, or may have, the private key.
    KeyCompromise,
    /// The person no longer has this address, or another name.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// The certificate is no longer needed.
    CessationOfOperation,
    /// On hold: the only reason that can be taken back.
    CertificateHold,
    /// The person lost the right to it.
    PrivilegeWithdrawn,
}

words!(RevocationReason, "reason of a revocation", {
    Unspecified => "unspecified",
    KeyCompromise => "keyCompromise",
    AffiliationChanged => "affiliationChanged",
    Superseded => "superseded",
    CessationOfOperation => "cessationOfOperation",
    CertificateHold => "certificateHold",
    PrivilegeWithdrawn => "privilegeWithdrawn",
});

impl RevocationReason {
    /// Reasons for revoking for good, the most frequent first.
    pub const FOR_GOOD: &'static [Self] = &[
        Self::KeyCompromise,
        Self::Superseded,
        Self::AffiliationChanged,
        Self::PrivilegeWithdrawn,
        Self::CessationOfOperation,
        Self::Unspecified,
    ];

    /// Reasons that owners give when they report a loss: somebody may have the key, or nobody can.
    pub const FOR_OWNERS: &'static [Self] = &[Self::KeyCompromise, Self::Superseded];

    /// The value of `CRLReason` (RFC 5280 section 5.3.1); none where the entry should be absent.
    pub const fn code(self) -> Option<u8> {
        match self {
            Self::Unspecified => None,
            Self::KeyCompromise => Some(1),
            Self::AffiliationChanged => Some(3),
            Self::Superseded => Some(4),
            Self::CessationOfOperation => Some(5),
            Self::CertificateHold => Some(6),
            Self::PrivilegeWithdrawn => Some(9),
        }
    }

    /// The reason in plain English.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unspecified => "Another reason",
            Self::KeyCompromise => "Somebody else may have the key",
            Self::AffiliationChanged => "The person or their address has changed",
            Self::Superseded => "Another certificate takes its place",
            Self::CessationOfOperation => "It is no longer needed",
            Self::CertificateHold => "On hold for now",
            Self::PrivilegeWithdrawn => "The person may no longer have it",
        }
    }
}

/// Whether relying parties may trust a certificate, as far as revocation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationState {
    /// Not on the list.
    Valid,
    /// On the list for now; may come off it.
    Held,
    /// On the list for good.
    Revoked,
}

words!(RevocationState, "revocation state", {
    Valid => "valid",
    Held => "held",
    Revoked => "revoked",
});

impl RevocationState {
    /// The state of a certificate that was held or revoked at these times, if ever.
    pub const fn of(held_at: Option<OffsetDateTime>, revoked_at: Option<OffsetDateTime>) -> Self {
        match (revoked_at, held_at) {
            (Some(_), _) => Self::Revoked,
            (None, Some(_)) => Self::Held,
            (None, None) => Self::Valid,
        }
    }

    /// Whether a certificate may go from this state to another one. Revoked is for ever
    /// (RFC 5280 section 3.3 keeps the entry until the certificate has expired).
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Valid, Self::Held | Self::Revoked) | (Self::Held, Self::Valid | Self::Revoked)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revoked_never_changes_and_nothing_becomes_itself() {
        use RevocationState::{Held, Revoked, Valid};
        let allowed: Vec<_> = RevocationState::ALL
            .iter()
            .flat_map(|from| RevocationState::ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| from.may_become(*to))
            .collect();
        assert_eq!(
            allowed,
            [
                (Valid, Held),
                (Valid, Revoked),
                (Held, Valid),
                (Held, Revoked)
            ]
        );
    }

    #[test]
    fn reasons_have_the_codes_of_the_standard() {
        let codes: Vec<_> = RevocationReason::ALL.iter().map(|r| r.code()).collect();
        let expected = [None, Some(1), Some(3), Some(4), Some(5), Some(6), Some(9)];
        assert_eq!(codes, expected);
    }

    #[test]
    fn only_a_hold_is_not_for_good() {
        for reason in RevocationReason::ALL {
            let is_hold = *reason == RevocationReason::CertificateHold;
            assert_eq!(RevocationReason::FOR_GOOD.contains(reason), !is_hold);
            assert_eq!(reason.as_str().parse().as_ref(), Ok(reason));
            assert!(!reason.label().is_empty());
        }
        for reason in RevocationReason::FOR_OWNERS {
            assert!(RevocationReason::FOR_GOOD.contains(reason));
        }
    }
}
