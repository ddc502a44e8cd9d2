//! The portal's three cookies. `__Host-` (RFC 6265bis section 4.1.3.2) binds each to this host,
//! this path and https.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

/// The session: 256 random bits.
pub const SESSION_COOKIE: &str = "__Host-sid";
/// What forms of people who are not signed in are bound to: 256 random bits.
pub const CSRF_COOKIE: &str = "__Host-csrf";
/// What the last form had to say, until the next page shows it.
pub const FLASH_COOKIE: &str = "__Host-flash";

/// The value of a cookie that was sent. Of several with one name the first counts.
pub(super) fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// A cookie that lives as long as the browser, or until it is taken away.
pub(super) fn keep(name: &'static str, value: String) -> Cookie<'static> {
    // Lax and not Strict: a link in a mail must find its reader signed in.
    Cookie::build((name, value))
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .path("/")
        .build()
}

/// A cookie that ends after a while.
pub(super) fn keep_for(
    name: &'static str,
    value: String,
    duration: time::Duration,
) -> Cookie<'static> {
    let mut cookie = keep(name, value);
    cookie.set_max_age(duration);
    cookie
}

/// Takes a cookie away.
pub(super) fn remove(name: &'static str) -> Cookie<'static> {
    keep_for(name, String::new(), time::Duration::ZERO)
}

/// Adds cookies to an answer.
pub(super) fn add(headers: &mut HeaderMap, cookies: impl IntoIterator<Item = Cookie<'static>>) {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_complete() {
        assert_eq!(
            keep(SESSION_COOKIE, "x".to_owned()).to_string(),
            "__Host-sid=x; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
        assert!(remove(FLASH_COOKIE).to_string().contains("Max-Age=0"));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_static("x__Host-sid=no; __Host-sid=yes; __Host-sid=late");
        headers.insert(header::COOKIE, line);
        assert_eq!(find(&headers, SESSION_COOKIE), Some("yes"));
        assert_eq!(find(&headers, CSRF_COOKIE), None);
    }
}
