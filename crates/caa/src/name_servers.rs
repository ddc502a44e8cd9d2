//! Asking through a resolver, by hickory. Nothing is kept here: how long an answer counts is decided
//! by the clock that [`Caa::ask`](crate::Caa::ask) is given.

use crate::lookup::{Lookup, LookupError, Property, RecordSet};
use async_trait::async_trait;
use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{ResolverBuilder, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;

/// A question is sent again after this long, and given up after twice as long: still within the wait
/// for the whole certificate.
const TRY: Duration = Duration::from_secs(2);
const TRIES: usize = 2;

/// There is no resolver to ask.
#[derive(Debug, thiserror::Error)]
pub enum NameServersError {
    /// `/etc/resolv.conf` is missing or damaged, or names nobody.
    #[error("the system's resolver is not configured: {0}")]
    System(String),
    /// Hickory did not start.
    #[error("the resolver cannot be used: {0}")]
    Unusable(String),
}

/// A resolver, or several.
#[derive(Clone)]
pub struct NameServers(TokioResolver);

impl std::fmt::Debug for NameServers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("NameServers").finish_non_exhaustive()
    }
}

impl NameServers {
    /// Those of the system, as they are configured now.
    pub fn of_system() -> Result<Self, NameServersError> {
        let builder = TokioResolver::builder_tokio();
        let builder = builder.map_err(|error| NameServersError::System(error.to_string()))?;
        Self::build(builder)
    }

    /// The one at this address and port, by UDP, and by TCP where an answer is too long for UDP.
    pub fn at(address: SocketAddr) -> Result<Self, NameServersError> {
        let mut server = NameServerConfig::udp_and_tcp(address.ip());
        for connection in &mut server.connections {
            connection.port = address.port();
        }
        let config = ResolverConfig::from_name_servers(vec![server]);
        let provider = TokioRuntimeProvider::default();
        Self::build(TokioResolver::builder_with_config(config, provider))
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, NameServersError> {
        let options = builder.options_mut();
        options.cache_size = 0;
        options.timeout = TRY;
        options.attempts = TRIES;
        options.use_hosts_file = ResolveHosts::Never;
        let resolver = builder.build();
        let resolver = resolver.map_err(|error| NameServersError::Unusable(error.to_string()))?;
        Ok(Self(resolver))
    }
}

#[async_trait]
impl Lookup for NameServers {
    async fn lookup(&self, name: &str) -> Result<RecordSet, LookupError> {
        let mut name = Name::from_ascii(name).map_err(|e| LookupError::Other(e.to_string()))?;
        // Or the system's search list would be tried.
        name.set_fqdn(true);
        let answer = match self.0.lookup(name, RecordType::CAA).await {
            Ok(answer) => answer,
            Err(error) => return nothing(error),
        };
        let code = answer.message().response_code;
        if !matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) {
            return Err(LookupError::Other(code.to_string()));
        }
        let mut records = RecordSet {
            properties: Vec::new(),
            ttl_secs: u32::MAX,
        };
        for record in answer.answers() {
            // An alias on the way counts for as long as it lives.
            records.ttl_secs = records.ttl_secs.min(record.ttl);
            if let RData::CAA(caa) = &record.data {
                records.properties.push(Property {
                    is_critical: caa.issuer_critical,
                    tag: caa.tag.clone(),
                    value: caa.value.clone(),
                });
            }
        }
        Ok(records)
    }
}

/// Whether there is nothing, or nothing is known.
fn nothing(error: NetError) -> Result<RecordSet, LookupError> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => {
            let exists_not = matches!(
                none.response_code,
                ResponseCode::NoError | ResponseCode::NXDomain
            );
            if none.ns.is_some() && none.soa.is_none() {
                // RFC 2308 section 2.2: this is no answer, but tells where to ask.
                Err(LookupError::Referral)
            } else if exists_not {
                Ok(RecordSet::default())
            } else {
                Err(LookupError::Other(none.response_code.to_string()))
            }
        }
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => {
            Err(LookupError::ServerFailure)
        }
        NetError::Dns(DnsError::ResponseCode(code)) => Err(LookupError::Other(code.to_string())),
        NetError::Timeout => Err(LookupError::TimedOut),
        NetError::Io(error) => Err(LookupError::Unreachable(error.to_string())),
        NetError::NoConnections => Err(LookupError::Unreachable(error.to_string())),
        other => Err(LookupError::Other(other.to_string())),
    }
}
