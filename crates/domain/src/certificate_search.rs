//! What somebody has in hand when they look for a certificate: a serial, a thumbprint, or part of a
//! name or mail address. Decides which, and says which words a certificate is found by.

use crate::{Mailbox, Name};

/// A text with fewer hexadecimal digits is a word: nobody knows so little of a number, and "dad1"
/// may be a name.
const SHORTEST_NUMBER: usize = 8;
/// RFC 5280 section 4.1.2.2: a serial has at most 20 octets.
const SERIAL_BYTES: usize = 20;
/// SHA-256.
const THUMBPRINT_BYTES: usize = 32;
/// Words of a search beyond these are not looked at.
const WORDS: usize = 4;

/// A search, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSearch {
    /// Nothing was typed: every certificate.
    Everything,
    /// A number as mail programs and tools show it.
    Number(NumberSearch),
    /// Lower-cased words; a certificate has to have one that begins with each.
    Words(Vec<String>),
}

/// A number may be several things until one of them is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSearch {
    /// The serial, where the number was decimal.
    pub decimal: Option<Vec<u8>>,
    /// Serials that begin with the number.
    pub serial: Option<ByteRange>,
    /// Thumbprints that begin with the number.
    pub thumbprint: ByteRange,
}

/// All byte strings from `first` to `last`, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByteRange {
    /// The lowest.
    pub first: Vec<u8>,
    /// The highest.
    pub last: Vec<u8>,
}

impl CertificateSearch {
    /// Understands what was typed or pasted. There is no wrong input, only some that finds nothing.
    pub fn parse(typed: &str) -> Self {
        let typed: String = typed
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if let Some(number) = number(&typed) {
            return Self::Number(number);
        }
        // Ended by a comma or in brackets, as mail programs write people down.
        let around = |c: char| matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')' | '@');
        let words: Vec<String> = typed
            .split_whitespace()
            .map(|word| word.trim_matches(around).to_lowercase())
            .filter(|word| !word.is_empty())
            .take(WORDS)
            .collect();
        if words.is_empty() && typed.trim().is_empty() {
            Self::Everything
        } else {
            Self::Words(words)
        }
    }
}

/// The words that a certificate is found by, lower-cased: the mailbox, what follows each `.`, `_`,
/// `-`, `+` or `'` in its local part, its domain, and the words of the name with what follows each
/// hyphen or apostrophe in them. A search finds whatever begins with what was typed.
pub fn search_words(name: &Name, mailbox: &Mailbox) -> Vec<String> {
    let name = name.as_str().to_lowercase();
    let words = std::iter::once(mailbox.as_str()).chain(name.split_whitespace());
    sorted(words.flat_map(with_rests).collect())
}

/// The words that a certificate is found by besides: of a server or device each of its names, and what
/// follows each dot, so that a domain finds what is below it; further addresses of a person; and what
/// a device is called. `names` are separated by blanks.
pub fn name_words(names: &str, device: &str) -> Vec<String> {
    let device = device.to_lowercase();
    let mut words: Vec<String> = device.split_whitespace().flat_map(with_rests).collect();
    for name in names.split_whitespace() {
        if name.contains('@') {
            words.extend(with_rests(name));
            continue;
        }
        words.push(name.to_lowercase());
        // Parts of an address are nobody's name.
        if name.parse::<std::net::IpAddr>().is_err() {
            let rests = name
                .match_indices('.')
                .filter_map(|(at, _)| name.get(at + 1..));
            words.extend(
                rests
                    .filter(|rest| rest.contains('.'))
                    .map(str::to_lowercase),
            );
        }
    }
    sorted(words)
}

/// A word, and what follows each punctuation mark up to an `@`.
fn with_rests(word: &str) -> Vec<String> {
    let mut words = vec![word.to_owned()];
    let local = word.find('@').unwrap_or(word.len());
    for (at, c) in word.char_indices().filter(|(at, _)| *at <= local) {
        let rest = word.get(at + c.len_utf8()..).unwrap_or_default();
        if matches!(c, '.' | '_' | '-' | '+' | '\'' | '@') && !rest.is_empty() {
            words.push(rest.to_owned());
        }
    }
    words
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    words
}

/// Reads a number in hexadecimal or decimal digits: in one piece, in groups, with colons, and with
/// the label that tools put before it (`serial=`, `SHA256 Fingerprint=`, `0x`).
fn number(typed: &str) -> Option<NumberSearch> {
    let value = typed.rsplit('=').next()?.trim().to_ascii_lowercase();
    let value = ["0x", "sha256:", "sha-256:"]
        .iter()
        .find_map(|label| value.strip_prefix(label))
        .unwrap_or(&value);
    let digits: String = value
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    let is_number = digits.bytes().all(|b| b.is_ascii_hexdigit())
        && (SHORTEST_NUMBER..=2 * THUMBPRINT_BYTES).contains(&digits.len())
        && (value.contains(':') || digits.bytes().any(|b| b.is_ascii_digit()));
    is_number.then(|| NumberSearch {
        decimal: decimal(&digits).filter(|_| !value.contains(':')),
        serial: (digits.len() <= 2 * SERIAL_BYTES).then(|| begins_with(serial_digits(&digits))),
        thumbprint: begins_with(&digits),
    })
}

/// Tools put `00` before a serial whose first bit is set (X.690 section 8.3); it is no part of it.
fn serial_digits(digits: &str) -> &str {
    let mut rest = digits;
    while let Some(shorter) = rest.strip_prefix("00") {
        if shorter.len() < SHORTEST_NUMBER {
            break;
        }
        rest = shorter;
    }
    rest
}

/// All byte strings, none longer than a thumbprint, that begin with these hexadecimal digits.
fn begins_with(digits: &str) -> ByteRange {
    let fill = |with: char, bytes: usize| {
        let mut nibbles: Vec<u8> = digits.chars().filter_map(nibble).collect();
        while nibbles.len() < 2 * bytes || nibbles.len() % 2 == 1 {
            nibbles.extend(nibble(with));
        }
        nibbles
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, nibble| byte << 4 | nibble))
            .collect()
    };
    ByteRange {
        first: fill('0', 0),
        last: fill('f', THUMBPRINT_BYTES),
    }
}

fn nibble(digit: char) -> Option<u8> {
    digit
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// The bytes of a decimal number, without leading zeros; nothing where it is too long for a serial.
fn decimal(digits: &str) -> Option<Vec<u8>> {
    // Least significant byte first while counting.
    let mut bytes: Vec<u8> = Vec::new();
    for digit in digits.chars() {
        let mut carry = digit.to_digit(10)?;
        for byte in &mut bytes {
            let [low, high, ..] = (u32::from(*byte) * 10 + carry).to_le_bytes();
            *byte = low;
            carry = u32::from(high);
        }
        if carry > 0 {
            bytes.push(u8::try_from(carry).ok()?);
        }
    }
    bytes.reverse();
    (1..=SERIAL_BYTES).contains(&bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests;
