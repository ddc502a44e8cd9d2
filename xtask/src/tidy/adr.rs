//! The index of decisions lists every decision, and nothing else.

use super::tree::File;

const FOLDER: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";

/// Decisions that the index forgot, or that do not exist.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let decisions: Vec<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix(FOLDER))
        .filter(|name| is_decision(name))
        .collect();
    let Some(index) = files.iter().find(|file| file.path == INDEX) else {
        return if decisions.is_empty() {
            Vec::new()
        } else {
            vec![format!("{INDEX} is missing: list every decision there")]
        };
    };
    let linked: Vec<&str> = index
        .text
        .split(['(', ')'])
        .map(|link| link.trim_start_matches("./"))
        .filter(|link| is_decision(link))
        .collect();
    let forgotten = decisions
        .iter()
        .filter(|name| !linked.contains(name))
        .map(|name| format!("{INDEX} does not list {name}"));
    let dead = linked
        .iter()
        .filter(|name| !decisions.contains(name))
        .map(|name| format!("{INDEX} lists {name}, which does not exist"));
    forgotten.chain(dead).collect()
}

/// `0001-title.md`
fn is_decision(name: &str) -> bool {
    name.strip_suffix(".md")
        .and_then(|name| name.split_once('-'))
        .is_some_and(|(number, _)| {
            number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::file;

    #[test]
    fn the_index_is_complete() {
        let one = || file("docs/adr/0001-one.md", "");
        let index = |text: &str| file("docs/adr/README.md", text);
        assert_eq!(check(&[]), Vec::<String>::new());
        assert_eq!(check(&[one()]).len(), 1);
        assert_eq!(
            check(&[one(), index("* [One](0001-one.md)")]),
            Vec::<String>::new()
        );
        assert_eq!(
            check(&[one(), index("* [Two](0002-two.md)")]),
            [
                "docs/adr/README.md does not list 0001-one.md",
                "docs/adr/README.md lists 0002-two.md, which does not exist"
            ]
        );
    }
}
