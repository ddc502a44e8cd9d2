//! Stories with the real program in processes of its own, over real sockets: what only shows there.
//! The browser is `curl`, which every Debian has.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod browser;
mod canary;
mod command_line;
mod demo;
mod kill;
mod node;
mod outside;
mod revoke;
mod template;
mod two_nodes;
#[path = "../../../crates/caa/tests/it/unbound.rs"]
mod unbound;
