//! Pages that are made of lists, links and forms alone. They come from the server as they are and
//! are not in the WebAssembly, which everybody downloads for the pages that do more.

use api::url;

/// Their paths.
const PATHS: [&str; 6] = [
    url::OVERVIEW,
    url::CERTIFICATES,
    url::AUDIT,
    url::AUTHORITIES,
    url::AUTHORITY_HELP,
    url::TEMPLATES,
];

/// Whether the page at an address is one of them.
pub(crate) fn is_plain(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    PATHS.contains(&path)
}

/// In the browser: whoever follows a link to one of them has it loaded from the server.
#[cfg(not(feature = "ssr"))]
#[leptos::component]
pub fn FromServer() -> impl leptos::IntoView {
    use leptos::prelude::*;
    let location = leptos_router::hooks::use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        if PATHS.contains(&path.as_str()) {
            let query = if search.is_empty() { "" } else { "?" };
            crate::browser::replace(&format!("{path}{query}{search}"));
        }
    });
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::is_plain;

    #[test]
    fn a_query_makes_no_difference_and_a_longer_path_does() {
        assert!(is_plain("/audit?action=sign-in") && is_plain("/overview"));
        assert!(!is_plain("/") && !is_plain("/admin/templates/new"));
    }
}
