//! The TXT records of the DNS, which prove domains.

use std::future::Future;
use std::pin::Pin;

/// The texts of a domain in the DNS.
pub trait TextRecords: Send + Sync {
    /// Looks up the TXT records of a domain; an error in words when the DNS does not answer.
    fn lookup<'a>(
        &'a self,
        domain: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<String>, String>> + Send + 'a>>;
}

/// Finds no records, where there is no DNS.
pub struct NoTextRecords;

impl TextRecords for NoTextRecords {
    fn lookup<'a>(
        &'a self,
        _: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<String>, String>> + Send + 'a>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
