//! Paths to go on to, which come from forms and addresses: only ones of this portal are followed.

/// Longest path that is followed.
const LONGEST: usize = 2000;

/// The path, if it leads to a page of this portal and nowhere else.
pub(super) fn local_path(path: &str) -> Option<&str> {
    let is_local = path.starts_with('/')
        // `//host` and `/\host` lead to another site.
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= LONGEST
        // Browsers drop line ends and tabs in an address before they read it.
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    is_local.then_some(path)
}

/// The path followed, or the first page.
pub(super) fn or_home(path: Option<&str>) -> &str {
    path.and_then(local_path).unwrap_or(api::url::HOME)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_portal() {
        for good in ["/", "/requests/1?x=1&y=%0a", "/sign-in?next=%2F"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/ä",
            "/a b",
        ] {
            assert_eq!(local_path(bad), None, "{bad}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(3000))), None);
    }
}
