//! The question that the address of the page asks, so that every answer has a link.

use hallpass_app::access::{About, Question};
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;

use crate::failure::Failure;
use crate::form::Form;
use crate::picker::UNOWNED;

/// A question as it is chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// The member; none for the reader.
    pub(crate) member: Option<MemberId>,
    /// `contacts:read`; empty before anything is chosen.
    pub(crate) action: String,
    /// The owner: an id, `unowned`, or empty for records in general.
    pub(crate) owner: String,
    /// The id of a record, in place of an owner.
    pub(crate) record: String,
}

impl Selection {
    /// Reads a query: `action` is `contacts:read`, or `read` beside `resource`; `of` is the type of the record.
    pub(super) fn read(query: &Form) -> Result<Selection, Failure> {
        let member = query.filled("member").map(str::parse);
        let member = member.transpose().map_err(|_| Failure::missing("member"))?;
        let action = match (query.filled("resource"), query.filled("action")) {
            (Some(resource), Some(action)) if !action.contains(':') => {
                format!("{resource}:{action}")
            }
            (_, action) => action.unwrap_or_default().to_owned(),
        };
        let text = |key: &str| query.text(key).to_owned();
        let entity = action.split_once(':').map_or("", |(entity, _)| entity);
        // A record that was chosen for another type is not in question any more.
        let is_of_type = query.filled("of").is_none_or(|of| of == entity);
        let record = if is_of_type { text("record") } else { String::new() };
        Ok(Selection { member, action, owner: text("owner"), record })
    }

    /// The question; none before anything is chosen.
    pub(super) async fn question(
        &self,
        ctx: &mut WorkspaceContext,
    ) -> Result<Option<Question>, Failure> {
        let Some((resource, action)) = self.action.split_once(':') else { return Ok(None) };
        let about = match (self.record.as_str(), self.owner.as_str()) {
            ("", "") => About::Anything,
            ("", UNOWNED) => About::Unowned,
            ("", owner) => {
                About::OwnedBy(owner.parse().map_err(|_| Failure::missing("member"))?)
            }
            (record, _) => {
                let record = record.parse().map_err(|_| Failure::missing("record"))?;
                let named = vec![(resource.to_owned(), record)];
                let owner =
                    ctx.records().find_owners(named).await?.into_iter().flatten().next();
                match owner {
                    Some(Owner::Unowned) => About::Unowned,
                    Some(Owner::Member(member)) => About::OwnedBy(member),
                    None => return Err(Failure::missing("record")),
                }
            }
        };
        let (resource, action) = (resource.to_owned(), action.to_owned());
        Ok(Some(Question { resource, action, about }))
    }
}
