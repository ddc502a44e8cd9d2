//! Planning certificates for TLS connections (RFC 5280, names as in RFC 9525).

use super::Planned;
use super::content::{Content, Settings, plan};
use crate::extension::{self, usage};
use crate::lint::LintFacts;
use crate::{
    CommonName, Error, IssuingCertificate, PublicKey, Serial, TlsHolder, TlsProfile, TlsPurpose,
};
use crate::{name, oid};
use const_oid::ObjectIdentifier;
use domain::HostName;
use time::OffsetDateTime;

/// The most names in one certificate: more make every handshake slow, and are a mistake.
pub(crate) const MOST_HOSTS: usize = 100;

/// Plans a certificate for a server, a device or a person who signs in, and lints it together with
/// the facts that the caller knows; those that follow from holder and time are filled in.
pub fn prepare_tls(
    profile: &TlsProfile,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    holder: &TlsHolder,
    serial: &Serial,
    now: OffsetDateTime,
    facts: &LintFacts<'_>,
) -> Result<Planned, Error> {
    check_holder(holder)?;
    let settings = Settings {
        valid_days: profile.valid_days,
        policy: profile.policy()?,
        crl_url: &profile.crl_url,
        issuer_url: &profile.issuer_url,
        ocsp_url: profile.ocsp_url.as_deref(),
        cps_url: profile.cps_url.as_deref(),
    };
    let (subject, is_subject_empty) = subject(holder);
    let content = Content {
        subject,
        key_usage: key_usage(holder.purpose(), public_key),
        purposes: purposes(holder.purpose()).to_vec(),
        names: names(holder),
        is_subject_empty,
        has_capabilities: false,
    };
    let facts = LintFacts {
        kind: holder.kind(),
        now: Some(now),
        ..*facts
    };
    plan(
        &settings, &content, authority, public_key, serial, now, &facts,
    )
}

fn check_holder(holder: &TlsHolder) -> Result<(), Error> {
    let count = holder.hosts().len();
    match holder {
        TlsHolder::Server { .. } if count == 0 => Err(Error::Input(
            "a server's certificate needs at least one host name or IP address",
        )),
        TlsHolder::Device { common_name, .. } if count == 0 && common_name.checked().is_none() => {
            Err(Error::Input(
                "a device's certificate needs a host name, an IP address or a name for the device",
            ))
        }
        _ if count > MOST_HOSTS => Err(Error::Input(
            "a certificate is for at most 100 host names and addresses; use several",
        )),
        _ => Ok(()),
    }
}

fn subject(holder: &TlsHolder) -> (Vec<u8>, bool) {
    let first_host = || {
        let mut names = holder
            .hosts()
            .iter()
            .filter(|host| host.address().is_none());
        names
            .next()
            .map(HostName::as_str)
            .filter(|host| host.len() <= name::LONGEST)
    };
    name::subject(match holder.common_name() {
        CommonName::Checked(name) => Some(name.as_str()),
        CommonName::Alternative => match holder.mailboxes().next() {
            Some(mailbox) => name::short(mailbox),
            None => first_host(),
        },
        CommonName::Absent => None,
    })
}

fn names(holder: &TlsHolder) -> Vec<Vec<u8>> {
    let addresses = holder.mailboxes().map(extension::address_name);
    let hosts = holder.hosts().iter();
    addresses
        .chain(hosts.map(|host| extension::host_name(host.as_str())))
        .collect()
}

/// RFC 5280 section 4.2.1.12 lists what each purpose goes with; the suites of TLS 1.2 with RSA key
/// exchange encrypt to a server's key (RFC 5246 section 7.4.2).
fn key_usage(purpose: TlsPurpose, key: &PublicKey) -> u8 {
    if key.algorithm().is_rsa() && purpose != TlsPurpose::Client {
        usage::DIGITAL_SIGNATURE | usage::KEY_ENCIPHERMENT
    } else {
        usage::DIGITAL_SIGNATURE
    }
}

fn purposes(purpose: TlsPurpose) -> &'static [ObjectIdentifier] {
    match purpose {
        TlsPurpose::Client => &[oid::CLIENT_AUTH],
        TlsPurpose::Server => &[oid::SERVER_AUTH],
        TlsPurpose::Device => &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
    }
}
