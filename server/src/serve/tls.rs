//! What https shows: the operator's certificate, or one that the portal made for itself.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use axum_server::tls_openssl::OpenSSLConfig;
use domain::{Clock, Secret};
use openssl::asn1::Asn1Time;
use openssl::pkey::PKey;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::X509;
use portal::Random;

use crate::config::{DataFolder, Server, Tls};
use crate::http::ProfileSigner;
use crate::private_file;

/// A certificate of our own is made anew when it has fewer days left.
const DAYS_LEFT: i64 = 30;

/// The acceptor for https: TLS 1.2 and 1.3, only suites with forward secrecy.
pub(super) fn config(
    server: &Server,
    folder: &DataFolder,
    clock: &dyn Clock,
    random: &Random,
) -> anyhow::Result<OpenSSLConfig> {
    let (certificate, key) = files(server, folder);
    if matches!(server.tls, Tls::SelfSigned) {
        let names = names(server);
        if !(key.is_file() && is_good(&certificate, &names, clock)) {
            make(&certificate, &key, &names, clock, random)?;
        }
    }
    acceptor(&certificate, &key).with_context(|| {
        let (certificate, key) = (certificate.display(), key.display());
        format!("https cannot use {certificate} with {key}")
    })
}

/// Where certificate and key are.
fn files(server: &Server, folder: &DataFolder) -> (PathBuf, PathBuf) {
    match &server.tls {
        Tls::Files { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfSigned => (
            folder.file("tls-certificate.pem"),
            folder.file("tls-key.pem"),
        ),
    }
}

/// What signs profiles for Apple's devices: the key of https, which they trust if they trust the
/// portal. Without a key of a usable kind they are sent unsigned.
pub(super) fn profile_signer(server: &Server, folder: &DataFolder) -> Option<ProfileSigner> {
    let (certificate, key) = files(server, folder);
    let certificate = std::fs::read(certificate).ok()?;
    let key = Secret::new(std::fs::read(key).ok()?);
    match ProfileSigner::from_pem(&certificate, &key) {
        Ok(signer) => Some(signer),
        Err(error) => {
            tracing::warn!(%error, "the key of https cannot sign profiles for Apple's devices; they are sent unsigned");
            None
        }
    }
}

fn acceptor(certificate: &Path, key: &Path) -> anyhow::Result<OpenSSLConfig> {
    let mut chain = X509::stack_from_pem(&std::fs::read(certificate)?)?.into_iter();
    let key = Secret::new(std::fs::read(key)?);
    let key = PKey::private_key_from_pem(key.expose())?;
    // "Intermediate" of Mozilla's recommendations, version 5.
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    let leaf = chain
        .next()
        .context("there is no certificate in the file")?;
    builder.set_certificate(&leaf)?;
    for issuer in chain {
        builder.add_extra_chain_cert(issuer)?;
    }
    builder.set_private_key(&key)?;
    Ok(OpenSSLConfig::try_from(builder)?)
}

/// Every name under which this machine's own people may come.
fn names(server: &Server) -> Vec<String> {
    let host = server.base_url.trim_start_matches("https://");
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    let listen = server.listen.ip();
    let mut names = vec![host.trim_matches(['[', ']']).to_owned()];
    for name in ["localhost", "127.0.0.1", "::1"] {
        names.push(name.to_owned());
    }
    if !listen.is_unspecified() {
        names.push(listen.to_string());
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn is_good(certificate: &Path, names: &[String], clock: &dyn Clock) -> bool {
    let Some(certificate) = std::fs::read(certificate)
        .ok()
        .and_then(|pem| X509::from_pem(&pem).ok())
    else {
        return false;
    };
    let then = clock.now().unix_timestamp() + DAYS_LEFT * 86_400;
    let lasts = Asn1Time::from_unix(then).is_ok_and(|then| certificate.not_after() > then);
    let covers = certificate.subject_alt_names().is_some_and(|there| {
        let there: Vec<String> = there
            .iter()
            .filter_map(|name| match (name.dnsname(), name.ipaddress()) {
                (Some(name), _) => Some(name.to_owned()),
                (None, Some(bytes)) => address(bytes),
                (None, None) => None,
            })
            .collect();
        names.iter().all(|name| there.contains(name))
    });
    lasts && covers
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(v4).to_string());
    }
    <[u8; 16]>::try_from(bytes)
        .ok()
        .map(|v6| std::net::Ipv6Addr::from(v6).to_string())
}

fn make(
    certificate: &Path,
    key: &Path,
    names: &[String],
    clock: &dyn Clock,
    random: &Random,
) -> anyhow::Result<()> {
    let now = clock.now();
    let (key_pem, certificate_pem) = random
        .with(|rng| pki::tls::self_signed(names, now, rng))
        .context("no certificate for https could be made")?;
    let key_pem = Secret::new(key_pem.expose().clone().into_bytes());
    private_file::replace(key, &key_pem)
        .with_context(|| format!("{} cannot be written", key.display()))?;
    let certificate_pem = Secret::new(certificate_pem.into_bytes());
    private_file::replace(certificate, &certificate_pem)
        .with_context(|| format!("{} cannot be written", certificate.display()))?;
    tracing::info!(
        names = names.join(", "),
        "made a certificate for https; browsers will ask"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemClock;
    use crate::config::{Config, Environment};

    #[test]
    fn a_certificate_is_made_once_and_covers_its_names() {
        let temporary = tempfile::tempdir().expect("folder");
        let folder = DataFolder::new(temporary.path()).expect("path");
        let base = (
            "CERTPORTAL_SERVER__BASE_URL".to_owned(),
            "https://portal.example:8443".to_owned(),
        );
        let (settings, _) = Config::load(&folder, None, &Environment::of([base])).expect("good");
        let random = Random::seeded(1);
        config(&settings.server, &folder, &SystemClock, &random).expect("made");
        let file = folder.file("tls-certificate.pem");
        let first = std::fs::read(&file).expect("there");
        assert!(is_good(&file, &names(&settings.server), &SystemClock));
        assert!(!is_good(&file, &["other.example".to_owned()], &SystemClock));
        config(&settings.server, &folder, &SystemClock, &random).expect("kept");
        assert_eq!(std::fs::read(&file).expect("there"), first);
    }
}
