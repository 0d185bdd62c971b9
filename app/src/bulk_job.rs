//! Bulk jobs: start, list, cancel. Their batches run in [`work`].
//!
//! **Invariant:** a member sees the jobs that they have started, and those of others whose audit entries they may
//! read with all values.

use hallpass_domain::bulk_job::{
    Batch, BulkJob, BulkJobKind, BulkJobState, EndCause, EndReason, MOST_AT_ONCE, check_room,
};
use hallpass_domain::id::{AuditId, BulkJobId};
use hallpass_engine::Resource;
use hallpass_store::Part;
pub use hallpass_store::bulk_job::BulkJobPart;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::denial::{Denial, DenialLimit};
use crate::error::Error;
use crate::export_file::subject::ExportTask;
use crate::gate::permission::{
    AnyMember, CancelBulkJob, Granted, ReadAudit, ReassignRecords, RecordPermission,
};
use crate::gate::{Pass, WritePermission};
use crate::record::part::creating;

pub(crate) mod pace;
pub mod work;

/// The bulk jobs of a workspace.
pub struct BulkJobs<'c>(pub(crate) &'c mut WorkspaceContext);

/// A bulk job to be started.
pub(crate) struct NewBulkJob {
    pub(crate) id: BulkJobId,
    pub(crate) kind: BulkJobKind,
    /// The audit entry of its start.
    pub(crate) audit: AuditId,
    pub(crate) parameters: Value,
    /// How many records it has to change.
    pub(crate) total: i64,
    /// Where its first batch begins.
    pub(crate) position: Value,
    /// What it has done, in figures.
    pub(crate) result: Value,
    /// What each of its batches is to do, where that is known.
    pub(crate) parts: Vec<Value>,
}

/// What a batch has written, under which pass.
pub(crate) struct WrittenBatch {
    pub(crate) pass: Pass<Granted>,
    pub(crate) batch: Batch,
}

impl BulkJobs<'_> {
    /// Lists a page of jobs, the latest first, with the job behind which the next one begins.
    #[boxed]
    pub async fn list(
        &mut self,
        below: Option<BulkJobId>,
        limit: usize,
    ) -> Result<(Vec<BulkJob>, Option<BulkJobId>), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let member = if ctx.opens(&ReadAudit) { None } else { ctx.member_id() };
        let mut found = ctx.read(&pass)?.bulk_jobs().list((member, None), below, limit).await?;
        // The last one may be hidden.
        let next = found.items.last().filter(|_| found.has_more).map(|job| job.id);
        found.items.retain(|job| is_visible(ctx, job));
        Ok((found.items, next))
    }

    /// Loads a job.
    ///
    /// # Errors
    ///
    /// `Missing` also for a job that the caller may not see.
    #[boxed]
    pub async fn load(&mut self, id: BulkJobId) -> Result<BulkJob, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let found = ctx.read(&pass)?.bulk_jobs().find(id).await?;
        found.filter(|job| is_visible(ctx, job)).ok_or_else(no_job)
    }

    /// Lists what the batches of a job have done, from a number on, as many as there is room for.
    #[boxed]
    pub async fn list_parts(
        &mut self,
        id: BulkJobId,
        after: i64,
        limit: usize,
    ) -> Result<Part<BulkJobPart>, Error> {
        self.load(id).await?;
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        Ok(ctx.read(&pass)?.bulk_jobs().list_parts(id, after, limit).await?)
    }

    /// Cancels a job. What it has done stays. A member cancels their own jobs, and those of others whom they
    /// see and which they could have started.
    ///
    /// # Errors
    ///
    /// `Already` when it has ended; `Missing` for a job that the caller may not see.
    #[boxed]
    pub async fn cancel(&mut self, id: BulkJobId) -> Result<BulkJob, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CancelBulkJob).await?;
        let found = ctx.read(&pass)?.bulk_jobs().find(id).await?;
        let job = found.filter(|job| is_visible(ctx, job)).ok_or_else(no_job)?;
        if !may_cancel(ctx, &job) {
            return Err(refuse_cancel(ctx, &job).await);
        }
        job.check_running()?;
        let by = ctx.actor_name().to_owned();
        let text = format!("{by} has cancelled it");
        let why = EndReason::new(EndCause::Cancelled { by }, text);
        let before = audit_view(&job);
        let job = job.ended(BulkJobState::Cancelled, why, ctx.now);
        let now = ctx.now;
        ctx.tx(&pass)?.bulk_jobs().update(&job).await?;
        ctx.tx(&pass)?.export_files().expire(id, now).await?;
        ctx.record_audit(&pass, "bulk_job.cancel", id, &before, &audit_view(&job)).await?;
        ctx.commit(&pass).await?;
        Ok(job)
    }

    /// Whether the caller may cancel a job that they see.
    pub fn may_cancel(&self, job: &BulkJob) -> bool {
        may_cancel(self.0, job)
    }

    /// Checks that the workspace may start another job.
    pub(crate) async fn check_room(
        &mut self,
        pass: &Pass<impl WritePermission>,
    ) -> Result<(), Error> {
        let running = self.0.read(pass)?.bulk_jobs().count_running().await?;
        Ok(check_room(running)?)
    }

    /// Stores a job, whose first batch runs after the commit.
    pub(crate) async fn insert(
        &mut self,
        pass: &Pass<impl WritePermission>,
        new: NewBulkJob,
    ) -> Result<BulkJob, Error> {
        let ctx = &mut *self.0;
        let job = BulkJob {
            id: new.id,
            kind: new.kind,
            state: BulkJobState::Running,
            member: ctx.member_id().ok_or_else(no_workspace)?,
            member_name: ctx.actor_name().to_owned(),
            api_key: ctx.api_key_id(),
            request: ctx.request.clone(),
            audit: new.audit,
            parameters: new.parameters,
            done: 0,
            total: new.total,
            position: new.position,
            result: new.result,
            reason: None,
            created_at: ctx.now,
            updated_at: ctx.now,
            ended_at: None,
            run_at: ctx.now,
            failures: 0,
        };
        ctx.tx(pass)?.bulk_jobs().insert(&job).await?;
        for (number, input) in (0..).zip(&new.parts) {
            ctx.tx(pass)?.bulk_jobs().insert_part(job.id, number, (input, &())).await?;
        }
        Ok(job)
    }
}

