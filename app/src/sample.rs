//! Sample data: the records with which a first workspace may start, and their removal.
//!
//! **Invariant:** the audit entry of an import says which records were samples. What a member has changed since, or
//! has added to, is theirs, and stays.

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::RecordId;
use hallpass_domain::record::Record;
use hallpass_domain::time::Span;
use hallpass_engine::Resource;
use hallpass_store::audit::AuditQuery;
use serde_json::{Map, Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{DeleteWorkspace, ReadGeneral};
use crate::gate::{Pass, Permission};
use crate::record::import::SAMPLE;

/// Sample data is added when a workspace is founded: within this time.
const FOUNDING: Span = Span::hours(1);

/// The imports of a type that are looked at within that time.
const IMPORTS: usize = 50;

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
            for record in untouched {
                if ctx.tx(&pass)?.records().delete(record).await? {
                    ids.push(record.id.to_string());
                }
            }
            removed.insert(resource.key.clone(), json!(untouched.len()));
            if *changed > 0 {
                left.insert(resource.key.clone(), json!(changed));
            }
        }
        if ids.is_empty() {
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
    let mut all = Vec::new();
    for resource in types {
        let query = AuditQuery {
            action: Some(format!("{}.import", resource.key)),
            outcome: Some(Outcome::Done),
            from: Some(founded),
            to: Some(founded + FOUNDING),
            ..AuditQuery::default()
        };
        let entries = ctx.read(pass)?.audit().list(&query, None, IMPORTS).await?.items;
        let (mut untouched, mut changed) = (Vec::new(), 0);
        for id in entries.iter().flat_map(marked).collect::<Vec<RecordId>>() {
            let found = ctx.read(pass)?.records().find(&resource.key, id).await?;
            let Some(record) = found else { continue };
            // The first event is that it was created.
            let events = ctx.read(pass)?.records().list_events(id, None, 2).await?.items;
            if record.version == 1 && events.len() < 2 {
                untouched.push(record);
            } else {
                changed += 1;
            }
        }
        if changed > 0 || !untouched.is_empty() {
            all.push(SampleRecords { resource, untouched, changed });
        }
    }
    Ok(all)
}

/// The ids of the sample records that an import brought.
fn marked(entry: &Entry) -> Vec<RecordId> {
    let ids = entry.after.get(SAMPLE).and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_str).filter_map(|id| id.parse().ok()).collect()
}
