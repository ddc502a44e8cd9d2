//! Stories of people and the portal, told over HTTP: the real router, the real use cases, SQLite
//! in a temporary folder, a clock that only moves when told to.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail where they are wrong"
)]

mod actor;
mod answer;
mod authorities;
mod program;
mod test_app;

mod api;
mod api_document;
mod api_refusals;
mod assets_and_probes;
mod bad_input;
mod certificate;
mod certificates;
mod change;
mod csr_upload;
mod csrf;
mod events;
mod four_eyes;
mod headers;
mod life;
mod no_javascript;
mod ocsp;
mod people;
mod pki_files;
mod revocation;
mod routes;
mod sessions;
mod set_up;
mod sign_in;
mod templates;
mod tokens;
