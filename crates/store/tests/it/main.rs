//! Every function of the store, on SQLite and on PostgreSQL.
//!
//! PostgreSQL is used if `TEST_POSTGRES_URL` names a server.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may fail loudly"
)]

#[macro_use]
mod support;
mod cluster;
mod samples;

mod api_tokens;
mod audit;
mod authorities;
mod certificate_list;
mod certificates;
mod crash;
mod durability;
mod endings;
mod imported;
mod ledger;
mod lives;
mod ocsp;
mod opening;
mod outbox;
mod own_keys;
mod people;
mod pipeline;
mod pool_keys;
mod requests;
mod revocations;
mod sessions;
mod set_up;
mod template_history;
mod throttles;
mod unrecorded;
mod upgrade;
