//! The crate against other people's tools: OpenSSL, pkilint, NSS, Java, `GnuTLS`, `GnuPG`, pyca.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test they help, as the tests themselves do"
)]

mod authorities;
mod authority_imports;
mod common;
mod constraints;
mod foreign_requests;
mod handshakes;
mod issuing;
mod linting;
mod made_authorities;
mod mail_round;
mod matrix;
mod messages;
mod ocsp;
mod offline_root;
mod offline_root_list;
mod other_root;
mod pfx_imports;
mod pfx_readers;
mod purposes;
mod requests;
mod tls_leaves;
mod tools;
