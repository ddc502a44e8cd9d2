//! Where a request comes from: the socket, or what a proxy that we trust says.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;

use crate::config::Proxy;

/// The address of whoever sent a request.
pub(super) fn client_address(parts: &Parts, proxies: &[Proxy]) -> String {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip().to_canonical());
    match peer {
        None => "unknown".to_owned(),
        Some(peer) => {
            let lines = parts.headers.get_all("x-forwarded-for");
            let forwarded = lines.iter().filter_map(|line| line.to_str().ok());
            forwarded_for(peer, forwarded, proxies).to_string()
        }
    }
}

/// Each proxy adds at the end whom it heard from, so the list is read from its end for as long as
/// the one who wrote is trusted; what stands before that may be made up.
fn forwarded_for<'a>(
    peer: IpAddr,
    lines: impl Iterator<Item = &'a str>,
    proxies: &[Proxy],
) -> IpAddr {
    let named: Vec<&str> = lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let mut client = peer;
    for name in named.into_iter().rev() {
        if !proxies.iter().any(|proxy| proxy.contains(client)) {
            break;
        }
        match name.parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let proxies = [Proxy::parse("10.0.0.0/8").expect("network")];
        for (peer, line, client) in [
            ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
            (
                "10.0.0.1",
                "1.1.1.1, 198.51.100.7, 10.0.0.2",
                "198.51.100.7",
            ),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ] {
            let peer: IpAddr = peer.parse().expect("address");
            let found = forwarded_for(peer.to_canonical(), [line].into_iter(), &proxies);
            assert_eq!(found.to_string(), client, "{peer} {line}");
        }
    }
}
