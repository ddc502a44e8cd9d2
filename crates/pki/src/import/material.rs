//! From files to one private key and certificates.

use super::{AuthorityFile, ImportError};
use crate::pem::blocks::{Block, blocks};
use crate::pfx::{Budget, Password, PfxLimits, Sealed, read_key, read_pfx};
use crate::{PfxError, PrivateKey, ber};
use domain::Secret;
use openssl::pkey::PKey;

pub(super) struct Material {
    pub(super) key: PrivateKey,
    /// In DER.
    pub(super) certificates: Vec<Vec<u8>>,
}

pub(super) fn read(file: &AuthorityFile<'_>) -> Result<Material, ImportError> {
    match file {
        AuthorityFile::Pfx { bytes, password } => from_pfx(bytes, password),
        AuthorityFile::Pem { text, passphrase } => from_pem(text, *passphrase),
    }
}

fn from_pfx(bytes: &[u8], password: &Secret<String>) -> Result<Material, ImportError> {
    let read = read_pfx(bytes, password, &PfxLimits::with_nss())?;
    let mut pairs = read.pairs.into_iter();
    match (pairs.next(), pairs.next()) {
        (Some(pair), None) => {
            let mut certificates = vec![pair.certificate_der];
            certificates.extend(read.others);
            Ok(Material {
                key: pair.key,
                certificates,
            })
        }
        (Some(_), Some(_)) => Err(ImportError::SeveralKeys),
        (None, _) => Err(ImportError::NoKey),
    }
}

fn from_pem(text: &[u8], passphrase: Option<&Secret<String>>) -> Result<Material, ImportError> {
    let limits = PfxLimits::default();
    if text.len() > limits.bytes {
        return Err(ImportError::NotPem);
    }
    let text = std::str::from_utf8(text).map_err(|_| ImportError::NotPem)?;
    let (mut keys, mut certificates) = (Vec::new(), Vec::new());
    let blocks = blocks(text);
    if blocks.is_empty() {
        return Err(ImportError::NotPem);
    }
    for block in blocks {
        if block.label.ends_with("PRIVATE KEY") {
            keys.push(block);
        } else if ["CERTIFICATE", "X509 CERTIFICATE"].contains(&block.label) {
            let der = block.content().ok_or(ImportError::Unreadable)?.to_vec();
            // The same file given twice is no reason to complain.
            if !certificates.contains(&der) {
                certificates.push(der);
            }
        }
    }
    let key = match keys.as_slice() {
        [] => return Err(ImportError::NoKey),
        [key] => key_of(key, passphrase)?,
        _ => return Err(ImportError::SeveralKeys),
    };
    Ok(Material { key, certificates })
}

fn key_of(
    block: &Block<'_>,
    passphrase: Option<&Secret<String>>,
) -> Result<PrivateKey, ImportError> {
    match block.label {
        "PRIVATE KEY" => {
            let content = block.content().ok_or(UNREADABLE)?;
            read_key(&content).map_err(of_pfx)
        }
        "ENCRYPTED PRIVATE KEY" => {
            let content = block.content().ok_or(UNREADABLE)?;
            let passphrase = passphrase.ok_or(ImportError::NeedsPassphrase)?;
            // What hashing the passphrase costs is looked at first, as with a container.
            let tree = ber::parse(&content).map_err(|_| UNREADABLE)?;
            let mut budget = Budget::new(PfxLimits::with_nss());
            let sealed = Sealed::read_key(&tree, &mut budget).map_err(of_pfx)?;
            let opened = sealed
                .open(&Password::new(passphrase.expose()))
                .map_err(of_pfx)?
                .ok_or(ImportError::WrongPassphrase)?;
            // Padding is right by chance once in 256 times; what is in it then is no key.
            read_key(&opened).map_err(|error| match error {
                PfxError::Damaged | PfxError::Broken => ImportError::WrongPassphrase,
                other => of_pfx(other),
            })
        }
        _ => {
            if block.has_headers() && passphrase.is_none() {
                return Err(ImportError::NeedsPassphrase);
            }
            // OpenSSL would ask at the terminal if it were given none.
            let bytes = passphrase.map_or("", |text| text.expose()).as_bytes();
            let pkey = PKey::private_key_from_pem_passphrase(block.text.as_bytes(), bytes)
                .map_err(|_| {
                    if block.has_headers() {
                        ImportError::WrongPassphrase
                    } else {
                        UNREADABLE
                    }
                })?;
            let pkcs8 = pkey.private_key_to_pkcs8().map_err(|_| UNREADABLE)?;
            read_key(Secret::new(pkcs8).expose()).map_err(of_pfx)
        }
    }
}

const UNREADABLE: ImportError =
    ImportError::Key("it is damaged or of an unknown kind; export it again as PKCS#8");

fn of_pfx(error: PfxError) -> ImportError {
    match error {
        PfxError::Key(reason) | PfxError::Unsupported(reason) => ImportError::Key(reason),
        PfxError::OldEncryption => ImportError::Key(
            "it is encrypted with RC2 or RC4; encrypt it anew with `openssl pkcs8 -topk8`",
        ),
        PfxError::TooManyIterations | PfxError::LongSalt => ImportError::Key(
            "its passphrase is hashed too often; encrypt it anew with `openssl pkcs8 -topk8`",
        ),
        _ => UNREADABLE,
    }
}
