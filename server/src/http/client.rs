//! What an answer should look like for whoever asked: data for a program, a page for a browser.

use http::{HeaderMap, header};

/// Whether the answer should be JSON. Browsers that navigate ask for HTML by name.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    !accept.contains("text/html")
}

/// What the browser says it is.
pub(super) fn user_agent(headers: &HeaderMap) -> String {
    let said = headers
        .get(header::USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    said.chars().filter(|c| !c.is_control()).take(200).collect()
}
