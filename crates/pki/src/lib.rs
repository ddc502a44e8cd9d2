//! Keys, requests, certificates, revocation lists, OCSP answers and PFX containers.
//!
//! Pure functions over DER: no I/O, no clock, and randomness is an argument, except that OpenSSL
//! makes keys and blinds signatures with its own generator. This is the only crate that uses
//! OpenSSL. What is to be signed exists as bytes and has been linted before a key touches it.

mod algorithm;
mod asn1;
pub mod authority;
mod ber;
pub mod certificate;
pub mod cms;
pub mod crl;
pub mod csr;
mod describe;
mod error;
mod extension;
mod foreign;
mod holder;
pub mod import;
mod issuer;
pub mod key;
mod kind;
pub mod lint;
pub mod mobileconfig;
mod name;
mod named;
pub mod ocsp;
mod oid;
pub mod pem;
pub mod pfx;
pub mod prepare;
pub mod profile;
pub mod serial;
mod sign;
mod tbs;
pub mod tls;
mod tls_holder;
mod twin;

pub use authority::{
    AuthorityFacts, AuthorityName, AuthorityPurpose, AuthorityUrls, check_issuing_certificate,
    create_issuing, create_issuing_for, create_issuing_request, create_root,
    find_issuing_certificate,
};
pub use certificate::Certificate;
pub use cms::{p7b, sign_mobileconfig};
pub use crl::{
    CrlEntries, ForeignCrl, RevokedEntry, create_crl, create_crl_of, read_crl, read_foreign_crl,
};
pub use csr::{CertificationRequest, RequestError, check_csr, create_csr, csr_der, read_csr};
pub use describe::describe;
pub use error::Error;
pub use foreign::ForeignCertificate;
pub use holder::{CommonName, Holder, KeyPurpose, OrganisationIdentifier, SponsoredPerson};
pub use import::{AuthorityFile, AuthorityNotice, ImportError, ImportedAuthority, read_authority};
pub use issuer::{IssuerPurpose, IssuingCertificate, SigningAuthority};
pub use key::blocklist::KeyBlocklist;
pub use key::{PrivateKey, PublicKey};
pub use kind::{CertificateKind, Generation, MailKind, TlsPurpose};
pub use lint::{LintError, LintFacts, LintFinding, lint, lint_with};
pub use named::Named;
pub use pfx::{
    BundleEntry, BundleInput, BundleManyInput, ImportedPair, ImportedPfx, PfxError, PfxLimits,
    bundle, bundle_many, read_pfx, verify_opens,
};
pub use prepare::{Intent, Planned, prepare, prepare_for, prepare_tls};
pub use profile::{Policy, SmimeProfile, TlsProfile};
pub use serial::Serial;
pub use sign::sign;
pub use tbs::tbs_key_sha256;
pub use tls_holder::TlsHolder;
pub use twin::lint_twin;
