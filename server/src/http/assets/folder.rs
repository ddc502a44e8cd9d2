//! Files that were built next to the program, for development and tests.

use std::path::{Path, PathBuf};

use axum::body::Bytes;

/// Where the build puts them: seen from the current folder, else from the sources.
fn site() -> PathBuf {
    let here = PathBuf::from("target/site");
    if here.is_dir() {
        return here;
    }
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site")
}

/// The manifest and all files below `pkg`.
pub(super) fn read() -> (Vec<u8>, Vec<(String, Bytes)>) {
    let site = site();
    let manifest = std::fs::read(site.join("manifest.json")).unwrap_or_default();
    let mut files = Vec::new();
    let root = site.join("pkg");
    collect(&root, &root, &mut files);
    (manifest, files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Bytes)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if let (Ok(name), Ok(content)) = (path.strip_prefix(root), std::fs::read(&path)) {
            files.push((name.to_string_lossy().into_owned(), content.into()));
        }
    }
}
