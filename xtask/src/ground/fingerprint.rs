//! Has anything changed since the last time? A fingerprint of contents, kept in a stamp file.
//! Contents, not times: a fresh checkout or a touched file is no change.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Fingerprint of files and folders (with everything in them), and of some words.
pub(crate) fn fingerprint(root: &Path, paths: &[&str], words: &[&str]) -> Result<String> {
    let mut files = BTreeSet::new();
    for path in paths {
        collect(&root.join(path), &mut files)?;
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file);
        add(&mut hasher, name.to_string_lossy().as_bytes());
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        add(&mut hasher, &content);
    }
    for word in words {
        add(&mut hasher, word.as_bytes());
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether the stamp file holds this fingerprint.
pub(crate) fn is_fresh(stamp: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|kept| kept.trim() == fingerprint)
}

/// Keeps the fingerprint in the stamp file.
pub(crate) fn keep(stamp: &Path, fingerprint: &str) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The length goes first, so that `ab` + `c` is not `a` + `bc`.
fn add(hasher: &mut DefaultHasher, bytes: &[u8]) {
    hasher.write_usize(bytes.len());
    hasher.write(bytes);
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.insert(path.to_path_buf());
    } else if path.is_dir() {
        let entries =
            fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, is_fresh, keep};
    use std::fs;

    #[test]
    fn a_change_is_noticed_and_a_touch_is_not() {
        let root = tempfile::tempdir().expect("folder");
        let file = root.path().join("src/a.rs");
        fs::create_dir_all(root.path().join("src")).expect("folder");
        fs::write(&file, "one").expect("file");
        let first = fingerprint(root.path(), &["src", "missing"], &["x"]).expect("one");
        let stamp = root.path().join("target/stamp");
        assert!(!is_fresh(&stamp, &first));
        keep(&stamp, &first).expect("stamp");
        fs::write(&file, "one").expect("file");
        let again = fingerprint(root.path(), &["src", "missing"], &["x"]).expect("again");
        assert!(is_fresh(&stamp, &again));
        fs::write(&file, "two").expect("file");
        let changed = fingerprint(root.path(), &["src"], &["x"]).expect("changed");
        assert!(!is_fresh(&stamp, &changed));
        let other = fingerprint(root.path(), &["src"], &["y"]).expect("other");
        assert_ne!(changed, other);
    }
}
