//! Counting what passed and failed, and how long each part took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Numbers of tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// The sum of cargo's lines `test result: ok. 3 passed; 0 failed; ...`, one at a time.
    pub(super) fn add_line(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = result.split([' ', ';']).collect();
        for pair in words.windows(2) {
            if let [number, name] = pair {
                let number = number.parse().unwrap_or(0);
                match *name {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    _ => {}
                }
            }
        }
    }

    /// The numbers in the JSON report of Playwright.
    pub(super) fn from_playwright(report: &str) -> Result<Self> {
        let report: serde_json::Value =
            serde_json::from_str(report).context("Playwright's report is no JSON")?;
        let number = |name: &str| {
            report
                .pointer(&format!("/stats/{name}"))
                .and_then(serde_json::Value::as_u64)
                .with_context(|| format!("Playwright's report has no `stats.{name}`"))
        };
        Ok(Self {
            passed: number("expected")? + number("flaky")?,
            failed: number("unexpected")?,
        })
    }

    /// A program that failed without a failed test (it did not compile, say) is one failure.
    pub(super) fn with_exit(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

/// The book of one long run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    total: Count,
    parts: Vec<(String, Duration, Count)>,
}

impl Tally {
    /// Does one part; an error counts as one failure and does not stop the others.
    pub(super) fn part(&mut self, name: &str, work: impl FnOnce() -> Result<Count>) {
        println!("==> {name}");
        let start = Instant::now();
        let count = work().unwrap_or_else(|error| {
            eprintln!("error: {name}: {error:#}");
            Count {
                passed: 0,
                failed: 1,
            }
        });
        self.total.passed += count.passed;
        self.total.failed += count.failed;
        self.parts.push((name.to_owned(), start.elapsed(), count));
    }

    /// Does one part that is one test by itself.
    pub(super) fn single(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        self.part(name, || {
            work().map(|()| Count {
                passed: 1,
                failed: 0,
            })
        });
    }

    /// Writes the table of parts.
    pub(super) fn print_parts(&self) {
        println!();
        for (name, time, count) in &self.parts {
            println!(
                "{name:<32} {:>8.1} s  {:>5} passed  {:>4} failed",
                time.as_secs_f64(),
                count.passed,
                count.failed
            );
        }
        println!();
    }

    /// The last line.
    pub(super) fn summary(&self) -> String {
        format!("{} passed, {} failed", self.total.passed, self.total.failed)
    }

    /// Whether nothing failed.
    pub(super) fn is_success(&self) -> bool {
        self.total.failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Tally};
    use anyhow::bail;

    #[test]
    fn the_lines_of_cargo_test() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s",
            "a test says: 7 passed",
        ] {
            count.add_line(line);
        }
        assert_eq!(
            count,
            Count {
                passed: 15,
                failed: 2
            }
        );
    }

    #[test]
    fn the_report_of_playwright() {
        let report = r#"{"stats":{"expected":4,"skipped":1,"unexpected":2,"flaky":1}}"#;
        let count = Count::from_playwright(report).expect("report");
        assert_eq!(
            count,
            Count {
                passed: 5,
                failed: 2
            }
        );
        assert!(Count::from_playwright("{}").is_err());
        assert!(Count::from_playwright("").is_err());
    }

    #[test]
    fn a_crash_is_a_failure() {
        assert_eq!(Count::default().with_exit(false).failed, 1);
        assert_eq!(Count::default().with_exit(true).failed, 0);
        let two = Count {
            passed: 0,
            failed: 2,
        };
        assert_eq!(two.with_exit(false).failed, 2);
    }

    #[test]
    fn the_last_line() {
        let mut tally = Tally::default();
        tally.single("good", || Ok(()));
        tally.part("many", || {
            Ok(Count {
                passed: 4,
                failed: 0,
            })
        });
        assert!(tally.is_success());
        tally.single("bad", || bail!("broken"));
        assert_eq!(tally.summary(), "5 passed, 1 failed");
        assert!(!tally.is_success());
    }
}
