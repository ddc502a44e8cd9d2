//! One style sheet out of many: every `@import "x.css";` is replaced by what that file says.
//!
//! `@import "x.css" layer(base);` and media queries become a block around it. Each import stands
//! on a line of its own, as in our files; imports from other sites are an error.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Reads a style sheet with all that it imports.
pub(crate) fn read(path: &Path) -> Result<String> {
    let mut open = Vec::new();
    inline(path, &mut open)
}

fn inline(path: &Path, open: &mut Vec<PathBuf>) -> Result<String> {
    if open.iter().any(|one| one == path) {
        bail!("{} imports itself", path.display());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    open.push(path.to_path_buf());
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut all = String::new();
    for line in text.lines() {
        match Import::parse(line).with_context(|| format!("in {}", path.display()))? {
            Some(import) => {
                let content = inline(&folder.join(import.file), open)?;
                all.push_str(&import.wrap(&content));
            }
            None => all.push_str(line),
        }
        all.push('\n');
    }
    open.pop();
    Ok(all)
}

/// `@import "file" layer(name) media;`
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    file: &'a str,
    layer: Option<&'a str>,
    media: &'a str,
}

impl<'a> Import<'a> {
    fn parse(line: &'a str) -> Result<Option<Self>> {
        let Some(rest) = line.trim().strip_prefix("@import") else {
            return Ok(None);
        };
        let parts = || {
            let rest = rest.trim().strip_suffix(';')?.trim();
            let (target, rest) = if let Some(inside) = rest.strip_prefix("url(") {
                inside.split_once(')')?
            } else {
                let quote = rest.chars().next()?;
                let end = rest.get(1..)?.find(quote)? + 2;
                rest.split_at_checked(end)?
            };
            let file = target.trim().trim_matches(['"', '\'']);
            let rest = rest.trim();
            let (layer, media) = match rest.strip_prefix("layer(") {
                Some(inside) => {
                    let (layer, media) = inside.split_once(')')?;
                    (Some(layer.trim()), media.trim())
                }
                None => (None, rest),
            };
            Some(Self { file, layer, media })
        };
        let Some(import) = parts() else {
            bail!(
                "cannot read `{}`: write @import \"file.css\" layer(name);",
                line.trim()
            );
        };
        if import.file.contains("//") {
            bail!(
                "`{}` loads from another site: put the file next to it",
                line.trim()
            );
        }
        Ok(Some(import))
    }

    fn wrap(&self, content: &str) -> String {
        let mut text = content.to_owned();
        if let Some(layer) = self.layer {
            text = format!("@layer {layer} {{\n{text}}}\n");
        }
        if !self.media.is_empty() {
            text = format!("@media {} {{\n{text}}}\n", self.media);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Import, read};
    use std::fs;

    #[test]
    fn imports_are_understood() {
        let import = |file, layer, media| Some(Import { file, layer, media });
        for (line, expected) in [
            ("a { b: c }", None),
            ("@import \"a.css\";", import("a.css", None, "")),
            (
                "  @import 'a.css' layer(base);",
                import("a.css", Some("base"), ""),
            ),
            (
                "@import url(\"x/a.css\") print;",
                import("x/a.css", None, "print"),
            ),
            (
                "@import url(a.css) layer(b) (width > 40rem);",
                import("a.css", Some("b"), "(width > 40rem)"),
            ),
        ] {
            assert_eq!(Import::parse(line).expect(line), expected, "{line}");
        }
        for line in [
            "@import",
            "@import \"a.css\"",
            "@import \"https://x.example/a.css\";",
        ] {
            assert!(Import::parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn files_come_in_the_order_of_their_imports() {
        let folder = tempfile::tempdir().expect("folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("file");
        };
        fs::create_dir(folder.path().join("parts")).expect("folder");
        write(
            "main.css",
            "@layer base;\n@import \"b.css\" layer(base);\n@import \"parts/a.css\";\nmain {}",
        );
        write("parts/a.css", "@import \"c.css\";\na {}");
        write("parts/c.css", "c {}");
        write("b.css", "b {}");
        let all = read(&folder.path().join("main.css")).expect("style");
        let words: Vec<&str> = all.split_whitespace().collect();
        assert_eq!(
            words.join(" "),
            "@layer base; @layer base { b {} } c {} a {} main {}"
        );
        write("b.css", "@import \"main.css\";");
        let error = read(&folder.path().join("main.css")).expect_err("a circle");
        assert!(error.to_string().ends_with("main.css imports itself"));
    }
}
