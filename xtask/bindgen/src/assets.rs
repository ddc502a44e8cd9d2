//! Pictures and fonts, and the style sheet's links to them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// One file.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Path below the folder of assets, with `/`.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// All files of a folder, sorted; a missing folder is an empty one.
pub(crate) fn read(folder: &Path) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    if folder.is_dir() {
        collect(folder, "", &mut assets)?;
    }
    assets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(assets)
}

/// Replaces `url(assets/x.svg)` by the hashed name; style sheet and assets end up side by side.
pub(crate) fn link(style: &str, names: &[(String, String)]) -> String {
    let mut linked = style.to_owned();
    for (name, path) in names {
        let hashed = path.split_once('/').map_or(path.as_str(), |(_, rest)| rest);
        for quote in ["", "\"", "'"] {
            for start in ["assets/", "./assets/", "../assets/"] {
                let from = format!("url({quote}{start}{name}{quote})");
                linked = linked.replace(&from, &format!("url({quote}{hashed}{quote})"));
            }
        }
    }
    linked
}

fn collect(root: &Path, folder: &str, assets: &mut Vec<Asset>) -> Result<()> {
    let listed = root.join(folder);
    for entry in
        fs::read_dir(&listed).with_context(|| format!("cannot list {}", listed.display()))?
    {
        let entry = entry?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let name = if folder.is_empty() {
            file_name
        } else {
            format!("{folder}/{file_name}")
        };
        if entry.file_type()?.is_dir() {
            collect(root, &name, assets)?;
        } else {
            let content = fs::read(entry.path()).with_context(|| format!("cannot read {name}"))?;
            assets.push(Asset { name, content });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{link, read};
    use std::fs;
    use std::path::Path;

    #[test]
    fn links_get_hashed_names() {
        let names = [("a/b.svg".to_owned(), "pkg/a/b.1.svg".to_owned())];
        assert_eq!(
            link(
                "x{background:url(assets/a/b.svg),url(\"../assets/a/b.svg\"),url(c.svg)}",
                &names
            ),
            "x{background:url(a/b.1.svg),url(\"a/b.1.svg\"),url(c.svg)}"
        );
    }

    #[test]
    fn folders_are_read_to_the_bottom() {
        assert!(read(Path::new("/no/such/folder")).expect("none").is_empty());
        let folder = tempfile::tempdir().expect("folder");
        fs::create_dir(folder.path().join("a")).expect("folder");
        fs::write(folder.path().join("a/b.svg"), "b").expect("file");
        fs::write(folder.path().join("z.svg"), "z").expect("file");
        let names: Vec<String> = read(folder.path())
            .expect("assets")
            .into_iter()
            .map(|asset| asset.name)
            .collect();
        assert_eq!(names, ["a/b.svg", "z.svg"]);
    }
}
