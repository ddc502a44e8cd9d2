//! A good certificate in parts, each of which a test can replace.

use super::super::{LintError, lint};
use crate::asn1::{
    boolean_true, constructed, integer, octet_string, oid as oid_der, sequence, sequence_of,
    time as time_der,
};
use crate::extension::{self, usage};
use crate::{
    AuthorityName, AuthorityPurpose, AuthorityUrls, PrivateKey, PublicKey, Serial,
    SigningAuthority, TlsPurpose, name, oid,
};
use const_oid::ObjectIdentifier;
use domain::KeyAlgorithm;
use rand::{SeedableRng, rngs::StdRng};
use std::sync::OnceLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(super) const NOW: OffsetDateTime = datetime!(2026-10-01 12:00 UTC);
pub(super) const START: OffsetDateTime = datetime!(2026-10-01 11:55 UTC);

/// For mail, without signing in.
pub(super) fn authority() -> &'static SigningAuthority {
    static AUTHORITY: OnceLock<SigningAuthority> = OnceLock::new();
    AUTHORITY.get_or_init(|| make_authority(&AuthorityPurpose::default()))
}

/// For mail and signing in.
pub(super) fn multipurpose_authority() -> &'static SigningAuthority {
    static AUTHORITY: OnceLock<SigningAuthority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        make_authority(&AuthorityPurpose::Mail {
            domains: Vec::new(),
            has_client_auth: true,
        })
    })
}

/// For TLS.
pub(super) fn tls_authority() -> &'static SigningAuthority {
    static AUTHORITY: OnceLock<SigningAuthority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        make_authority(&AuthorityPurpose::Tls {
            domains: Vec::new(),
        })
    })
}

fn make_authority(purpose: &AuthorityPurpose) -> SigningAuthority {
    let name = |common_name: &str| AuthorityName {
        common_name: common_name.to_owned(),
        organisation: "Example".to_owned(),
        country: "DE".to_owned(),
    };
    let urls = AuthorityUrls {
        crl_url: "http://pki.example.com/root.crl".to_owned(),
        issuer_url: "http://pki.example.com/root.cer".to_owned(),
    };
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let root = crate::create_root(&name("Root"), &key, &serial(), NOW, 20).unwrap();
    let root = SigningAuthority::new(&root, key).unwrap();
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let public = key.public_key().unwrap();
    let name = name("Issuing");
    let serial = serial();
    let der = crate::create_issuing_for(&name, &public, &root, &serial, NOW, &urls, purpose);
    SigningAuthority::new(&der.unwrap(), key).unwrap()
}

pub(super) fn serial() -> Serial {
    Serial::generate(&mut StdRng::seed_from_u64(7))
}

pub(super) fn key(algorithm: KeyAlgorithm) -> PublicKey {
    PrivateKey::generate(algorithm)
        .unwrap()
        .public_key()
        .unwrap()
}

/// The parts of a `TBSCertificate` in DER, each of which a variant can replace.
pub(super) struct Draft {
    pub(super) version: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) validity: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) spki: Vec<u8>,
    pub(super) unique_ids: Vec<u8>,
    pub(super) extensions: Vec<Vec<u8>>,
}

/// Places in `Draft::extensions`.
pub(super) const USAGE: usize = 0;
pub(super) const EXTENDED: usize = 1;
pub(super) const NAMES: usize = 2;
pub(super) const POLICIES: usize = 3;
pub(super) const LIST: usize = 4;
pub(super) const ACCESS: usize = 5;
pub(super) const ISSUER_ID: usize = 6;
pub(super) const OWN_ID: usize = 7;
pub(super) const CAPABILITIES: usize = 8;

