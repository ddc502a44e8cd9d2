//! Words that say "not finished": they belong in the tracker, not in the code.

use super::tree::File;

/// Whole words. Written in two halves, or this file would find itself.
const WORDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];
/// Code, wherever it stands.
const CODE: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
    concat!("#[ign", "ore"),
    concat!("test.on", "ly("),
    concat!("test.sk", "ip("),
];

/// Every line in Rust or TypeScript with one of them.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_one_of(&["rs", "ts"])) {
        for (index, line) in file.text.lines().enumerate() {
            let found = WORDS
                .iter()
                .find(|word| has_word(line, word))
                .or_else(|| CODE.iter().find(|code| line.contains(**code)));
            if let Some(found) = found {
                findings.push(format!("{}:{}: `{found}`", file.path, index + 1));
            }
        }
    }
    findings
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|one| one == word)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::file;

    #[test]
    fn unfinished_work_is_found() {
        let code = format!("fn a() {{}}\n// {}: later\n", concat!("TO", "DO"));
        let finding = format!("a.rs:2: `{}`", concat!("TO", "DO"));
        assert_eq!(check(&[file("a.rs", &code)]), [finding]);
        for line in [concat!("to", "do!()"), concat!("#[ign", "ore = \"slow\"]")] {
            assert_eq!(check(&[file("a.rs", line)]).len(), 1, "{line}");
        }
        let only = concat!("test.on", "ly('x', () => {})");
        assert_eq!(check(&[file("a.ts", only)]).len(), 1);
    }

    #[test]
    fn other_words_pass() {
        for line in ["MASTODON", "let mut todos = 1;", "mktemp -t XXXXXX"] {
            assert_eq!(check(&[file("a.rs", line)]), Vec::<String>::new());
        }
        let word = concat!("TO", "DO");
        assert_eq!(check(&[file("a.md", word)]), Vec::<String>::new());
    }
}
