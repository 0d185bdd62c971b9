//! Search: finds records of every type by a text, within what the member may read.

use hallpass_domain::refusal::Refusal;
use hallpass_domain::text::is_visible;
use hallpass_engine::Resource;
use hallpass_store::record::{ListQuery, SortOrder};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::AnyMember;
use crate::record::{RecordDetails, details, look_up_people};

/// The most records of one type.
pub const MOST_FOUND: usize = 10;

/// The longest text that is searched for, in characters.
const LONGEST: usize = 200;

/// What was found of one record type.
#[derive(Clone, Debug)]
pub struct Found {
    /// The record type.
    pub resource: Resource,
    /// The newest records that contain the text.
    pub records: Vec<RecordDetails>,
    /// Whether there may be more.
    pub has_more: bool,
}

/// Search in a workspace.
pub struct Search<'c>(pub(crate) &'c mut WorkspaceContext);

impl Search<'_> {
    /// Finds the newest records of each type that contain a text, in the title or in a field. Types
    /// without a match are left out. A record that the member's lists hide is not found.
    ///
    /// # Errors
    ///
    /// `Refused` with `Fields` when the text is empty or longer than 200 characters.
    #[boxed]
    pub async fn find(&mut self, text: &str) -> Result<Vec<Found>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        if !is_visible(text) || text.chars().count() > LONGEST {
            let detail = format!("search for 1 to {LONGEST} characters");
            return Err(Refusal::field("/q", "bad_text", detail).into());
        }
        let mut found = Vec::new();
        for resource in ctx.visible_types() {
            let query = ListQuery {
                entity: resource.key.clone(),
                reach: ctx.reach(&ctx.readable_owners(&resource)),
                owner: None,
                stage: None,
                text: Some(text.to_owned()),
                order: SortOrder::Newest,
                after: None,
                limit: MOST_FOUND,
            };
            let page = ctx.read(&pass)?.records().list(&query).await?;
            let has_more = page.next.is_some();
            if has_more || !page.records.is_empty() {
                look_up_people(ctx, &pass, &page.records).await?;
                let records = page.records.into_iter();
                let records = records.map(|record| details(ctx, &resource, record)).collect();
                found.push(Found { resource, records, has_more });
            }
        }
        Ok(found)
    }
}
