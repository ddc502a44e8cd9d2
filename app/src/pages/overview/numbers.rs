//! The numbers of the overview.

use api::{Overview, url};
use leptos::prelude::*;

use super::super::links::with_query;
use crate::words::count;

/// The numbers, each a way to the list behind it.
#[component]
pub(super) fn Numbers(overview: Overview) -> impl IntoView {
    let oldest = match overview.oldest_waiting_hours {
        Some(hours) => format!("the oldest for {}", age(hours)),
        None => "nothing waits".to_owned(),
    };
    let in_pipeline = with_query(url::AUDIT, &[("action", "approve")]);
    view! {
        <ul class="numbers" aria-label="Numbers">
            {number(overview.waiting, "waiting", oldest, url::QUEUE.to_owned())}
            {number(
                overview.issuing,
                "in progress",
                "approved, not yet ready".to_owned(),
                in_pipeline,
            )}
            {number(
                overview.valid_certificates,
                "valid certificates",
                "of all people".to_owned(),
                with_query(url::CERTIFICATES, &[("state", "valid")]),
            )}
            {number(
                overview.people,
                "people",
                "who can sign in".to_owned(),
                url::PEOPLE.to_owned(),
            )}
        </ul>
    }
}

fn number(number: u64, of: &'static str, more: String, href: String) -> impl IntoView {
    view! {
        <li>
            <a class="number card" href=href>
                <strong>{grouped(number)}</strong>
                <span class="number-of">{of}</span>
                <span class="number-more">{more}</span>
            </a>
        </li>
    }
}

/// "12 345": thousands apart, as large numbers are read.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    text
}

fn age(hours: u64) -> String {
    match hours {
        0 => "less than an hour".to_owned(),
        1..48 => count(hours, "hour", "hours"),
        _ => count(hours / 24, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202F}234\u{202F}567");
    }

    #[test]
    fn ages_are_said_in_the_fitting_unit() {
        assert_eq!(age(0), "less than an hour");
        assert_eq!(age(1), "1 hour");
        assert_eq!(age(47), "47 hours");
        assert_eq!(age(72), "3 days");
    }
}
