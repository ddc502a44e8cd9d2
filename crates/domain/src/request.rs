//! A request's life: its states and the steps of the pipeline.
//!
//! ```text
//! waiting ─ approve ─▶ issuing ─ last step ─▶ issued
//!    │                    │ ▲
//!    ├ reject ─▶ rejected │ └ retry ── failed ─ cancel ─▶ cancelled
//!    └ withdraw ─▶ withdrawn └ cannot succeed ─▶ failed
//! ```

use crate::words;

/// Where a request stands. Exactly one at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// Waits for an approver.
    Waiting,
    /// In the pipeline: approved, or its template asks for no approval.
    Issuing,
    /// Done: there is exactly one certificate.
    Issued,
    /// An approver said no.
    Rejected,
    /// The requester took it back.
    Withdrawn,
    /// A step cannot succeed; an admin can retry or cancel.
    Failed,
    /// An admin ended it after a failure.
    Cancelled,
}

words!(RequestState, "state of a request", {
    Waiting => "waiting",
    Issuing => "issuing",
    Issued => "issued",
    Rejected => "rejected",
    Withdrawn => "withdrawn",
    Failed => "failed",
    Cancelled => "cancelled",
});

impl RequestState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Issued | Self::Rejected | Self::Withdrawn | Self::Cancelled
        )
    }

    /// Whether a request may go from this state to another one.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (
                Self::Waiting,
                Self::Issuing | Self::Rejected | Self::Withdrawn
            ) | (Self::Issuing, Self::Issued | Self::Failed)
                | (Self::Failed, Self::Issuing | Self::Cancelled)
        )
    }
}

/// The next durable step of a request in the pipeline. Each is recorded in one transaction and may
/// be done again after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Make password, private key and signing request, and seal them.
    Prepare,
    /// Reserve a serial, lint, and record what is to be signed.
    Reserve,
    /// Have the authority sign what was recorded, and store the certificate.
    Sign,
    /// Bundle the PFX, seal it and tell the person.
    Bundle,
    /// Nothing left to do.
    Done,
}

words!(Step, "pipeline step", {
    Prepare => "prepare",
    Reserve => "reserve",
    Sign => "sign",
    Bundle => "bundle",
    Done => "done",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_state_is_never_left() {
        for from in RequestState::ALL.iter().filter(|s| s.is_final()) {
            for to in RequestState::ALL {
                assert!(!from.may_become(*to), "{from} to {to}");
            }
        }
    }

    #[test]
    fn every_word_reads_back() {
        for state in RequestState::ALL {
            assert_eq!(state.as_str().parse::<RequestState>().as_ref(), Ok(state));
        }
        assert!("nonsense".parse::<RequestState>().is_err());
    }
}
