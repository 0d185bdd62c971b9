//! Exports of records: the audit log notes each of them.

use hallpass_domain::saved_view::ViewFilter;
use serde_json::{Value, json};

use super::part::reading;
use super::{CountMode, RecordPosition, RecordQuery, Records, SortOrder};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::export::{ExportPlace, take_place};
use crate::gate::permission::RecordWritePermission;

impl Records<'_> {
    /// Notes in the audit log that the caller exports the records of a type that a query finds, and
    /// commits. The pages of the export are read afterwards, each with the rights of its moment.
    #[boxed]
    pub async fn begin_export(
        &mut self,
        entity: &str,
        query: &RecordQuery,
    ) -> Result<ExportPlace, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let permission = RecordWritePermission::new(entity, reading(&resource));
        let pass = ctx.check(permission).await?;
        let place = take_place(ctx)?;
        let view = audit_view(ctx, query);
        ctx.record_audit(&pass, &format!("{entity}.export"), entity, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(place)
    }
}

/// The query of a page of an export.
#[must_use]
pub fn query(filter: &ViewFilter, after: Option<RecordPosition>, limit: usize) -> RecordQuery {
    let ViewFilter { text, owner, stage, rest } = filter.clone();
    RecordQuery {
        text,
        owner,
        stage,
        order: Some(SortOrder::Newest),
        after,
        limit,
        total: CountMode::Skipped,
        filter: rest,
        sorting: None,
    }
}

/// What the audit log has of the query of an export.
pub(crate) fn audit_view(ctx: &WorkspaceContext, query: &RecordQuery) -> Value {
    let owner = query.owner.map(|owner| crate::naming::owner(ctx, owner));
    json!({
        "text": query.text, "owner": owner.map(super::owner_word), "stage": query.stage,
        "filter": query.filter.audit_view(),
    })
}
