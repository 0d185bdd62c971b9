//! A record with its type, as the pages about one record have it.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::RecordDetails;
use hallpass_domain::id::RecordId;
use hallpass_domain::record::Owner;

use super::kind::Kind;
use super::row;
use crate::failure::Failure;
use crate::frame::{Frame, Person};

/// A record that the reader may read, with its type.
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    pub(crate) details: RecordDetails,
}

impl Subject {
    /// Loads a record by the words of its path.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (entity, record): (&str, &str),
    ) -> Result<Subject, Failure> {
        let id: RecordId = record.parse().map_err(|_| Failure::missing("record"))?;
        let kind = Kind::find(ctx, frame, entity)?;
        let details = ctx.records().load(entity, id).await?;
        Ok(Subject { kind, details })
    }

    /// The title of the record.
    pub(crate) fn title(&self, frame: &Frame) -> String {
        row::title(frame, &self.kind, &self.details.record.title)
    }

    /// The path of the record.
    pub(crate) fn path(&self) -> String {
        self.kind.path_of(&self.details.record.id)
    }

    /// Whether the reader may do an action to the record.
    pub(crate) fn may(&self, action: Option<&str>) -> bool {
        action.is_some_and(|key| self.details.allowed.iter().any(|known| known == key))
    }

    /// Whether the reader may change its fields.
    pub(crate) fn may_update(&self) -> bool {
        self.may(self.kind.resource.key_of(self.kind.resource.update))
    }

    /// Whether the reader may change its owner.
    pub(crate) fn may_reassign(&self) -> bool {
        self.may(self.kind.reassigning())
    }
}

/// The owner of a record, as far as the reader may know them.
pub(crate) fn owner(frame: &Frame, details: &RecordDetails) -> Option<Person> {
    let Owner::Member(id) = details.record.owner else { return None };
    let name = details.owner_name.clone().unwrap_or_else(|| frame.t("records-other-owner"));
    Some(Person::new(&id, &name))
}
