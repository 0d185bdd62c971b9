//! Sample data: the records with which a first workspace may start, and their removal.
//!
//! **Invariant:** the audit entry of an import says which records were samples. What a member has changed since, or
//! has added to, is theirs, and stays.

use hallpass_domain::audit::Entry;
use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::time::Span;
use hallpass_engine::Resource;
use serde_json::{Map, Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{DeleteWorkspace, ReadGeneral};
use crate::gate::{Pass, Permission};
use crate::record::import::SAMPLE;

/// Sample data is added when a workspace is founded: within this time.
const FOUNDING: Span = Span::hours(1);

/// The first imports within that time that are looked at.
const IMPORTS: usize = 200;

/// The sample records of a type that are there.
#[derive(Clone, Debug)]
pub struct SampleRecords {
    /// The type.
    pub resource: Resource,
    /// Those that are as they were: they can be removed.
    pub untouched: Vec<Record>,
    /// How many a member has changed or added to: they stay.
    pub changed: usize,
}

/// The sample data of a workspace.
pub struct Samples<'c>(pub(crate) &'c mut WorkspaceContext);

impl Samples<'_> {
    /// Lists the sample records that are there, by type: of the types of which the caller may read every record.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<SampleRecords>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadGeneral).await?;
        find(ctx, &pass).await
    }

    /// Removes the sample records that no member has changed, and returns what it has removed and what stays.
    #[boxed]
    pub async fn remove(&mut self) -> Result<Vec<SampleRecords>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteWorkspace).await?;
        let found = find(ctx, &pass).await?;
        let (mut removed, mut left, mut ids) = (Map::new(), Map::new(), Vec::new());
        for SampleRecords { resource, untouched, changed } in &found {
            let deleted = ctx.tx(&pass)?.records().delete_all(&resource.key, untouched).await?;
            ids.extend(deleted.iter().map(ToString::to_string));
            removed.insert(resource.key.clone(), json!(untouched.len()));
            if *changed > 0 {
                left.insert(resource.key.clone(), json!(changed));
            }
        }
        if ids.is_empty() {
            ctx.check_nothing_expected()?;
            return Ok(found);
        }
        let (before, after) = (json!({"removed": removed}), json!({"left": left}));
        let subjects = (ctx.workspace_id(), ids);
        let action = "workspace.remove_samples";
        ctx.record_audit_of(&pass, action, subjects, &before, &after).await?;
        ctx.commit(&pass).await?;
        Ok(found)
    }
}

/// Finds the sample records that are there.
async fn find(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
) -> Result<Vec<SampleRecords>, Error> {
    let founded = ctx.snapshot().workspace.created_at;
    let mut types = ctx.visible_types();
    types.retain(|resource| ctx.reads_all_records(&resource.key));
    let actions: Vec<String> =
        types.iter().map(|resource| format!("{}.import", resource.key)).collect();
    let within = (founded, founded + FOUNDING);
    let entries = ctx.read(pass)?.audit().list_done(&actions, within, IMPORTS).await?.items;
    let marked: Vec<(String, RecordId)> = entries.iter().flat_map(marked).collect();
    if marked.is_empty() {
        return Ok(Vec::new());
    }
    let records = ctx.read(pass)?.records().find_each(&marked).await?;
    let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
    // The first event is that it was created.
    let added_to = ctx.read(pass)?.records().with_later_events(&ids).await?;
    let is_untouched = |record: &Record| record.version == 1 && !added_to.contains(&record.id);
    let of_type = |resource: Resource| {
        let records = records.iter().filter(|record| record.entity == resource.key);
        let (untouched, changed): (Vec<Record>, Vec<Record>) =
            records.cloned().partition(is_untouched);
        SampleRecords { resource, untouched, changed: changed.len() }
    };
    let all = types.into_iter().map(of_type);
    Ok(all.filter(|one| one.changed > 0 || !one.untouched.is_empty()).collect())
}

/// The sample records that an import brought, by type and id.
fn marked(entry: &Entry) -> Vec<(String, RecordId)> {
    let entity = entry.action.trim_end_matches(".import");
    let ids = entry.after.get(SAMPLE).and_then(Value::as_array).into_iter().flatten();
    let ids = ids.filter_map(Value::as_str).filter_map(|id| id.parse().ok());
    ids.map(|id| (entity.to_owned(), id)).collect()
}
