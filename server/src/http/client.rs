//! What an answer should look like for whoever asked: data for a program, a page for a browser.

use http::{HeaderMap, header};

use super::browser;

/// Whether the answer should be JSON. Browsers that navigate ask for HTML by name.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    !accept.contains("text/html")
}

/// What the browser is, in words.
pub(super) fn user_agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT);
    browser::in_words(
        said.and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    )
}
