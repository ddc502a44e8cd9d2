//! The program `certportal`: configuration, command line, HTTP, jobs.
//!
//! This is where the outside world comes in: the clock, the environment, sockets, signals. All of
//! it is handed to the other crates as arguments.

pub mod cli;
mod clock;
pub mod config;
pub mod http;
mod logging;
mod private_file;
pub mod serve;
mod start;

pub use clock::SystemClock;
pub use start::{Started, open_store, policy, start};
