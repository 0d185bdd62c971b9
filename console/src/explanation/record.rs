//! The choice of the record in question: a search among those that the reader may read.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;

use super::question::Selection;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::record::subject::Subject;

/// The records to choose from.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordChoice {
    /// The record type, by key.
    pub(crate) entity: String,
    /// What the records are searched by.
    pub(crate) text: String,
    /// The first ones that match, and the one that is chosen: id, what to call it, whether it is chosen.
    pub(crate) options: Vec<(String, String, bool)>,
    /// Whether others may be missing, because the search took too long.
    pub(crate) is_incomplete: bool,
}

impl RecordChoice {
    /// Loads the choice for an action on records; none for another action, and for a reader who may read no
    /// record of the type.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (chosen, text): (&Selection, &str),
    ) -> Result<Option<RecordChoice>, Failure> {
        let entity = chosen.action.split_once(':').map_or("", |(entity, _)| entity);
        let Some(resource) = ctx.snapshot().record_type(entity) else { return Ok(None) };
        let reading = resource.key_of(resource.read).unwrap_or_default();
        // A refused request would be in the audit log.
        let is_open =
            ctx.snapshot().is_on(entity) && ctx.opens(&RecordPermission::new(entity, reading));
        if !is_open {
            return Ok(None);
        }
        let text: String = text.chars().take(200).collect();
        let wanted = Some(text.clone()).filter(|text| !text.is_empty());
        let found = ctx.picks().records(Some(entity), wanted).await?;
        let mut options = Vec::with_capacity(found.records.len() + 1);
        if !chosen.record.is_empty() {
            let subject = Subject::load(ctx, frame, (entity, &chosen.record)).await?;
            options.push((chosen.record.clone(), subject.title(frame), true));
        }
        let others = found.records.into_iter().map(|one| (one.id.to_string(), one));
        options.extend(others.filter(|(id, _)| *id != chosen.record).map(|(id, one)| {
            let owner = one.owner.map(|owner| format!(" · {owner}")).unwrap_or_default();
            let title = if one.title.is_empty() { id.clone() } else { one.title };
            (id, format!("{title}{owner}"), false)
        }));
        let is_incomplete = found.is_incomplete;
        Ok(Some(RecordChoice { entity: entity.to_owned(), text, options, is_incomplete }))
    }

    #[cfg(test)]
    pub(crate) fn sample() -> RecordChoice {
        RecordChoice {
            entity: "contacts".to_owned(),
            text: "<script>".to_owned(),
            options: vec![("rec_1".to_owned(), "<script>".to_owned(), true)],
            is_incomplete: true,
        }
    }
}
