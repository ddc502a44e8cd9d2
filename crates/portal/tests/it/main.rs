//! Stories of the use cases, on both databases, without HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod certificate_change;
mod certificates;
mod crash;
mod decide;
mod for_others;
mod ledger;
mod mend;
mod nginx;
mod ocsp;
mod outbox_crash;
mod own_keys;
mod revoke;
mod secrets;
mod setting;
mod sink;
mod tls;
mod tls_authority;
