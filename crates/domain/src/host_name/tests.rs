//! What people type, and what becomes of it.

use super::*;
use proptest::prelude::*;

#[test]
fn good_names_have_one_form() {
    for (typed, stored) in [
        (" WWW.Example.COM ", "www.example.com"),
        ("example.com.", "example.com"),
        ("*.Example.com", "*.example.com"),
        ("intranet", "intranet"),
        ("r3---sn.example.com", "r3---sn.example.com"),
        ("1und1.example", "1und1.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ] {
        let name = HostName::parse(typed).unwrap();
        assert_eq!(name.as_str(), stored);
        assert_eq!(HostName::parse_international(typed), Ok(name), "{typed}");
    }
}

#[test]
fn international_names_become_a_labels() {
    for (typed, stored) in [
        ("Bücher.example", "xn--bcher-kva.example"),
        ("*.bücher.example", "*.xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("Ｅxample.com", "example.com"),
    ] {
        assert_eq!(HostName::parse(typed), Err(HostNameError::International));
        let name = HostName::parse_international(typed).unwrap();
        assert_eq!(name.as_str(), stored, "{typed}");
        assert_eq!(HostName::parse_international(stored), Ok(name));
    }
}

#[test]
fn bad_names_say_why() {
    let label = "a".repeat(64);
    let long = format!("{}example.com", "a234567.".repeat(32));
    for (typed, why) in [
        ("", HostNameError::Empty),
        ("  ", HostNameError::Empty),
        ("https://example.com", HostNameError::Shape),
        ("example.com:443", HostNameError::Shape),
        ("example.com/path", HostNameError::Shape),
        ("alice@example.com", HostNameError::Shape),
        ("two words", HostNameError::Shape),
        ("fe80::1%eth0", HostNameError::Shape),
        ("[::1", HostNameError::Shape),
        ("a_b.example.com", HostNameError::Label),
        ("-a.example.com", HostNameError::Label),
        ("a-.example.com", HostNameError::Label),
        ("a..example.com", HostNameError::Label),
        (".example.com", HostNameError::Label),
        (".", HostNameError::Label),
        ("exa\0mple.com", HostNameError::Label),
        ("*", HostNameError::Wildcard),
        ("*.com", HostNameError::Wildcard),
        ("w*.example.com", HostNameError::Wildcard),
        ("www.*.example.com", HostNameError::Wildcard),
        ("*.*.example.com", HostNameError::Wildcard),
        ("192.0.2.300", HostNameError::Number),
        ("192.0.2", HostNameError::Number),
        ("4711", HostNameError::Number),
        ("0.0.0.0", HostNameError::Address),
        ("::", HostNameError::Address),
        ("224.0.0.1", HostNameError::Address),
        ("255.255.255.255", HostNameError::Address),
        (&label, HostNameError::TooLong),
        (&long, HostNameError::TooLong),
    ] {
        assert_eq!(HostName::parse(typed), Err(why), "{typed:?}");
        assert_eq!(HostName::parse_international(typed), Err(why), "{typed:?}");
    }
    for typed in [
        "xn--a.example",      // no Punycode
        "xn--ls8h.xn--.com",  // an empty A-label
        "a\u{202e}b.example", // turns the reading direction
        "\u{5d0}a.example",   // Hebrew and Latin in one label (RFC 5893)
    ] {
        let error = HostName::parse_international(typed).unwrap_err();
        assert_eq!(error, HostNameError::International, "{typed:?}");
    }
}

#[test]
fn a_name_tells_what_it_is() {
    let name = |text| HostName::parse(text).unwrap();
    assert!(name("*.example.com").is_wildcard());
    assert!(!name("www.example.com").is_wildcard());
    assert_eq!(name("www.example.com").address(), None);
    assert_eq!(name("::1").address(), Some("::1".parse().unwrap()));
}

proptest! {
    #[test]
    fn parsing_never_panics_and_is_stable(typed in "\\PC{0,40}|[*a-zA-Zäß.-]{1,20}") {
        if let Ok(name) = HostName::parse_international(&typed) {
            prop_assert!(name.as_str().is_ascii() && name.as_str().len() <= HostName::MAX);
            prop_assert_eq!(HostName::parse(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(HostName::parse_international(name.as_str()), Ok(name));
        }
    }
}
