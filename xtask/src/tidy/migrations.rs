//! Both databases take the same steps: same numbers, same names, no gaps.

use std::collections::BTreeSet;

use super::tree::File;

/// What is there for one database only, misnamed, or out of sequence.
pub(super) fn check(files: &[File]) -> Vec<String> {
    let sqlite = names(files, "migrations/sqlite/");
    let postgres = names(files, "migrations/postgres/");
    let mut findings = Vec::new();
    for name in sqlite.difference(&postgres) {
        findings.push(format!("{name} is missing in migrations/postgres"));
    }
    for name in postgres.difference(&sqlite) {
        findings.push(format!("{name} is missing in migrations/sqlite"));
    }
    let mut expected = 0_usize;
    for name in &sqlite {
        expected += 1;
        match number(name) {
            None => findings.push(format!("{name}: call it like 0001_what_it_does.sql")),
            Some(number) if number != expected => {
                findings.push(format!("{name}: the next number is {expected:04}"));
            }
            Some(_) => {}
        }
    }
    findings
}

fn names<'a>(files: &'a [File], folder: &str) -> BTreeSet<&'a str> {
    files
        .iter()
        .filter_map(|file| file.path.strip_prefix(folder))
        .collect()
}

/// `0012_name.sql` is 12.
fn number(name: &str) -> Option<usize> {
    let (number, rest) = name.strip_suffix(".sql")?.split_once('_')?;
    let is_lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if number.len() != 4 || rest.is_empty() || !rest.chars().all(is_lower) {
        return None;
    }
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::tree::file;

    fn findings(sqlite: &[&str], postgres: &[&str]) -> Vec<String> {
        let of = |database: &'static str| {
            move |name: &&str| file(&format!("migrations/{database}/{name}"), "")
        };
        let files: Vec<_> = sqlite
            .iter()
            .map(of("sqlite"))
            .chain(postgres.iter().map(of("postgres")))
            .collect();
        check(&files)
    }

    #[test]
    fn pairs_pass() {
        let both = ["0001_people.sql", "0002_requests.sql"];
        assert_eq!(findings(&both, &both), Vec::<String>::new());
    }

    #[test]
    fn the_rest_fails() {
        assert_eq!(
            findings(&["0001_a.sql"], &["0001_b.sql"]),
            [
                "0001_a.sql is missing in migrations/postgres",
                "0001_b.sql is missing in migrations/sqlite"
            ]
        );
        let gap = ["0001_a.sql", "0003_c.sql"];
        assert_eq!(
            findings(&gap, &gap),
            ["0003_c.sql: the next number is 0002"]
        );
        let odd = ["1_People.sql"];
        assert_eq!(
            findings(&odd, &odd),
            ["1_People.sql: call it like 0001_what_it_does.sql"]
        );
    }
}
