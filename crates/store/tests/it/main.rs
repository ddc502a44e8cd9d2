//! Every function of the store, on SQLite and on PostgreSQL.
//!
//! PostgreSQL is used if `TEST_POSTGRES_URL` names a server.

#[macro_use]
mod support;
mod samples;

mod pipeline;
