//! The user interface: pages that load data, components that show plain values, and the server
//! functions between the two sides.
//!
//! Everything is rendered on the server and works without JavaScript; in the browser the same code
//! takes over the finished page. It knows the crate `api` and nothing behind it.

#![expect(
    unreachable_pub,
    reason = "the component macro moves each function into a module of its own"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "component properties are handed over, whatever the component does with them"
)]

mod app;
mod browser;
pub mod components;
pub mod context;
pub mod dates;
mod failure;
pub mod pages;
#[cfg(test)]
mod samples;
mod sending;
pub mod server_fns;
mod shell;
pub mod words;

pub use app::App;
pub use context::{Assets, PageContext, PostOutcome, SiteResource, use_site};
pub use failure::Failure;
pub use shell::shell;

/// Takes over the page that the server rendered. Called by the browser's entry point.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
