//! Stories of the use cases, on both databases, without HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod api_token_use;
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
mod downloads;
mod fixtures;
mod for_others;
mod journalled;
mod key_pool;
mod ledger;
mod life;
mod lost_key;
mod mailbox_proof;
mod mailboxes;
mod mend;
mod nginx;
mod ocsp;
mod offline_root;
mod old_mail;
mod outbox_crash;
mod own_keys;
mod renewal;
mod responders;
mod restored;
mod revoke;
mod secrets;
mod setting;
mod sink;
mod template_mistakes;
mod template_names;
mod template_preview;
mod template_use;
mod templates;
mod tls;
#[path = "../../../caa/tests/it/unbound.rs"]
mod unbound;
mod unrecorded;
mod weak_keys;
