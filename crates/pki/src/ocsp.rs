//! Status of certificates on request (OCSP, RFC 6960 and RFC 5019): reading requests, and answers
//! signed by a delegated responder, so that the authority's own key is not used for each of them.
//!
//! What a status is, and for how long an answer may be kept, the caller decides.

mod answer;
mod request;
mod responder;

pub use answer::{CertStatus, OcspError};
pub use request::{CertId, Malformed, OcspRequest};
pub use responder::{IssuerId, Responder, ResponderPlan, VALID_DAYS};

/// The largest request that is read, in bytes; fifty certificates fit.
pub const LARGEST_REQUEST: usize = 4 * 1024;
