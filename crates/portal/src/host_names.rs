//! The names of servers and devices, as somebody typed them.

use crate::error::{FieldErrors, sentence};
use domain::HostName;

/// Most names of one certificate.
const MOST: usize = 50;

/// Which names there have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// At least one.
    One,
    /// At least one, because the device was not given a name either.
    OneOrDevice,
    /// None is needed.
    Any,
}

/// Reads names separated by blanks, commas or lines; gives them as they are stored. Where nothing
/// was typed, those of the signing request are taken.
pub(crate) fn read(
    wanted: Wanted,
    typed: &str,
    asked: &[String],
    errors: &mut FieldErrors,
) -> String {
    let separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let mut words: Vec<&str> = typed
        .split(separator)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        words = asked.iter().map(String::as_str).collect();
    }
    if words.is_empty() {
        match wanted {
            Wanted::One => errors.add(
                "names",
                "Please enter at least one host name or IP address, such as www.example.com.",
            ),
            Wanted::OneOrDevice => errors.add(
                "device",
                "Please enter what the device is called, or at least one host name or IP address \
                 below.",
            ),
            Wanted::Any => {}
        }
    }
    if words.len() > MOST {
        errors.add("names", format!("At most {MOST} names, please."));
        return String::new();
    }
    let mut names: Vec<String> = Vec::new();
    for word in words {
        match HostName::parse_international(word) {
            Ok(name) if names.iter().any(|known| known == name.as_str()) => {}
            Ok(name) => names.push(name.into()),
            Err(problem) => {
                let shown: String = word.chars().take(80).collect();
                errors.add(
                    "names",
                    format!("{shown}: {}", sentence(&problem.to_string())),
                );
                return String::new();
            }
        }
    }
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_server(typed: &str, asked: &[&str]) -> Result<String, String> {
        let mut errors = FieldErrors::default();
        let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
        let names = read(Wanted::One, typed, &asked, &mut errors);
        match errors.check() {
            Ok(()) => Ok(names),
            Err(crate::Error::Invalid(fields)) => Err(fields[0].message.clone()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_are_read_in_every_way_that_people_write_them() {
        let typed = "WWW.Example.com., bücher.example\n 192.0.2.7;www.example.com";
        assert_eq!(
            read_server(typed, &[]).unwrap(),
            "www.example.com xn--bcher-kva.example 192.0.2.7"
        );
        assert_eq!(
            read_server(" ", &["a.example.com"]).unwrap(),
            "a.example.com"
        );
        assert_eq!(
            read_server("b.example.com", &["a.example.com"]).unwrap(),
            "b.example.com"
        );
    }

    #[test]
    fn what_is_no_name_is_said() {
        assert!(read_server("", &[]).unwrap_err().contains("at least one"));
        assert!(
            read_server("https://x.example", &[])
                .unwrap_err()
                .contains("https://x.example")
        );
        let many: Vec<String> = (0..51).map(|n| format!("h{n}.example.com")).collect();
        assert!(
            read_server(&many.join(" "), &[])
                .unwrap_err()
                .contains("50")
        );
        assert!(read_server(&many[..50].join(" "), &[]).is_ok());
    }

    #[test]
    fn a_device_with_a_name_needs_no_host() {
        for (wanted, field) in [(Wanted::Any, None), (Wanted::OneOrDevice, Some("device"))] {
            let mut errors = FieldErrors::default();
            assert_eq!(read(wanted, " ", &[], &mut errors), "");
            let told = errors.into_inner();
            assert_eq!(told.first().map(|one| one.field.as_str()), field);
        }
    }
}
