//! The folder that the portal serves: hashed names, so that a browser may keep a file for ever,
//! and compressed siblings, so that nothing is compressed while a person waits.
//!
//! A running portal may read the folder at any moment: new files come first, then the manifest
//! in one step, and only then the old files go.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Folder of the files, below the site.
const PACKAGE: &str = "pkg";
/// Endings of what gets smaller; pictures and fonts are compressed already.
const COMPRESSIBLE: &[&str] = &["css", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// The folder, being filled.
#[derive(Debug)]
pub(crate) struct Site {
    root: PathBuf,
    written: BTreeSet<PathBuf>,
}

impl Site {
    /// Opens the folder; what is in it stays until the end.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        let package = root.join(PACKAGE);
        fs::create_dir_all(&package)
            .with_context(|| format!("cannot create {}", package.display()))?;
        Ok(Self {
            root: root.to_path_buf(),
            written: BTreeSet::new(),
        })
    }

    /// Adds a file under a name with its hash, and returns its path below the site.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let name = hashed_name(name, content);
        if !self.keep(&name) {
            self.add_as_is(&name, content)?;
        }
        Ok(format!("{PACKAGE}/{name}"))
    }

    /// Adds a file whose name must stay.
    pub(crate) fn add_as_is(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, content)?;
        if is_compressible(name) {
            let brotli = brotli(content)?;
            let gzip = gzip(content)?;
            println!(
                "    {name}: {} bytes, brotli {}, gzip {}",
                content.len(),
                brotli.len(),
                gzip.len()
            );
            self.write(&format!("{name}.br"), &brotli)?;
            self.write(&format!("{name}.gz"), &gzip)?;
        }
        Ok(())
    }

    /// Writes the manifest and removes what an earlier build left.
    pub(crate) fn finish(self, manifest: &serde_json::Value) -> Result<()> {
        let text = serde_json::to_string_pretty(manifest).context("cannot write the manifest")?;
        write_at_once(&self.root.join("manifest.json"), text.as_bytes())?;
        self.remove_others(&self.root.join(PACKAGE))
    }

    /// Keeps a file of an earlier build: its name says that it has the same content.
    fn keep(&mut self, name: &str) -> bool {
        let path = |ending: &str| self.root.join(PACKAGE).join(format!("{name}{ending}"));
        let endings: &[&str] = if is_compressible(name) {
            &["", ".br", ".gz"]
        } else {
            &[""]
        };
        let paths: Vec<PathBuf> = endings.iter().map(|ending| path(ending)).collect();
        let is_there = paths.iter().all(|path| path.is_file());
        if is_there {
            self.written.extend(paths);
        }
        is_there
    }

    fn write(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.root.join(PACKAGE).join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        write_at_once(&path, content)?;
        self.written.insert(path);
        Ok(())
    }

    fn remove_others(&self, folder: &Path) -> Result<()> {
        for entry in
            fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                self.remove_others(&path)?;
            } else if !self.written.contains(&path) {
                fs::remove_file(&path)
                    .with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// Nobody sees half a file, whatever happens.
fn write_at_once(path: &Path, content: &[u8]) -> Result<()> {
    let draft = path.with_added_extension("part");
    fs::write(&draft, content)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// `a/b.css` becomes `a/b.0123456789abcdef.css`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let mut hash = hex::encode(Sha256::digest(content));
    hash.truncate(16);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    }
}

fn is_compressible(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|e| COMPRESSIBLE.iter().any(|one| e == *one))
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .context("brotli failed")?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use super::{Site, hashed_name};
    use serde_json::json;
    use std::fs;
    use std::io::Read;

    #[test]
    fn names_follow_the_content() {
        assert_eq!(
            hashed_name("a/b.min.css", b""),
            "a/b.min.e3b0c44298fc1c14.css"
        );
        assert_ne!(hashed_name("a.css", b"1"), hashed_name("a.css", b"2"));
    }

    #[test]
    fn what_did_not_change_is_kept() {
        let folder = tempfile::tempdir().expect("folder");
        let mut site = Site::open(folder.path()).expect("site");
        let css = site.add("a.css", b"a").expect("css");
        site.finish(&json!({})).expect("finish");
        let packed = folder.path().join(format!("{css}.br"));
        fs::write(&packed, "marked").expect("mark");
        let mut site = Site::open(folder.path()).expect("site");
        assert_eq!(site.add("a.css", b"a").expect("css"), css);
        site.finish(&json!({})).expect("finish");
        assert_eq!(fs::read(&packed).expect("packed"), b"marked");
    }

    #[test]
    fn a_site_is_complete_and_holds_nothing_old() {
        let folder = tempfile::tempdir().expect("folder");
        let pkg = folder.path().join("pkg");
        fs::create_dir_all(pkg.join("snippets")).expect("folder");
        fs::write(pkg.join("snippets/old.js"), "old").expect("file");

        let mut site = Site::open(folder.path()).expect("site");
        let text = "a".repeat(1000);
        let css = site.add("certportal.css", text.as_bytes()).expect("css");
        let png = site.add("icons/a.png", b"png").expect("png");
        site.finish(&json!({ "css": css })).expect("finish");

        let manifest = fs::read_to_string(folder.path().join("manifest.json")).expect("manifest");
        assert!(manifest.contains(&css));
        assert!(!pkg.join("snippets/old.js").exists());
        let manifest_draft = folder.path().join("manifest.json.part");
        assert!(!manifest_draft.exists());
        assert!(!folder.path().join(format!("{png}.br")).exists());
        let mut unpacked = String::new();
        let file = fs::File::open(folder.path().join(format!("{css}.br"))).expect("br");
        brotli::Decompressor::new(file, 4096)
            .read_to_string(&mut unpacked)
            .expect("brotli");
        assert_eq!(unpacked, text);
        let mut unpacked = String::new();
        let file = fs::File::open(folder.path().join(format!("{css}.gz"))).expect("gz");
        flate2::read::GzDecoder::new(file)
            .read_to_string(&mut unpacked)
            .expect("gzip");
        assert_eq!(unpacked, text);
    }
}
