//! `[server]`: where the portal listens and under which name.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::{DataFolder, Key, Problem, Section, Values};

const NAME: &str = "server";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "Where the portal listens and under which name people know it.",
    keys: &[
        Key::text("listen", "127.0.0.1:8443", "Address and port for https."),
        Key::text(
            "base_url",
            "",
            "Where people find the portal, without a path; empty is https://localhost and the port.",
        ),
        Key::text(
            "pki_listen",
            "127.0.0.1:8080",
            "Address and port for authority certificates and revocation lists, in plain http.",
        ),
        Key::text(
            "pki_url",
            "",
            "Where programs find those; it stands in every certificate. Empty is \
             http://localhost and the port.",
        ),
        Key::text(
            "certificate_file",
            "",
            "Certificate of the https address and its chain, PEM; empty for one that the portal \
             makes and signs itself.",
        ),
        Key::text("key_file", "", "Private key of that certificate, PEM."),
        Key::list(
            "trusted_proxies",
            "Addresses (\"10.0.0.5\") or networks (\"10.0.0.0/8\") whose X-Forwarded-For is \
             believed.",
        ),
    ],
};

/// Where the portal listens and under which name.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address for https.
    pub listen: SocketAddr,
    /// Where people find the portal.
    pub base_url: String,
    /// Address for certificates and revocation lists.
    pub pki_listen: SocketAddr,
    /// Where programs find those.
    pub pki_url: String,
    /// What https shows.
    pub tls: Tls,
    /// Who may say where a request came from.
    pub trusted_proxies: Vec<Proxy>,
}

/// What https shows.
#[derive(Debug, Clone)]
pub enum Tls {
    /// A certificate that the portal makes once and keeps in the data folder.
    SelfSigned,
    /// Files in PEM.
    Files {
        /// Certificate and chain.
        certificate: PathBuf,
        /// Private key.
        key: PathBuf,
    },
}

/// A proxy, or a network of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proxy {
    network: IpAddr,
    prefix_bits: u8,
}

impl Server {
    pub(super) fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        let expected = "an address with a port, for example \"0.0.0.0:8443\"";
        let listen: SocketAddr = values.parsed(NAME, "listen", expected)?;
        let pki_listen: SocketAddr = values.parsed(NAME, "pki_listen", expected)?;
        let mut trusted_proxies = Vec::new();
        for text in values.list(NAME, "trusted_proxies") {
            trusted_proxies.push(Proxy::parse(&text).ok_or_else(|| {
                let message = format!("{text:?} is neither an address nor a network");
                values.problem(NAME, "trusted_proxies", &message)
            })?);
        }
        Ok(Self {
            listen,
            base_url: url(values, "base_url", "https://", listen.port())?,
            pki_listen,
            pki_url: url(values, "pki_url", "http://", pki_listen.port())?,
            tls: tls(values, folder)?,
            trusted_proxies,
        })
    }
}

fn tls(values: &Values, folder: &DataFolder) -> Result<Tls, Problem> {
    let certificate = values.some_text(NAME, "certificate_file");
    match (certificate, values.some_text(NAME, "key_file")) {
        (None, None) => Ok(Tls::SelfSigned),
        (Some(certificate), Some(key)) => Ok(Tls::Files {
            certificate: folder.file(&certificate),
            key: folder.file(&key),
        }),
        (Some(_), None) => Err(values.problem(NAME, "key_file", "please name the key's file too")),
        (None, Some(_)) => Err(values.problem(
            NAME,
            "certificate_file",
            "please name the certificate's file too",
        )),
    }
}

/// A URL of scheme, host and port; nothing means localhost.
fn url(values: &Values, key: &str, scheme: &str, port: u16) -> Result<String, Problem> {
    let Some(url) = values.some_text(NAME, key) else {
        return Ok(format!("{scheme}localhost:{port}"));
    };
    let url = url.trim_end_matches('/');
    let host = url.strip_prefix(scheme).unwrap_or_default();
    let is_good = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    if is_good {
        return Ok(url.to_owned());
    }
    let message = format!("please give {scheme}, a name and perhaps a port, without a path");
    Err(values.problem(NAME, key, &message))
}

impl Proxy {
    /// Reads "address" or "address/bits".
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let network: IpAddr = address.parse().ok()?;
        let whole = if network.is_ipv4() { 32 } else { 128 };
        let prefix_bits = bits.unwrap_or(whole);
        (prefix_bits <= whole).then_some(Self {
            network,
            prefix_bits,
        })
    }

    /// Whether an address is the proxy, or one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let bits = u32::from(self.prefix_bits);
        match (self.network, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                (network.to_bits() ^ address.to_bits()) & mask == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                (network.to_bits() ^ address.to_bits()) & mask == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Proxy;

    #[test]
    fn networks() {
        for (proxy, address, is_inside) in [
            ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.6", false),
            ("10.0.0.0/8", "10.200.1.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("0.0.0.0/0", "1.2.3.4", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::/0", "fe80::1", true),
        ] {
            let network = Proxy::parse(proxy).expect(proxy);
            let address = address.parse().expect("address");
            assert_eq!(network.contains(address), is_inside, "{proxy} {address}");
        }
        for wrong in ["10.0.0.0/33", "proxy", "10.0.0.0/x", ""] {
            assert!(Proxy::parse(wrong).is_none(), "{wrong}");
        }
    }
}
