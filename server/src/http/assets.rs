//! The browser's files: script, WebAssembly, style, pictures. Read once at start, sent compressed
//! as they were built, and kept by browsers for ever where the name holds a hash.

#[cfg(feature = "embed-ui")]
mod embedded;
#[cfg(not(feature = "embed-ui"))]
mod folder;

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::{answer, web::Web};

/// All files, by their path below `/pkg/`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: BTreeMap<String, AssetFile>,
    names: app::Assets,
}

/// One file.
#[derive(Debug, Clone)]
pub struct AssetFile {
    content: Bytes,
    etag: HeaderValue,
    /// Whether the name changes with the content.
    is_hashed: bool,
}

/// What the build wrote about its files.
#[derive(Debug, serde::Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    #[serde(default)]
    assets: BTreeMap<String, String>,
}

impl Manifest {
    /// Names that lead to nothing, for pages of a portal without a build.
    fn missing() -> Self {
        Self {
            js: "pkg/missing.js".to_owned(),
            wasm: "pkg/missing.wasm".to_owned(),
            css: "pkg/missing.css".to_owned(),
            assets: BTreeMap::new(),
        }
    }
}

/// Name of the icon among the assets.
const FAVICON: &str = "favicon.svg";

impl Assets {
    /// The files inside the program, or else those that were built next to it. A portal without
    /// any still works; it is then plain.
    pub fn load() -> Self {
        #[cfg(feature = "embed-ui")]
        let (manifest, files) = embedded::read();
        #[cfg(not(feature = "embed-ui"))]
        let (manifest, files) = folder::read();
        Self::of(&manifest, files)
    }

    fn of(manifest: &[u8], files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let manifest: Manifest = serde_json::from_slice(manifest).unwrap_or_else(|error| {
            tracing::warn!(%error, "no user interface was built: pages have no style and no script");
            Manifest::missing()
        });
        let path = |path: &str| format!("/{path}");
        let favicon = manifest.assets.get(FAVICON);
        let names = app::Assets {
            js: path(&manifest.js),
            wasm: path(&manifest.wasm),
            css: path(&manifest.css),
            favicon: favicon.map(|name| path(name)).unwrap_or_default(),
        };
        let hashed: BTreeSet<&str> = [&manifest.js, &manifest.wasm, &manifest.css]
            .into_iter()
            .chain(manifest.assets.values())
            .filter_map(|path| path.strip_prefix("pkg/"))
            .collect();
        let files = files.into_iter().map(|(name, content)| {
            let original = name
                .strip_suffix(".br")
                .or_else(|| name.strip_suffix(".gz"));
            let is_hashed = hashed.contains(original.unwrap_or(&name));
            (name, AssetFile::new(content, is_hashed))
        });
        Self {
            files: files.collect(),
            names,
        }
    }

    /// Paths that pages name.
    pub fn names(&self) -> &app::Assets {
        &self.names
    }

    /// The best form of a file that the browser can read, and what it is encoded with.
    fn find(&self, name: &str, accepted: &str) -> Option<(&AssetFile, Option<&'static str>)> {
        let plain = self.files.get(name)?;
        let accepts = |coding: &str| {
            accepted.split(',').any(|item| {
                let mut parts = item.trim().split(';');
                parts.next() == Some(coding) && !parts.any(|p| p.trim() == "q=0")
            })
        };
        for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
            if accepts(coding)
                && let Some(file) = self.files.get(&format!("{name}.{ending}"))
            {
                return Some((file, Some(coding)));
            }
        }
        Some((plain, None))
    }
}

impl AssetFile {
    fn new(content: Bytes, is_hashed: bool) -> Self {
        let hash = Sha256::digest(&content);
        let etag = format!("\"{}\"", hex::encode(hash.get(..12).unwrap_or_default()));
        Self {
            content,
            etag: HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\"")),
            is_hashed,
        }
    }
}

/// Answers with a file.
pub(super) async fn asset(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let accepted = text(header::ACCEPT_ENCODING).unwrap_or_default();
    let Some((file, coding)) = web.assets().find(&name, accepted) else {
        let status = StatusCode::NOT_FOUND;
        return answer::error_with(&web, &headers, status, &answer::plain(status));
    };
    let is_known = text(header::IF_NONE_MATCH) == file.etag.to_str().ok();
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.content.clone().into_response()
    };
    let kept = if file.is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    answer.insert(header::ETAG, file.etag.clone());
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.remove(header::CONTENT_TYPE);
    if is_known {
        return response;
    }
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let kind = if kind.type_() == "text" {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        answer.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(coding) = coding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

#[cfg(test)]
mod tests;
