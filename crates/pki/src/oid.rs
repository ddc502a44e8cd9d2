//! Object identifiers used here, in one place so that they can be read next to their standards.

use const_oid::ObjectIdentifier as Oid;

const fn oid(dotted: &str) -> Oid {
    Oid::new_unwrap(dotted)
}

// Names: RFC 5280 appendix A.1.
pub(crate) const COMMON_NAME: Oid = oid("2.5.4.3");
pub(crate) const COUNTRY: Oid = oid("2.5.4.6");
pub(crate) const ORGANISATION: Oid = oid("2.5.4.10");
pub(crate) const SURNAME: Oid = oid("2.5.4.4");
pub(crate) const GIVEN_NAME: Oid = oid("2.5.4.42");
// ETSI EN 319 412-1 section 5.1.4.
pub(crate) const ORGANISATION_IDENTIFIER: Oid = oid("2.5.4.97");
// RFC 9598 section 3.
pub(crate) const SMTP_UTF8_MAILBOX: Oid = oid("1.3.6.1.5.5.7.8.9");

// Extensions: RFC 5280 section 4.2 and 5.2.
pub(crate) const SUBJECT_KEY_IDENTIFIER: Oid = oid("2.5.29.14");
pub(crate) const KEY_USAGE: Oid = oid("2.5.29.15");
pub(crate) const SUBJECT_ALT_NAME: Oid = oid("2.5.29.17");
pub(crate) const BASIC_CONSTRAINTS: Oid = oid("2.5.29.19");
pub(crate) const CRL_NUMBER: Oid = oid("2.5.29.20");
pub(crate) const REASON_CODE: Oid = oid("2.5.29.21");
pub(crate) const NAME_CONSTRAINTS: Oid = oid("2.5.29.30");
pub(crate) const CRL_DISTRIBUTION_POINTS: Oid = oid("2.5.29.31");
pub(crate) const CERTIFICATE_POLICIES: Oid = oid("2.5.29.32");
pub(crate) const ANY_POLICY: Oid = oid("2.5.29.32.0");
pub(crate) const AUTHORITY_KEY_IDENTIFIER: Oid = oid("2.5.29.35");
pub(crate) const EXTENDED_KEY_USAGE: Oid = oid("2.5.29.37");
pub(crate) const ANY_PURPOSE: Oid = oid("2.5.29.37.0");
pub(crate) const AUTHORITY_INFO_ACCESS: Oid = oid("1.3.6.1.5.5.7.1.1");
pub(crate) const QUALIFIER_CPS: Oid = oid("1.3.6.1.5.5.7.2.1");
pub(crate) const SERVER_AUTH: Oid = oid("1.3.6.1.5.5.7.3.1");
pub(crate) const CLIENT_AUTH: Oid = oid("1.3.6.1.5.5.7.3.2");
pub(crate) const EMAIL_PROTECTION: Oid = oid("1.3.6.1.5.5.7.3.4");
pub(crate) const OCSP_SIGNING: Oid = oid("1.3.6.1.5.5.7.3.9");
pub(crate) const ACCESS_OCSP: Oid = oid("1.3.6.1.5.5.7.48.1");
pub(crate) const ACCESS_CA_ISSUERS: Oid = oid("1.3.6.1.5.5.7.48.2");

// OCSP: RFC 6960 appendix B.1.
pub(crate) const OCSP_BASIC: Oid = oid("1.3.6.1.5.5.7.48.1.1");
pub(crate) const OCSP_NONCE: Oid = oid("1.3.6.1.5.5.7.48.1.2");
pub(crate) const OCSP_NO_CHECK: Oid = oid("1.3.6.1.5.5.7.48.1.5");

// S/MIME: RFC 4262 and RFC 8551; CA/Browser Forum S/MIME Baseline Requirements section 7.1.6.1.
pub(crate) const SMIME_CAPABILITIES: Oid = oid("1.2.840.113549.1.9.15");
pub(crate) const AES_128_CBC: Oid = oid("2.16.840.1.101.3.4.1.2");
pub(crate) const AES_128_GCM: Oid = oid("2.16.840.1.101.3.4.1.6");
pub(crate) const AES_256_CBC: Oid = oid("2.16.840.1.101.3.4.1.42");
pub(crate) const AES_256_GCM: Oid = oid("2.16.840.1.101.3.4.1.46");
pub(crate) const RESERVED_MAILBOX_MULTIPURPOSE: Oid = oid("2.23.140.1.5.1.2");
pub(crate) const RESERVED_MAILBOX_STRICT: Oid = oid("2.23.140.1.5.1.3");
pub(crate) const RESERVED_SPONSOR_MULTIPURPOSE: Oid = oid("2.23.140.1.5.3.2");
pub(crate) const RESERVED_SPONSOR_STRICT: Oid = oid("2.23.140.1.5.3.3");

