//! What a form has to say on the next page, kept in a cookie for the moment between the two.
//!
//! Nothing in it is secret or trusted: it holds what the visitor typed, without passwords and
//! tokens, and the words of the answer.

use api::Flash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::Cookie;
use http::HeaderMap;

use super::cookies::{self, FLASH_COOKIE};
use super::forms::SentForm;

/// A cookie may have 4096 bytes with everything; this leaves room for its name and flags.
const LONGEST: usize = 3500;
/// How long it waits for the next page.
const KEPT_FOR: time::Duration = time::Duration::minutes(2);

/// Whether a field must not be kept.
fn is_private(name: &str) -> bool {
    // `material` is the private key of an authority that is taken over.
    matches!(name, super::csrf::FIELD | "back" | "material")
        || name.contains("password")
        || name.contains("token")
}

/// What was typed, without what must not be kept.
pub(super) fn values(form: &SentForm) -> Vec<(String, String)> {
    let pairs = form.pairs().iter();
    pairs
        .filter(|(name, _)| !is_private(name))
        .cloned()
        .collect()
}

/// The cookie that keeps it. What was typed is left out where it is too long.
pub(super) fn cookie(flash: &Flash) -> Cookie<'static> {
    let text = encoded(flash).or_else(|| {
        let mut shorter = flash.clone();
        // This one says which of several forms it was.
        shorter.values.retain(|(name, _)| name == "form");
        encoded(&shorter)
    });
    match text {
        Some(text) => cookies::keep_for(FLASH_COOKIE, text, KEPT_FOR),
        None => cookies::remove(FLASH_COOKIE),
    }
}

/// Reads it back.
pub(super) fn read(headers: &HeaderMap) -> Option<Flash> {
    let text = cookies::find(headers, FLASH_COOKIE).filter(|text| text.len() <= LONGEST)?;
    let json = URL_SAFE_NO_PAD.decode(text).ok()?;
    serde_json::from_slice(&json).ok()
}

fn encoded(flash: &Flash) -> Option<String> {
    let json = serde_json::to_vec(flash).ok()?;
    let text = URL_SAFE_NO_PAD.encode(json);
    (text.len() <= LONGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, header};

    fn flash(reason: &str) -> Flash {
        let form = SentForm::parse(
            format!("csrf=1&back=%2F&mailbox=a%40b.c&password=x&password_again=x&token=t&material=key&reason={reason}").as_bytes(),
        );
        Flash {
            form: "/api/ui/request".to_owned(),
            done: None,
            error: Some(api::Error::forbidden()),
            values: values(&form),
        }
    }

    fn round_trip(flash: &Flash) -> Flash {
        let cookie = cookie(flash);
        assert!(cookie.to_string().len() < 4096);
        let mut headers = HeaderMap::new();
        let line = format!("{}={}", cookie.name(), cookie.value());
        headers.insert(header::COOKIE, HeaderValue::from_str(&line).expect("value"));
        read(&headers).expect("flash")
    }

    #[test]
    fn passwords_and_tokens_are_not_kept() {
        let back = round_trip(&flash("new"));
        let names: Vec<_> = back.values.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["mailbox", "reason"]);
        assert_eq!(back.error, Some(api::Error::forbidden()));
    }

    #[test]
    fn what_is_too_long_is_left_out() {
        assert!(round_trip(&flash(&"x".repeat(4000))).values.is_empty());
    }

    #[test]
    fn nonsense_is_nothing() {
        for value in ["", "!", "e30"] {
            let mut headers = HeaderMap::new();
            let line = format!("{FLASH_COOKIE}={value}");
            headers.insert(header::COOKIE, HeaderValue::from_str(&line).expect("value"));
            assert!(read(&headers).is_none(), "{value}");
        }
    }
}
