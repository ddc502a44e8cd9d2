//! Whose portal it is, and where it stands.

use crate::Error;

/// What every message shows about the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Name of the organisation.
    pub organisation: String,
    /// Address of the portal, such as `https://certs.example.com`.
    pub base_url: String,
}

impl Brand {
    /// The full address of a page: `link` is a path (`/requests/..`) or an address in the portal.
    ///
    /// [`Error::Link`] for all else, so that no message can lead anywhere else.
    pub fn address(&self, link: &str) -> Result<String, Error> {
        let base = self.base_url.trim_end_matches('/');
        if !(base.starts_with("https://") || base.starts_with("http://")) {
            return Err(Error::BaseUrl {
                url: self.base_url.clone(),
            });
        }
        let path = link.strip_prefix(base).unwrap_or(link);
        let is_inside = (path.is_empty() || path.starts_with('/'))
            && !path.starts_with("//")
            && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
        if is_inside {
            Ok(format!("{base}{path}"))
        } else {
            Err(Error::Link {
                link: link.to_owned(),
                base_url: base.to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_in_the_portal() {
        let brand = Brand {
            organisation: "Example".to_owned(),
            base_url: "https://certs.example.com/".to_owned(),
        };
        for (link, address) in [
            ("/queue", "https://certs.example.com/queue"),
            ("", "https://certs.example.com"),
            (
                "https://certs.example.com/a?b=c",
                "https://certs.example.com/a?b=c",
            ),
        ] {
            assert_eq!(brand.address(link).as_deref(), Ok(address));
        }
        for link in [
            "https://evil.example/",
            "https://certs.example.com.evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "javascript:alert(1)",
            "queue",
            "/a b",
            "/a\r\nBcc: x@example.com",
        ] {
            assert!(
                matches!(brand.address(link), Err(Error::Link { .. })),
                "{link}"
            );
        }
        let brand = Brand {
            base_url: "javascript:".to_owned(),
            ..brand
        };
        assert!(matches!(brand.address("/"), Err(Error::BaseUrl { .. })));
    }
}
