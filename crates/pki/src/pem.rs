//! PEM (RFC 7468): certificates and keys as text.

pub(crate) mod blocks;

use crate::{Error, PrivateKey};
use domain::Secret;
use openssl::x509::{X509, X509Req};

/// Certificates as PEM, one after the other.
pub fn certificates<T: AsRef<[u8]>>(ders: &[T]) -> Result<String, Error> {
    let mut text = String::new();
    for der in ders {
        let pem = X509::from_der(der.as_ref())?.to_pem()?;
        text.push_str(&String::from_utf8_lossy(&pem));
    }
    Ok(text)
}

/// Reads certificates from PEM, in DER.
pub fn read_certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let certificates = X509::stack_from_pem(pem)?;
    Ok(certificates
        .iter()
        .map(|one| one.to_der())
        .collect::<Result<_, _>>()?)
}

/// A signing request (PKCS#10, RFC 2986) as PEM.
pub fn request(der: &[u8]) -> Result<String, Error> {
    let pem = X509Req::from_der(der)?.to_pem()?;
    Ok(String::from_utf8_lossy(&pem).into_owned())
}

/// A private key as PKCS#8 PEM, unencrypted.
pub fn private_key(key: &PrivateKey) -> Result<Secret<String>, Error> {
    let pem = key.pkey().private_key_to_pem_pkcs8()?;
    Ok(Secret::new(
        String::from_utf8(pem).map_err(|_| Error::Key("it is not text"))?,
    ))
}

/// Reads a private key from unencrypted PKCS#8 PEM.
pub fn read_private_key(pem: &[u8]) -> Result<PrivateKey, Error> {
    // Without a passphrase OpenSSL would ask for that of an encrypted key at the terminal.
    let pkey = openssl::pkey::PKey::private_key_from_pem_passphrase(pem, b"")?;
    PrivateKey::from_pkcs8(Secret::new(pkey.private_key_to_pkcs8()?).expose())
}
