//! Pages that are made of lists, links and forms alone. They come from the server as they are and
//! are not in the WebAssembly, which everybody downloads for the pages that do more.

use api::url;

/// Their paths.
const PATHS: [&str; 7] = [
    url::OVERVIEW,
    url::CERTIFICATES,
    url::AUDIT,
    url::AUTHORITIES,
    url::AUTHORITY_HELP,
    url::TEMPLATES,
    url::TOKENS,
];

/// Whether the page at an address, with or without its host, is one of them.
pub(crate) fn is_plain(address: &str) -> bool {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)),
        None => Some(address),
    };
    let path = path.unwrap_or_default().split(['?', '#']).next();
    path.is_some_and(|path| PATHS.contains(&path))
}

/// In the browser: whoever follows a link to one of them has it loaded from the server. Not while
/// a page comes alive, so that none can ever load itself again and again.
#[cfg(not(feature = "ssr"))]
#[leptos::component]
pub fn FromServer() -> impl leptos::IntoView {
    use leptos::prelude::*;
    let location = leptos_router::hooks::use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        if PATHS.contains(&path.as_str()) && crate::browser::is_alive() {
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
        assert!(is_plain("http://leptos.dev/audit?action=sign-in"));
        assert!(!is_plain("http://leptos.dev") && !is_plain("http://leptos.dev/"));
        assert!(is_plain("/account/tokens") && !is_plain("/account"));
        assert!(!is_plain("/") && !is_plain("/admin/templates/new"));
    }
}
