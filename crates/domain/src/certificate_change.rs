//! What an administrator does to several certificates at once.

use crate::{RevocationState, words};

/// What is done to each of several certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateChange {
    /// Revoke them for good.
    Revoke,
    /// Put them on hold.
    Hold,
    /// Take them off hold.
    Reactivate,
    /// Send them to their owners by mail once more.
    Deliver,
    /// Delete key, password and PFX.
    Delete,
}

words!(CertificateChange, "change of certificates", {
    Revoke => "revoke",
    Hold => "hold",
    Reactivate => "reactivate",
    Deliver => "deliver",
    Delete => "delete",
});

impl CertificateChange {
    /// What the button says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Revoke => "Revoke",
            Self::Hold => "Hold",
            Self::Reactivate => "Re-activate",
            Self::Deliver => "Deliver again",
            Self::Delete => "Delete key and password",
        }
    }

    /// Why a certificate is left as it is; nothing where the change is possible.
    pub const fn exception(self, standing: CertificateStanding) -> Option<&'static str> {
        use RevocationState as R;
        match (self, standing.state) {
            (Self::Deliver, _) => None,
            (Self::Delete, _) if !standing.has_secrets => Some("have no key and password here"),
            (Self::Delete, _) if standing.is_deletable => None,
            (Self::Delete, _) => Some("have not ended long enough ago"),
            _ if standing.has_ended => Some("have ended"),
            (Self::Revoke | Self::Hold | Self::Reactivate, R::Revoked) => {
                Some("are revoked already")
            }
            (Self::Hold, R::Held) => Some("are on hold already"),
            (Self::Reactivate, R::Valid) => Some("are not on hold"),
            (Self::Revoke, R::Valid | R::Held)
            | (Self::Hold, R::Valid)
            | (Self::Reactivate, R::Held) => None,
        }
    }
}

/// What matters of a certificate when it is to be changed.
#[derive(Debug, Clone, Copy)]
pub struct CertificateStanding {
    /// Whether it is on its revocation list.
    pub state: RevocationState,
    /// Whether it has expired.
    pub has_ended: bool,
    /// Whether it ended so long ago that its key may be deleted.
    pub is_deletable: bool,
    /// Whether key and password are in the portal.
    pub has_secrets: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_an_exception_exactly_where_it_could_not_be_done() {
        use CertificateChange as C;
        for state in RevocationState::ALL {
            let standing = |has_ended, is_deletable, has_secrets| CertificateStanding {
                state: *state,
                has_ended,
                is_deletable,
                has_secrets,
            };
            let living = standing(false, false, true);
            for (change, next) in [
                (C::Revoke, RevocationState::Revoked),
                (C::Hold, RevocationState::Held),
                (C::Reactivate, RevocationState::Valid),
            ] {
                let is_possible = change.exception(living).is_none();
                assert_eq!(is_possible, state.may_become(next), "{change} {state}");
                assert!(change.exception(standing(true, true, true)).is_some());
            }
            assert!(C::Deliver.exception(standing(true, true, false)).is_none());
            assert!(C::Delete.exception(living).is_some());
            assert!(C::Delete.exception(standing(true, false, true)).is_some());
            assert!(C::Delete.exception(standing(true, true, false)).is_some());
            assert!(C::Delete.exception(standing(true, true, true)).is_none());
        }
    }
}
