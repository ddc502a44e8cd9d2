//! Files inside the program, for a release that is one file.

use std::borrow::Cow;

use axum::body::Bytes;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// The manifest and all files below `pkg`.
pub(super) fn read() -> (Vec<u8>, Vec<(String, Bytes)>) {
    let manifest = Site::get("manifest.json").map(|file| file.data.into_owned());
    let files = Site::iter().filter_map(|path| {
        let content = match Site::get(&path)?.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        Some((path.strip_prefix("pkg/")?.to_owned(), content))
    });
    (manifest.unwrap_or_default(), files.collect())
}
