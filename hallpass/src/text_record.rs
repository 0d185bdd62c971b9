//! The TXT records of domains, from the name servers of the machine or of the configuration.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

use hallpass_app::text_record::TextRecords;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::{ResolverBuilder, TokioResolver};

/// The most records of a domain that are looked at.
const MOST: usize = 100;

/// Asks name servers.
pub(crate) struct NameServers(TokioResolver);

impl NameServers {
    /// Asks these name servers; without any, those that the machine asks.
    pub(crate) fn new(servers: &[SocketAddr]) -> Result<NameServers, String> {
        let builder = if servers.is_empty() {
            TokioResolver::builder_tokio()
        } else {
            let servers = servers.iter().copied().map(name_server).collect();
            let config = ResolverConfig::from_name_servers(servers);
            Ok(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()))
        };
        builder
            .and_then(ResolverBuilder::build)
            .map(NameServers)
            .map_err(|error| format!("cannot read which name servers to ask: {error}"))
    }
}

fn name_server(address: SocketAddr) -> NameServerConfig {
    let mut server = NameServerConfig::udp_and_tcp(address.ip());
    for connection in &mut server.connections {
        connection.port = address.port();
    }
    server
}

impl TextRecords for NameServers {
    fn lookup<'a>(
        &'a self,
        domain: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<String>, String>> + Send + 'a>> {
        Box::pin(async move {
            // Absolute, so that no domain of the machine is searched.
            let found = match self.0.txt_lookup(format!("{domain}.")).await {
                Ok(found) => found,
                Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
                Err(error) => return Err(format!("the DNS does not answer: {error}")),
            };
            let mut records = Vec::new();
            for record in found.answers().iter().take(MOST) {
                if let RData::TXT(text) = &record.data {
                    // A long text comes in parts.
                    let bytes: Vec<u8> =
                        text.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
                    records.push(String::from_utf8_lossy(&bytes).into_owned());
                }
            }
            Ok(records)
        })
    }
}

#[cfg(test)]
mod tests;
