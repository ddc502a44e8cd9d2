//! Rows of a CSV file (RFC 4180) that a spreadsheet opens without running anything in it.

use std::fmt::Write as _;

/// Appends a row.
pub(crate) fn push_row(csv: &mut String, fields: &[&str]) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            csv.push(',');
        }
        push_field(csv, field);
    }
    csv.push_str("\r\n");
}

/// A spreadsheet takes what begins like this for a formula, and a formula can start programs; after
/// an apostrophe it is text (OWASP, CSV injection).
fn push_field(csv: &mut String, field: &str) {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if field.contains([',', '"', '\r', '\n']) {
        // Writing to a string cannot fail.
        let _ = write!(csv, "\"{guard}{}\"", field.replace('"', "\"\""));
    } else {
        let _ = write!(csv, "{guard}{field}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        for (field, written) in [
            ("", ""),
            ("Alice Smith", "Alice Smith"),
            ("Smith, Alice", "\"Smith, Alice\""),
            ("a \"b\" c", "\"a \"\"b\"\" c\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("=1,2", "\"'=1,2\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a=b", "a=b"),
        ] {
            let mut csv = String::new();
            push_row(&mut csv, &[field, "x"]);
            assert_eq!(csv, format!("{written},x\r\n"), "{field:?}");
        }
    }
}
