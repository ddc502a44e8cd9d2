use super::*;
use proptest::prelude::*;

const SERIAL: [u8; 16] = [
    0x5f, 0x2a, 0x9c, 0x1e, 0x77, 0xb0, 0xd3, 0x58, 0x6e, 0x01, 0xc2, 0xaa, 0x93, 0xf4, 0xd7, 0xe1,
];

fn contains(range: &ByteRange, bytes: &[u8]) -> bool {
    range.first.as_slice() <= bytes && bytes <= range.last.as_slice()
}

fn finds_serial(typed: &str, serial: &[u8]) -> bool {
    match CertificateSearch::parse(typed) {
        CertificateSearch::Number(number) => {
            number.decimal.as_deref() == Some(serial)
                || number.serial.is_some_and(|range| contains(&range, serial))
        }
        _ => false,
    }
}

#[test]
fn a_serial_is_known_however_it_is_written() {
    for typed in [
        "5f2a9c1e77b0d3586e01c2aa93f4d7e1",
        "5F2A9C1E77B0D3586E01C2AA93F4D7E1",
        "5f:2a:9c:1e:77:b0:d3:58:6e:01:c2:aa:93:f4:d7:e1",
        " 5f 2a 9c 1e 77 b0 d3 58 6e 01 c2 aa 93 f4 d7 e1 ",
        "5f2a 9c1e 77b0 d358 6e01 c2aa 93f4 d7e1",
        "00:5f:2a:9c:1e:77:b0:d3:58:6e:01:c2:aa:93:f4:d7:e1",
        "0x5F2A9C1E77B0D3586E01C2AA93F4D7E1",
        "serial=5F2A9C1E77B0D3586E01C2AA93F4D7E1",
        "126497902537411000938336647901588281313",
        "126497 902537411000938336647901 588281313",
        "5f2a9c1e",
        "5f2a9c1e7",
    ] {
        assert!(finds_serial(typed, &SERIAL), "{typed}");
    }
    for typed in [
        "5f2a9c1f",
        "126497902537411000938336647901588281314",
        "2a9c1e77",
    ] {
        assert!(!finds_serial(typed, &SERIAL), "{typed}");
    }
    assert!(finds_serial("00000001", &[0, 0, 0, 1]));
}

#[test]
fn a_thumbprint_is_known_by_its_beginning() {
    let thumbprint: Vec<u8> = [0x9e, 0x1c].repeat(16);
    let colons = ["9E:1C"; 16].join(":");
    for typed in [
        "9e1c".repeat(16),
        colons.clone(),
        format!("SHA256 Fingerprint={colons}"),
        format!("sha256:{}", "9e1c".repeat(16)),
        "9e1c9e1c".to_owned(),
        "9e1c9e1c9".to_owned(),
        "9e1c".repeat(11),
    ] {
        let CertificateSearch::Number(number) = CertificateSearch::parse(&typed) else {
            panic!("{typed} is a number");
        };
        assert!(contains(&number.thumbprint, &thumbprint), "{typed}");
        assert_eq!(number.serial.is_some(), typed.len() < 40, "{typed}");
        assert_eq!(number.decimal, None, "{typed}");
    }
}

#[test]
fn everything_else_is_words() {
    for (typed, words) in [
        ("alice", &["alice"] as &[&str]),
        ("  Alice\tSMITH ", &["alice", "smith"]),
        (
            "Alice Smith <alice@example.com>,",
            &["alice", "smith", "alice@example.com"],
        ),
        ("@example.com", &["example.com"]),
        ("Müller", &["müller"]),
        ("facade", &["facade"]),
        ("deadbeef", &["deadbeef"]),
        ("1234567", &["1234567"]),
        ("a b c d e", &["a", "b", "c", "d"]),
        ("x\0y", &["x", "y"]),
        ("<>", &[]),
    ] {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(
            CertificateSearch::parse(typed),
            CertificateSearch::Words(words),
            "{typed:?}"
        );
    }
    for typed in ["", "  ", "\0"] {
        assert_eq!(
            CertificateSearch::parse(typed),
            CertificateSearch::Everything
        );
    }
    let too_long = "9e1c".repeat(17);
    assert!(matches!(
        CertificateSearch::parse(&too_long),
        CertificateSearch::Words(_)
    ));
}

#[test]
fn a_certificate_is_found_by_the_parts_of_mail_and_name() {
    let name = Name::parse("Anne-Marie O'Brien Müller").unwrap();
    let mailbox = Mailbox::parse("Anne.Mueller+x@mail.example.com").unwrap();
    assert_eq!(
        search_words(&name, &mailbox),
        [
            "anne-marie",
            "anne.mueller+x@mail.example.com",
            "brien",
            "mail.example.com",
            "marie",
            "mueller+x@mail.example.com",
            "müller",
            "o'brien",
            "x@mail.example.com",
        ]
    );
}

proptest! {
    #[test]
    fn nothing_typed_is_a_fault(typed in any::<String>()) {
        CertificateSearch::parse(&typed);
    }

    #[test]
    fn a_number_reads_the_same_in_both_bases(value in 10_000_000_u128..) {
        let bytes: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
        prop_assert!(finds_serial(&value.to_string(), &bytes));
        prop_assert_eq!(decimal(&value.to_string()), Some(bytes));
    }

    #[test]
    fn every_beginning_is_in_its_range(bytes in proptest::collection::vec(any::<u8>(), 20), digits in 1_usize..=40) {
        let hex = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        prop_assert!(contains(&begins_with(&hex[..digits]), &bytes));
    }
}

#[test]
fn a_server_is_found_by_its_names_and_their_domains() {
    let words = name_words("www.example.com *.shop.example.com 192.0.2.7", "");
    for typed in [
        "www.example.com",
        "example.com",
        "*.shop.example.com",
        "shop.example.com",
    ] {
        assert!(words.iter().any(|word| word.starts_with(typed)), "{typed}");
    }
    assert!(words.contains(&"192.0.2.7".to_owned()));
    assert!(!words.iter().any(|word| word == "com" || word == "0.2.7"));
    assert_eq!(name_words("", ""), Vec::<String>::new());
}

#[test]
fn further_addresses_and_devices_are_found_by_their_parts() {
    let words = name_words("a.smith@example.com sales@example.com", "Printer HP-7");
    for word in [
        "a.smith@example.com",
        "smith@example.com",
        "sales@example.com",
        "example.com",
        "printer",
        "hp-7",
        "7",
    ] {
        assert!(words.iter().any(|known| known == word), "{word}: {words:?}");
    }
    // What is cut off a host is not cut off a domain of a mail address.
    assert!(!words.iter().any(|known| known == "com"), "{words:?}");
}
