//! Taking PEM text apart (RFC 7468 section 2): the blocks in it, whatever stands between them.

use openssl::base64::decode_block;
use zeroize::Zeroizing;

/// One block.
pub(crate) struct Block<'a> {
    /// What it is called, for example `CERTIFICATE`.
    pub(crate) label: &'a str,
    /// Its text with the lines of begin and end.
    pub(crate) text: &'a str,
    inner: &'a str,
}

impl Block<'_> {
    /// The content, if it is base64 without headers.
    pub(crate) fn content(&self) -> Option<Zeroizing<Vec<u8>>> {
        let joined: Zeroizing<String> = Zeroizing::new(self.inner.split_whitespace().collect());
        decode_block(&joined).ok().map(Zeroizing::new)
    }

    /// Whether it has the headers of old encrypted keys (RFC 1421 section 4.6.1.1).
    pub(crate) fn has_headers(&self) -> bool {
        self.inner.contains(':')
    }
}

/// The blocks in their order. A block without an end is left out, and so is all after it.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find(BEGIN) {
        let Some(block) = rest.get(begin..).and_then(first) else {
            break;
        };
        rest = rest.get(begin + block.text.len()..).unwrap_or_default();
        found.push(block);
    }
    found
}

/// Whether bytes are meant as PEM rather than DER.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.contains(BEGIN))
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

fn first(text: &str) -> Option<Block<'_>> {
    let (label, after) = text.strip_prefix(BEGIN)?.split_once(DASHES)?;
    let end = format!("-----END {label}{DASHES}");
    let length = after.find(&end)?;
    let whole = text.len() - after.len() + length + end.len();
    Some(Block {
        label,
        text: text.get(..whole)?,
        inner: after.get(..length)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_between_other_text() {
        let text = "Bag Attributes\n-----BEGIN A-----\nYWJj\r\n-----END A-----\nmore\n\
                    -----BEGIN B C-----\nProc-Type: 4,ENCRYPTED\n\nYQ==\n-----END B C-----\n\
                    -----BEGIN A-----\ncut";
        let found = blocks(text);
        let labels: Vec<&str> = found.iter().map(|block| block.label).collect();
        assert_eq!(labels, ["A", "B C"]);
        assert_eq!(found[0].content().unwrap().as_slice(), b"abc");
        assert_eq!(found[0].text, "-----BEGIN A-----\nYWJj\r\n-----END A-----");
        assert!(found[1].has_headers() && !found[0].has_headers());
        assert!(found[1].content().is_none());
        assert!(is_pem(text.as_bytes()));
        assert!(!is_pem(b"\x30\x80\xff-----BEGIN A-----"));
        assert!(blocks("-----BEGIN -----BEGIN A").is_empty());
    }
}
