//! A certificate for the portal's own `https` listener, until the operator provides one.

use crate::extension::{self, usage};
use crate::tbs::{Fields, last_second, whole_seconds};
use crate::{Error, PrivateKey, Serial, asn1, name, oid, pem};
use domain::{KeyAlgorithm, Secret};
use rand_core::CryptoRng;
use time::{Duration, OffsetDateTime};

/// Days a self-signed server certificate is valid; browsers refuse more than 398.
const VALID_DAYS: i64 = 397;

/// Makes a P-256 key and a certificate that it signed itself, for host names and IP addresses.
/// Returns the key as PKCS#8 PEM and the certificate as PEM.
pub fn self_signed(
    names: &[String],
    now: OffsetDateTime,
    rng: &mut dyn CryptoRng,
) -> Result<(Secret<String>, String), Error> {
    let Some(first) = names.first() else {
        return Err(Error::Input(
            "a server certificate needs at least one host name",
        ));
    };
    if !names.iter().all(|name| is_host(name)) {
        return Err(Error::Input(
            "a server certificate is for host names and IP addresses only",
        ));
    }
    let key = PrivateKey::generate(KeyAlgorithm::P256)?;
    let public_key = key.public_key()?;
    let algorithm = crate::algorithm::SignatureAlgorithm::for_key(key.algorithm());
    let subject = name::common_name(&first.chars().take(name::LONGEST).collect::<String>());
    let hosts: Vec<Vec<u8>> = names
        .iter()
        .map(|name| extension::host_name(name))
        .collect();
    let not_before = whole_seconds(now) - Duration::HOUR;
    let tbs = Fields {
        serial: &Serial::generate(rng),
        signature: algorithm,
        issuer: &subject,
        not_before,
        not_after: last_second(not_before, Duration::days(VALID_DAYS)),
        subject: &subject,
        spki: public_key.spki_der(),
        extensions: &[
            extension::key_usage(usage::DIGITAL_SIGNATURE),
            extension::extended_key_usage(&[oid::SERVER_AUTH]),
            extension::subject_alt_name(&hosts, false),
            extension::subject_key_identifier(public_key.key_id()),
        ],
    }
    .to_der();
    let signature = algorithm.sign(key.pkey(), &tbs)?;
    let certificate = asn1::join_signed(&tbs, algorithm.identifier(), &signature);
    Ok((pem::private_key(&key)?, pem::certificates(&[certificate])?))
}

/// A host name in the letters of RFC 1123 section 2.1, or an IP address.
fn is_host(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
        || (name.len() <= 253
            && name.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && label
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            }))
}