pub(super) fn draft(key: &PublicKey) -> Draft {
    let issuer = authority().certificate();
    let key_use = if key.algorithm().is_rsa() {
        usage::KEY_ENCIPHERMENT
    } else {
        usage::KEY_AGREEMENT
    };
    Draft {
        version: constructed(0, &integer(2)),
        serial: serial().to_der(),
        signature: issuer.signature_algorithm().identifier().to_vec(),
        issuer: issuer.subject_der().to_vec(),
        validity: validity(START, START + Duration::days(365) - Duration::SECOND),
        subject: name::common_name("alice@example.com"),
        spki: key.spki_der().to_vec(),
        unique_ids: Vec::new(),
        extensions: vec![
            extension::key_usage(usage::DIGITAL_SIGNATURE | key_use),
            extension::extended_key_usage(&[oid::EMAIL_PROTECTION]),
            names(&["alice@example.com"], false),
            extension::certificate_policies("1.2.3.4".parse().unwrap(), None),
            extension::crl_distribution_points("http://pki.example.com/1.crl"),
            extension::authority_info_access(
                Some("http://pki.example.com/ocsp"),
                "http://pki.example.com/1.cer",
            ),
            extension::authority_key_identifier(issuer.key_id()),
            extension::subject_key_identifier(key.key_id()),
            extension::smime_capabilities(),
        ],
    }
}

/// A good certificate for TLS, in the places of [`draft`] but for the capabilities.
pub(super) fn tls_draft(key: &PublicKey, purpose: TlsPurpose) -> Draft {
    let issuer = tls_authority().certificate();
    let mut draft = draft(key);
    draft.issuer = issuer.subject_der().to_vec();
    draft.extensions[ISSUER_ID] = extension::authority_key_identifier(issuer.key_id());
    draft.extensions.truncate(CAPABILITIES);
    let is_client = purpose == TlsPurpose::Client;
    let encrypts = key.algorithm().is_rsa() && !is_client;
    let more = if encrypts { usage::KEY_ENCIPHERMENT } else { 0 };
    draft.extensions[USAGE] = extension::key_usage(usage::DIGITAL_SIGNATURE | more);
    let purposes: &[ObjectIdentifier] = match purpose {
        TlsPurpose::Client => &[oid::CLIENT_AUTH],
        TlsPurpose::Server => &[oid::SERVER_AUTH],
        TlsPurpose::Device => &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
    };
    draft.extensions[EXTENDED] = extension::extended_key_usage(purposes);
    if !is_client {
        draft.subject = name::common_name("www.example.com");
        draft.extensions[NAMES] = hosts(&["www.example.com", "192.0.2.1"], false);
    }
    draft
}

impl Draft {
    pub(super) fn to_der(&self) -> Vec<u8> {
        sequence(&[
            &self.version,
            &self.serial,
            &self.signature,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.spki,
            &self.unique_ids,
            &constructed(3, &sequence_of(&self.extensions)),
        ])
    }
}

pub(super) fn validity(start: OffsetDateTime, end: OffsetDateTime) -> Vec<u8> {
    sequence(&[&time_der(start), &time_der(end)])
}

pub(super) fn names(addresses: &[&str], is_critical: bool) -> Vec<u8> {
    let names: Vec<Vec<u8>> = addresses
        .iter()
        .map(|one| extension::mailbox_name(one))
        .collect();
    extension::subject_alt_name(&names, is_critical)
}

pub(super) fn hosts(hosts: &[&str], is_critical: bool) -> Vec<u8> {
    let names: Vec<Vec<u8>> = hosts.iter().map(|one| extension::host_name(one)).collect();
    extension::subject_alt_name(&names, is_critical)
}

/// An extension with any criticality and content.
pub(super) fn raw(id: ObjectIdentifier, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical {
        boolean_true()
    } else {
        Vec::new()
    };
    sequence(&[&oid_der(id), &critical, &octet_string(value)])
}

pub(super) fn rules(tbs: &[u8]) -> Vec<&'static str> {
    match lint(tbs, authority().certificate()) {
        Ok(_) => Vec::new(),
        Err(LintError(findings)) => findings.iter().map(|finding| finding.rule).collect(),
    }
}
