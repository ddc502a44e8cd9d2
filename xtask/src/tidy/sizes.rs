//! Small files: question one at 400 lines, split it at 600. Tests are not counted.

use super::tree::File;

const WARN: usize = 400;
const FAIL: usize = 600;
const COUNTED: &[&str] = &["rs", "ts", "css"];

/// Files that are too long.
pub(super) fn check(files: &[File]) -> Vec<String> {
    longer_than(files, FAIL)
        .map(|(file, lines)| format!("{}: {lines} lines, at most {FAIL}: split it", file.path))
        .collect()
}

/// Files that are getting long.
pub(super) fn warnings(files: &[File]) -> Vec<String> {
    longer_than(files, WARN)
        .filter(|(_, lines)| *lines <= FAIL)
        .map(|(file, lines)| format!("{}: {lines} lines, is that still one idea?", file.path))
        .collect()
}

fn longer_than(files: &[File], limit: usize) -> impl Iterator<Item = (&File, usize)> {
    files
        .iter()
        .filter(|file| file.is_one_of(COUNTED) && !is_test(&file.path))
        .map(|file| (file, file.text.lines().count()))
        .filter(move |(_, lines)| *lines > limit)
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::{check, warnings};
    use crate::tidy::tree::file;

    #[test]
    fn long_files_are_found() {
        let lines = |count: usize| "x\n".repeat(count);
        let files = [
            file("a.rs", &lines(400)),
            file("b.rs", &lines(401)),
            file("c.css", &lines(601)),
            file("crates/x/src/y/tests.rs", &lines(900)),
            file("server/tests/it/z.rs", &lines(900)),
            file("docs/long.md", &lines(900)),
        ];
        assert_eq!(check(&files), ["c.css: 601 lines, at most 600: split it"]);
        assert_eq!(
            warnings(&files),
            ["b.rs: 401 lines, is that still one idea?"]
        );
    }
}
