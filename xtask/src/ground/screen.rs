//! Saying what happens, and how long it took.

use std::time::Instant;

use anyhow::Result;

/// Does a piece of work between two lines on the screen.
pub(crate) fn stage<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {name}");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "failed" };
    println!(
        "    {name}: {outcome} after {:.1} s",
        start.elapsed().as_secs_f64()
    );
    result
}

/// One line about something that needed no work.
pub(crate) fn note(text: &str) {
    println!("==> {text}");
}

/// A line about something that is not as it should be, but can go on.
pub(crate) fn warn(text: &str) {
    println!("    warning: {text}");
}
