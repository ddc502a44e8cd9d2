//! Forms come from our own pages, or are refused.
//!
//! Three independent checks, each of which would do: the browser says that the request comes from
//! this site (`Sec-Fetch-Site`, else `Origin`), the body is a form (so no other site can send it
//! as plain text), and the form carries a token that only our pages can know. The token is an
//! HMAC over the visitor's cookie, so nothing is stored and it dies with the cookie.

use api::{Error, ErrorKind};
use domain::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::request::Parts;
use http::{HeaderMap, header};
use sha2::Sha256;

use super::forms::SentForm;
use super::guest::Guest;

/// Name of the field with the token.
pub(super) const FIELD: &str = "csrf";
/// Header that may carry the token instead.
const HEADER: &str = "x-csrf-token";

/// The key that tokens are made with.
#[derive(Debug)]
pub(super) struct CsrfKey(Secret<[u8; 32]>);

impl CsrfKey {
    /// Derived from the key ring, so that every node makes the same tokens. A sealed portal has
    /// none; its forms, which can do nothing, are bound to this process.
    pub(super) fn of(portal: &portal::Portal) -> Self {
        Self(match portal.key_ring() {
            Ok(ring) => ring.derive("csrf"),
            Err(_) => portal.random().with(|rng| {
                let mut key = [0; 32];
                rng.fill_bytes(&mut key);
                Secret::new(key)
            }),
        })
    }

    /// The token of whoever has this cookie. `binding` keeps kinds of cookies apart.
    pub(super) fn token(&self, binding: &str, cookie: &str) -> String {
        let mac = self.mac(binding, cookie);
        hex::encode(mac)
    }

    fn is_token(&self, binding: &str, cookie: &str, token: &str) -> bool {
        safe::is_same(self.token(binding, cookie).as_bytes(), token.as_bytes())
    }

    fn mac(&self, binding: &str, cookie: &str) -> Vec<u8> {
        match Hmac::<Sha256>::new_from_slice(self.0.expose()) {
            Ok(mut mac) => {
                mac.update(binding.as_bytes());
                mac.update(&[0]);
                mac.update(cookie.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            // HMAC takes keys of every length (RFC 2104 section 2). A token of nothing at all is
            // never equal to one that was sent, because that is 64 characters long.
            Err(_) => Vec::new(),
        }
    }
}

/// Refuses a form that does not come from one of our pages.
pub(super) fn check(parts: &Parts, guest: &Guest, form: &SentForm) -> Result<(), Error> {
    check_origin(
        &parts.headers,
        parts.uri.authority().map(http::uri::Authority::as_str),
    )?;
    let token = form
        .get(FIELD)
        .or_else(|| parts.headers.get(HEADER)?.to_str().ok())
        .unwrap_or_default();
    let (binding, cookie) = guest.csrf_binding();
    if token.len() == 64 && guest.web().csrf().is_token(binding, cookie, token) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Forbidden,
        "This form is too old, or you have signed in or out since. \
         Nothing was changed; reload the page and send the form again.",
    ))
}

/// Refuses what the browser says comes from another site, and what says nothing at all.
fn check_origin(headers: &HeaderMap, authority: Option<&str>) -> Result<(), Error> {
    let text =
        |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let fetch_site = headers
        .get("sec-fetch-site")
        .map(|value| value.to_str().unwrap_or("?"));
    let host = authority.or_else(|| text(header::HOST)).unwrap_or_default();
    let is_ours = match (fetch_site, text(header::ORIGIN)) {
        // Our pages send no referrer, so browsers send a form's origin as "null".
        (Some("same-origin"), None | Some("null")) => true,
        (Some("same-origin") | None, Some(origin)) => {
            !host.is_empty() && origin.strip_prefix("https://") == Some(host)
        }
        _ => false,
    };
    if is_ours {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Forbidden,
        "This form was not sent from a page of the portal. Nothing was changed; \
         open the portal and use its own form.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn tokens_depend_on_cookie_and_binding() {
        let key = CsrfKey(Secret::new([7; 32]));
        let token = key.token("session", "cookie");
        assert_eq!(token.len(), 64);
        assert!(key.is_token("session", "cookie", &token));
        assert!(!key.is_token("session", "other", &token));
        assert!(!key.is_token("anonymous", "cookie", &token));
        assert!(!key.is_token("session", "cookie", ""));
        assert!(!CsrfKey(Secret::new([8; 32])).is_token("session", "cookie", &token));
    }

    #[test]
    fn the_token_is_an_hmac_as_rfc_2104_defines_it() {
        use sha2::Digest as _;
        let key = CsrfKey(Secret::new([7; 32]));
        let pad = |byte: u8| {
            let mut block = [byte; 64];
            block.iter_mut().take(32).for_each(|b| *b ^= 7);
            block
        };
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(b"a\0b")
            .finalize();
        let outer = Sha256::new()
            .chain_update(pad(0x5c))
            .chain_update(inner)
            .finalize();
        assert_eq!(key.token("a", "b"), hex::encode(outer));
    }

    #[test]
    fn who_may_send_a_form() {
        for (site, origin, is_ours) in [
            (Some("same-origin"), None, true),
            (Some("same-origin"), Some("null"), true),
            (Some("same-origin"), Some("https://portal.example"), true),
            (Some("same-origin"), Some("https://evil.example"), false),
            (Some("same-site"), Some("https://portal.example"), false),
            (Some("cross-site"), None, false),
            (Some("none"), None, false),
            (None, Some("https://portal.example"), true),
            (None, Some("http://portal.example"), false),
            (None, Some("https://portal.example.evil.example"), false),
            (None, Some("null"), false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("portal.example"));
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            let result = check_origin(&headers, None);
            assert_eq!(result.is_ok(), is_ours, "{site:?} {origin:?}");
        }
    }
}
