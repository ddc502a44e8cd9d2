//! The files that rules look at: text that we wrote, with its path in the repository.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Endings of the files that we write.
const ENDINGS: &[&str] = &["rs", "ts", "css", "sql", "md"];
/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &["target", "node_modules", "data", "test-results"];

/// A text file.
#[derive(Debug)]
pub(super) struct File {
    /// Path in the repository, with `/`.
    pub(super) path: String,
    /// Content.
    pub(super) text: String,
}

impl File {
    /// Whether the path ends with one of these, as in `rs`.
    pub(super) fn is_one_of(&self, endings: &[&str]) -> bool {
        let ending = Path::new(&self.path).extension();
        ending.is_some_and(|e| endings.iter().any(|one| e == *one))
    }
}

/// All of them, sorted by path.
pub(super) fn read(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    walk(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(root: &Path, folder: &str, files: &mut Vec<File>) -> Result<()> {
    let listed = root.join(folder);
    let entries =
        fs::read_dir(&listed).with_context(|| format!("cannot list {}", listed.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                walk(root, &path, files)?;
            }
        } else if kind.is_file() {
            let mut file = File {
                path,
                text: String::new(),
            };
            if file.is_one_of(ENDINGS) {
                file.text = fs::read_to_string(entry.path())
                    .with_context(|| format!("cannot read {} as UTF-8", file.path))?;
                files.push(file);
            }
        }
    }
    Ok(())
}

/// A file for the tests of rules.
#[cfg(test)]
pub(super) fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use std::fs;

    #[test]
    fn only_our_own_text_is_read() {
        let root = tempfile::tempdir().expect("folder");
        for path in [
            "src/a.rs",
            "src/b.png",
            "target/c.rs",
            ".git/d.md",
            "e/node_modules/f.ts",
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            fs::write(path, "text").expect("file");
        }
        let files = read(root.path()).expect("files");
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["src/a.rs"]);
    }
}
