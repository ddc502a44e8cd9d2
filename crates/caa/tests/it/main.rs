//! Asking a real resolver, unbound.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what is wanted"
)]

mod answers;
mod odd_servers;
mod unbound;
