//! Search: a text in the records of every type, as far as the visitor may see them.

use hallpass_domain::record::Record;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use hallpass_store::record::{Order, Query};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::AnyMember;

/// The most records of one type.
pub const MOST_FOUND: usize = 10;

/// The longest text that is searched for, in characters.
const LONGEST: usize = 200;

/// What was found of one record type.
#[derive(Clone, Debug)]
pub struct Found {
    /// The record type.
    pub resource: Resource,
    /// The latest records in which the text stands.
    pub records: Vec<Record>,
    /// Whether there may be more.
    pub has_more: bool,
}

impl WorkspaceContext {
    /// The latest records of each type in which a text stands; types in which there is none are
    /// left out. What lists hide, search hides.
    ///
    /// # Errors
    ///
    /// `Fields` for a text that is empty or too long.
    pub async fn search(&mut self, text: &str) -> Result<Vec<Found>, Error> {
        let pass = self.check(AnyMember).await?;
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            let detail = format!("search for 1 to {LONGEST} characters");
            return Err(Refusal::field("/q", "bad_text", detail).into());
        }
        let mut found = Vec::new();
        for resource in self.visible_types() {
            let query = Query {
                entity: resource.key.clone(),
                reach: self.reach(&self.seen(&resource)),
                owner: None,
                stage: None,
                text: Some(text.to_owned()),
                order: Order::Newest,
                after: None,
                limit: MOST_FOUND,
            };
            let page = self.tx(&pass)?.records().page(&query).await?;
            let has_more = page.next.is_some();
            if has_more || !page.records.is_empty() {
                found.push(Found { resource, records: page.records, has_more });
            }
        }
        Ok(found)
    }
}
