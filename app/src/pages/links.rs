//! Paths with a query: filters and paging live in the URL, so that a list can be sent to a
//! colleague and the browser's way back works.

use crate::browser;

/// A path with those parameters that have a value.
pub(crate) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let query = parameters
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", browser::escape(value)))
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_a_value_is_in_the_url_and_nothing_breaks_out_of_it() {
        assert_eq!(
            with_query("/queue", &[("search", ""), ("after", "")]),
            "/queue"
        );
        assert_eq!(
            with_query("/people", &[("search", "a&b=c %"), ("role", "admin")]),
            "/people?search=a%26b%3Dc%20%25&role=admin"
        );
    }
}
