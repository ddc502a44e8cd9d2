//! Stories of the use cases, on both databases, without HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod api_tokens;
mod at_once;
mod authorities;
mod authority_imports;
mod caa;
mod certificate_change;
mod certificates;
mod crash;
mod crash_life;
mod crash_pair;
mod crash_revoke;
mod decide;
mod for_others;
mod key_pool;
mod ledger;
mod life;
mod mailbox_proof;
mod mend;
mod nginx;
mod ocsp;
mod old_mail;
mod outbox_crash;
mod own_keys;
mod renewal;
mod restored;
mod revoke;
mod secrets;
mod setting;
mod sink;
mod template_use;
mod templates;
mod tls;
mod tls_authority;
#[path = "../../../caa/tests/it/unbound.rs"]
mod unbound;
mod weak_keys;