// Requests and containers: RFC 2985, RFC 7292, RFC 8018.
pub(crate) const EXTENSION_REQUEST: Oid = oid("1.2.840.113549.1.9.14");
pub(crate) const FRIENDLY_NAME: Oid = oid("1.2.840.113549.1.9.20");
pub(crate) const LOCAL_KEY_ID: Oid = oid("1.2.840.113549.1.9.21");
pub(crate) const X509_CERTIFICATE: Oid = oid("1.2.840.113549.1.9.22.1");
pub(crate) const DATA: Oid = oid("1.2.840.113549.1.7.1");
pub(crate) const ENCRYPTED_DATA: Oid = oid("1.2.840.113549.1.7.6");
pub(crate) const SHROUDED_KEY_BAG: Oid = oid("1.2.840.113549.1.12.10.1.2");
pub(crate) const CERT_BAG: Oid = oid("1.2.840.113549.1.12.10.1.3");
pub(crate) const PBE_SHA1_3DES: Oid = oid("1.2.840.113549.1.12.1.3");
pub(crate) const PBKDF2: Oid = oid("1.2.840.113549.1.5.12");
pub(crate) const PBES2: Oid = oid("1.2.840.113549.1.5.13");
pub(crate) const HMAC_SHA256: Oid = oid("1.2.840.113549.2.9");
pub(crate) const SHA1: Oid = oid("1.3.14.3.2.26");
pub(crate) const SHA256: Oid = oid("2.16.840.1.101.3.4.2.1");

// Containers of others: RFC 7292 section 4.2 and appendix C, RFC 8018 appendix B and C, RFC 9879.
pub(crate) const SIGNED_DATA: Oid = oid("1.2.840.113549.1.7.2");
pub(crate) const ENVELOPED_DATA: Oid = oid("1.2.840.113549.1.7.3");
pub(crate) const KEY_BAG: Oid = oid("1.2.840.113549.1.12.10.1.1");
pub(crate) const SAFE_CONTENTS_BAG: Oid = oid("1.2.840.113549.1.12.10.1.6");
pub(crate) const PBE_SHA1_RC4_128: Oid = oid("1.2.840.113549.1.12.1.1");
pub(crate) const PBE_SHA1_RC4_40: Oid = oid("1.2.840.113549.1.12.1.2");
pub(crate) const PBE_SHA1_2DES: Oid = oid("1.2.840.113549.1.12.1.4");
pub(crate) const PBE_SHA1_RC2_128: Oid = oid("1.2.840.113549.1.12.1.5");
pub(crate) const PBE_SHA1_RC2_40: Oid = oid("1.2.840.113549.1.12.1.6");
pub(crate) const PBMAC1: Oid = oid("1.2.840.113549.1.5.14");
pub(crate) const HMAC_SHA1: Oid = oid("1.2.840.113549.2.7");
pub(crate) const HMAC_SHA224: Oid = oid("1.2.840.113549.2.8");
pub(crate) const HMAC_SHA384: Oid = oid("1.2.840.113549.2.10");
pub(crate) const HMAC_SHA512: Oid = oid("1.2.840.113549.2.11");
pub(crate) const DES_EDE3_CBC: Oid = oid("1.2.840.113549.3.7");
pub(crate) const AES_192_CBC: Oid = oid("2.16.840.1.101.3.4.1.22");
pub(crate) const SHA384: Oid = oid("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: Oid = oid("2.16.840.1.101.3.4.2.3");

// Keys: RFC 3279 section 2.3.
pub(crate) const RSA: Oid = oid("1.2.840.113549.1.1.1");
pub(crate) const EC: Oid = oid("1.2.840.10045.2.1");

// Signed messages: RFC 5652 section 11.
pub(crate) const CONTENT_TYPE: Oid = oid("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: Oid = oid("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: Oid = oid("1.2.840.113549.1.9.5");
