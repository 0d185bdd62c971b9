//! The TXT records of domains, from the name servers of the machine.

use std::future::Future;
use std::pin::Pin;

use hallpass_app::text_record::TextRecords;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::{ResolverBuilder, TokioResolver};

/// The most records of a domain that are looked at.
const MOST: usize = 100;

/// Asks the name servers that the machine asks.
pub(crate) struct NameServers(TokioResolver);

impl NameServers {
    /// Reads which ones they are.
    pub(crate) fn of_machine() -> Result<NameServers, String> {
        let resolver = TokioResolver::builder_tokio().and_then(ResolverBuilder::build);
        resolver
            .map(NameServers)
            .map_err(|error| format!("cannot read which name servers to ask: {error}"))
    }
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
