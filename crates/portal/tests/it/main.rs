//! Stories of the use cases, on both databases, without HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod certificates;
mod crash;
mod decide;
mod ledger;
mod mend;
mod ocsp;
mod outbox_crash;
mod revoke;
mod secrets;
mod setting;
mod sink;
mod template_use;
mod templates;
