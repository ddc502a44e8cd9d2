//! The table of rules, for the documentation and for showing a finding with its reason.

/// One rule of the linter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its number, as in [`LintFinding::rule`](super::LintFinding::rule).
    pub number: &'static str,
    /// What it asks for.
    pub asks: &'static str,
    /// Why, and where it is written.
    pub reason: &'static str,
}

/// Every rule, in the order of its number.
pub const RULES: &[Rule] = &[
    Rule {
        number: "DER",
        asks: "canonical DER, nothing left over",
        reason: "two readers must see the same certificate (X.690 section 10)",
    },
    Rule {
        number: "L01",
        asks: "version 3, no unique identifiers",
        reason: "extensions exist from version 3 on (RFC 5280 section 4.1.2.1)",
    },
    Rule {
        number: "L02",
        asks: "serial number of 16 bytes, first digit 1 to 7, random, not given before",
        reason: "a guessable number helps to forge with a broken hash (RFC 5280 section 4.1.2.2, SBR 7.1)",
    },
    Rule {
        number: "L03",
        asks: "signature algorithm byte-exact and the issuer's",
        reason: "verifiers compare bytes (RFC 5280 section 4.1.2.3, SBR 7.1.3.2)",
    },
    Rule {
        number: "L04",
        asks: "key algorithm byte-exact",
        reason: "verifiers compare bytes (RFC 3279 section 2.3.1, RFC 5480 section 2.1.1)",
    },
    Rule {
        number: "L05",
        asks: "a strong key that nobody else has",
        reason: "a weak key lets others read and sign (SBR 6.1.1.3, 6.1.6)",
    },
    Rule {
        number: "L06",
        asks: "at most 730 days, counting the last second",
        reason: "addresses change hands (SBR 6.3.2 allows 825)",
    },
    Rule {
        number: "L07",
        asks: "starts in the past hour, not in the future",
        reason: "a certificate must not claim to be older than its request (SBR 7.1.2.3)",
    },
    Rule {
        number: "L08",
        asks: "UTCTime to 2049, then GeneralizedTime",
        reason: "other encodings are rejected (RFC 5280 section 4.1.2.5)",
    },
    Rule {
        number: "L09",
        asks: "issuer byte-identical to the authority's name",
        reason: "chains are built by comparing names (RFC 5280 section 4.1.2.4)",
    },
    Rule {
        number: "L10",
        asks: "subject of the profile: the address, or person and organisation",
        reason: "what is not validated is not certified (SBR 7.1.4.2)",
    },
    Rule {
        number: "L11",
        asks: "common name is an address in the alternative name or the person's name",
        reason: "people read the common name, programs the alternative name (SBR 7.1.4.2.2)",
    },
    Rule {
        number: "L12",
        asks: "alternative name: the mail addresses that were checked and nothing else, critical if the subject is empty",
        reason: "mail programs compare it with the sender (RFC 8550 section 3, RFC 5280 section 4.2.1.6)",
    },
    Rule {
        number: "L13",
        asks: "rfc822Name in lower case, SmtpUTF8Mailbox beyond ASCII, domain in A-labels",
        reason: "one address has one form (RFC 9598 section 3)",
    },
    Rule {
        number: "L14",
        asks: "key usage critical and what the key and its purpose need",
        reason: "a key must not sign certificates or do another's work (RFC 8551 section 4.4.2, SBR 7.1.2.3)",
    },
    Rule {
        number: "L15",
        asks: "extended key usage emailProtection, with clientAuth where it was asked for",
        reason: "a mail key must not open doors elsewhere (SBR 7.1.2.3)",
    },
    Rule {
        number: "L16",
        asks: "no basic constraints",
        reason: "no person is an authority (RFC 5280 section 4.2.1.9)",
    },
    Rule {
        number: "L17",
        asks: "key identifiers of issuer and key",
        reason: "chains are built by them (RFC 5280 sections 4.2.1.1 and 4.2.1.2)",
    },
    Rule {
        number: "L18",
        asks: "revocation list at http addresses alone",
        reason: "checking a certificate must not need another one (RFC 5280 section 4.2.1.13)",
    },
    Rule {
        number: "L19",
        asks: "issuer's certificate at an http address",
        reason: "a chain with a gap can be completed (RFC 5280 section 4.2.2.1)",
    },
    Rule {
        number: "L20",
        asks: "one policy of our own, or the reserved one that was chosen",
        reason: "a reserved policy claims audits, which only the operator can know of (SBR 7.1.6)",
    },
    Rule {
        number: "L21",
        asks: "no other extension, and none twice",
        reason: "what nobody checks may mean anything (RFC 5280 section 4.2)",
    },
    Rule {
        number: "L22",
        asks: "S/MIME capabilities not critical, with AES-256",
        reason: "the first encrypted reply is a strong one (RFC 4262, RFC 8551 section 2.5.2)",
    },
    Rule {
        number: "L23",
        asks: "no Microsoft extension",
        reason: "it can grant a sign-in to Windows, which no template asks for",
    },
    Rule {
        number: "L24",
        asks: "neither the authority's own key nor another person's",
        reason: "one key, one owner (SBR 6.1.1)",
    },
    Rule {
        number: "L25",
        asks: "the mailbox was proved: recorded by the organisation as the person's, or by mail in the \
               past 30 days, or by its domain in the past 398",
        reason: "only the owner gets a certificate (SBR 1.3.2.1, 3.2.2, 4.2.1)",
    },
    Rule {
        number: "L26",
        asks: "the CAA records of its domains do not forbid it",
        reason: "a domain may choose its authorities (RFC 8659, RFC 9495)",
    },
    Rule {
        number: "L27",
        asks: "within the issuer's validity",
        reason: "nobody could verify the rest (RFC 5280 section 6.1)",
    },
    Rule {
        number: "L28",
        asks: "not signed by a root",
        reason: "a root's key stays out of daily use (SBR 6.1.7)",
    },
    Rule {
        number: "L29",
        asks: "within the domains the issuer is confined to",
        reason: "verifiers refuse the rest (RFC 5280 section 4.2.1.10)",
    },
    Rule {
        number: "L30",
        asks: "an issuer for this kind of certificate, by its extended key usage",
        reason: "verifiers apply an authority's usage to all below it, and mail stays apart from TLS",
    },
    Rule {
        number: "T01",
        asks: "subject for TLS: empty or one common name, the checked name or that of the host",
        reason: "what was not checked is not certified (RFC 9525 section 2)",
    },
    Rule {
        number: "T02",
        asks: "alternative name for TLS: the mail addresses of a person, or hosts of a server or device",
        reason: "programs compare it with whom they talk to (RFC 9525 section 6, RFC 5280 section 4.2.1.6)",
    },
    Rule {
        number: "T03",
        asks: "names in lower case and A-labels, a wildcard alone at the left, none twice",
        reason: "one host has one form (RFC 9525 section 6.3, RFC 5890 section 2.3.2.1)",
    },
    Rule {
        number: "T04",
        asks: "key usage for TLS critical: digitalSignature, and keyEncipherment for a server's RSA key",
        reason: "a key must not sign certificates or do another's work (RFC 5280 section 4.2.1.3)",
    },
    Rule {
        number: "T05",
        asks: "extended key usage clientAuth for a person, serverAuth for a server, both for a device",
        reason: "a person's key must not pass for a server (RFC 5280 section 4.2.1.12)",
    },
    Rule {
        number: "T06",
        asks: "no S/MIME capabilities in a certificate for TLS",
        reason: "they would invite mail to a key that is not for mail (RFC 4262)",
    },
];

/// The rule with this number.
pub fn find(number: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.number == number)
}
