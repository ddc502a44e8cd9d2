//! Making the certificates of our own authorities: a root and an issuing authority below it.
//!
//! RFC 5280 and the S/MIME Baseline Requirements section 7.1.2: the root has no extended key usage
//! and no policies; the issuing authority signs nothing but end-entity certificates of one kind.

mod check;
mod facts;
mod find;
mod purpose;
mod request;

pub use check::check_issuing_certificate;
pub use facts::AuthorityFacts;
pub use find::find_issuing_certificate;
pub use purpose::AuthorityPurpose;
pub use request::create_issuing_request;

use crate::extension::{self, usage};
use crate::issuer::signature_algorithm;
use crate::tbs::{Fields, last_second, whole_seconds};
use crate::{Error, PrivateKey, PublicKey, Serial, SigningAuthority, asn1, name, oid, profile};
use domain::KeyAlgorithm;
use time::{Date, Duration, Month, OffsetDateTime};

/// Years an issuing authority is valid, unless its root ends sooner.
const ISSUING_YEARS: u8 = 10;

/// An authority's certificate starts this long before it was made, so that the first certificates
/// it signs, which are backdated for slow clocks, are still within its validity.
const BACKDATED: Duration = Duration::HOUR;

/// What an authority is called. Each key has a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityName {
    /// Common name, for example `Example Issuing CA 1`.
    pub common_name: String,
    /// Organisation.
    pub organisation: String,
    /// Two-letter country (ISO 3166-1).
    pub country: String,
}

/// Where the issuer of an authority's certificate publishes; plain `http`, so that checking a
/// certificate does not need another one (RFC 5280 section 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityUrls {
    /// The issuer's revocation list in DER.
    pub crl_url: String,
    /// The issuer's certificate in DER.
    pub issuer_url: String,
}

/// Makes the self-signed certificate of a root, in DER.
pub fn create_root(
    name: &AuthorityName,
    key: &PrivateKey,
    serial: &Serial,
    now: OffsetDateTime,
    years: u8,
) -> Result<Vec<u8>, Error> {
    check_strength(key.algorithm())?;
    if !(1..=25).contains(&years) {
        return Err(Error::Input("a root is valid for 1 to 25 years"));
    }
    let public_key = key.public_key()?;
    let name = name::authority(name)?;
    let algorithm = signature_algorithm(key.algorithm(), true);
    let not_before = whole_seconds(now) - BACKDATED;
    let tbs = Fields {
        serial,
        signature: algorithm,
        issuer: &name,
        not_before,
        not_after: after_years(not_before, years),
        subject: &name,
        spki: public_key.spki_der(),
        extensions: &[
            extension::basic_constraints_authority(None),
            extension::key_usage(usage::KEY_CERT_SIGN | usage::CRL_SIGN),
            extension::subject_key_identifier(public_key.key_id()),
        ],
    }
    .to_der();
    let signature = algorithm.sign(key.pkey(), &tbs)?;
    if !algorithm.verifies(&public_key, &tbs, &signature) {
        return Err(Error::BadSignature);
    }
    Ok(asn1::join_signed(&tbs, algorithm.identifier(), &signature))
}

/// Has a root sign the certificate of an issuing authority for mail; returns it in DER.
///
/// It lists `anyPolicy`, as an authority run by the root's own organisation may, so that the
/// policy of the certificates it signs can change without a new authority.
pub fn create_issuing(
    name: &AuthorityName,
    public_key: &PublicKey,
    root: &SigningAuthority,
    serial: &Serial,
    now: OffsetDateTime,
    urls: &AuthorityUrls,
) -> Result<Vec<u8>, Error> {
    let purpose = AuthorityPurpose::default();
    create_issuing_for(name, public_key, root, serial, now, urls, &purpose)
}

/// Like [`create_issuing`], for a purpose, which may confine it to domains.
pub fn create_issuing_for(
    name: &AuthorityName,
    public_key: &PublicKey,
    root: &SigningAuthority,
    serial: &Serial,
    now: OffsetDateTime,
    urls: &AuthorityUrls,
    purpose: &AuthorityPurpose,
) -> Result<Vec<u8>, Error> {
    check_strength(public_key.algorithm())?;
    for url in [&urls.crl_url, &urls.issuer_url] {
        if !profile::is_http_url(url) {
            return Err(Error::Input(
                "an authority publishes at a plain http:// address",
            ));
        }
    }
    let issuer = root.certificate();
    let subject = name::authority(name)?;
    if subject == issuer.subject_der() || public_key == issuer.public_key() {
        return Err(Error::Input(
            "the issuing authority has a name and a key of its own",
        ));
    }
    let not_before = (whole_seconds(now) - BACKDATED).max(issuer.not_before());
    let extensions = [
        purpose.extensions()?,
        vec![
            extension::certificate_policies(oid::ANY_POLICY, None),
            extension::crl_distribution_points(&urls.crl_url),
            extension::authority_info_access(None, &urls.issuer_url),
            extension::authority_key_identifier(issuer.key_id()),
            extension::subject_key_identifier(public_key.key_id()),
        ],
    ]
    .concat();
    let tbs = Fields {
        serial,
        signature: issuer.signature_algorithm(),
        issuer: issuer.subject_der(),
        not_before,
        not_after: after_years(not_before, ISSUING_YEARS).min(issuer.not_after()),
        subject: &subject,
        spki: public_key.spki_der(),
        extensions: &extensions,
    }
    .to_der();
    root.sign(&tbs)
}

fn check_strength(algorithm: KeyAlgorithm) -> Result<(), Error> {
    match algorithm {
        KeyAlgorithm::Rsa4096 | KeyAlgorithm::P384 => Ok(()),
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::P256 => {
            Err(Error::Key("an authority's key is RSA-4096 or P-384"))
        }
    }
}

/// The last second of so many years; 29 February ends with 28 February.
fn after_years(start: OffsetDateTime, years: u8) -> OffsetDateTime {
    let year = start.year() + i32::from(years);
    let end = start.replace_year(year).or_else(|_| {
        Date::from_calendar_date(year, Month::February, 28).map(|day| start.replace_date(day))
    });
    last_second(end.unwrap_or(start), Duration::ZERO)
}