/// Whether so many records are changed by a bulk job. An operator on the machine waits for them.
pub(crate) fn is_bulk(ctx: &WorkspaceContext, records: i64) -> bool {
    records > MOST_AT_ONCE && ctx.member_id().is_some()
}

/// Reads what a job stores of its kind.
pub(crate) fn read<T: DeserializeOwned>(stored: &Value) -> Result<T, Error> {
    T::deserialize(stored).map_err(|_| unreadable())
}

/// The error where a job stores what its kind does not.
pub(crate) fn unreadable() -> Error {
    Error::broken("a bulk job stores what its kind cannot read")
}

/// Describes a job for the audit log.
pub(crate) fn audit_view(job: &BulkJob) -> Value {
    json!({
        "kind": job.kind.word(), "state": job.state.word(), "done": job.done,
        "total": job.total, "member": job.member, "result": job.result,
        "reason": job.reason.as_ref().map(|reason| &reason.text),
    })
}

async fn refuse_cancel(ctx: &mut WorkspaceContext, job: &BulkJob) -> Error {
    let (resource, action) = ("bulk_job", "cancel");
    let denial = if ctx.member_id() == Some(job.member) {
        let because = "the scopes of this API key do not include this bulk job";
        Denial::by_scopes(resource, action, because.to_owned())
    } else {
        let name = ctx.actor_name();
        let because = format!(
            "{name} cannot cancel this bulk job: they have not started it, and could not start it"
        );
        Denial::new(resource, action, because, DenialLimit::Other)
    };
    ctx.deny_as(denial, &job.id.to_string()).await
}

fn no_job() -> Error {
    Error::Missing { noun: "bulk job" }
}

/// Whether the caller may see a job: their own, or with the audit log, where they may read its entry.
fn is_visible(ctx: &WorkspaceContext, job: &BulkJob) -> bool {
    is_own(ctx, job) || (ctx.opens(&ReadAudit) && reads_figures(ctx, &job.result))
}

/// Whether the caller may read every record of the types of which a job has figures.
pub(crate) fn reads_figures(ctx: &WorkspaceContext, result: &Value) -> bool {
    let lists = ["counts", "out_of_reach"].into_iter();
    let figures = lists.filter_map(|list| result.get(list)?.as_object()).flatten();
    let mut types = figures.map(|(entity, _)| entity.as_str());
    types.all(|entity| ctx.reads_all_records(entity))
}

/// Whether the caller has started a job. An API key that does less than its member has only its own.
pub(crate) fn is_own(ctx: &WorkspaceContext, job: &BulkJob) -> bool {
    let by_this_key = job.api_key.is_some() && job.api_key == ctx.api_key_id();
    ctx.member_id() == Some(job.member) && (ctx.is_whole_member() || by_this_key)
}

fn may_cancel(ctx: &WorkspaceContext, job: &BulkJob) -> bool {
    is_own(ctx, job) || may_start(ctx, job)
}

/// Whether the caller could start a job of its kind.
fn may_start(ctx: &WorkspaceContext, job: &BulkJob) -> bool {
    match job.kind {
        BulkJobKind::Reassignment => ctx.opens(&ReassignRecords),
        BulkJobKind::Import => may_create(ctx, job),
        BulkJobKind::Export => {
            ExportTask::of(job).is_some_and(|task| task.subject.is_open(ctx))
        }
    }
}

/// Whether the caller may create records of the type of a job.
fn may_create(ctx: &WorkspaceContext, job: &BulkJob) -> bool {
    let entity = job.parameters.get("entity").and_then(Value::as_str);
    let resource = entity.and_then(|entity| ctx.snapshot().record_type(entity));
    let may = |of: &Resource| ctx.opens(&RecordPermission::new(&of.key, creating(of)));
    resource.as_ref().is_some_and(may)
}
