//! Files of exports that bulk jobs prepare: list, download, delete.
//!
//! **Invariant:** a file is given out only to the member who asked for it, each piece only while the gate lets
//! them export what it is of, and they may read everything that they might read when it was made.

mod reach;
pub mod subject;
pub(crate) mod work;

use hallpass_domain::bulk_job::{BulkJob, BulkJobKind, BulkJobState};
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::export_file::{ExportFile, FileReach, check_ready, check_room};
use hallpass_domain::id::BulkJobId;
use hallpass_domain::refusal::Refusal;
use hallpass_store::export_file::StoredExport;

use self::reach::compare;
use self::subject::{ExportSubject, ExportTask};
use crate::boxed;
use crate::bulk_job::{audit_view, is_own, unreadable};
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::export::{ExportPlace, take_place};
use crate::gate::permission::{AnyMember, CancelBulkJob};
use crate::gate::{Pass, Permission, WritePermission};

/// The files of exports of a workspace.
pub struct ExportFiles<'c>(pub(crate) &'c mut WorkspaceContext);

/// An export of the caller.
#[derive(Clone, Debug)]
pub struct ExportDetails {
    /// The bulk job that prepares its file.
    pub job: BulkJob,
    /// What it has to do.
    pub task: ExportTask,
    /// The file, until it is deleted.
    pub file: Option<ExportFile>,
    /// Whether the file can be downloaded, or why not.
    pub ready: Result<(), NoFile>,
}

impl ExportFiles<'_> {
    /// Lists a page of the caller's exports, the latest first, with the job behind which the next one begins.
    #[boxed]
    pub async fn list(
        &mut self,
        below: Option<BulkJobId>,
        limit: usize,
    ) -> Result<(Vec<ExportDetails>, Option<BulkJobId>), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let Some(member) = ctx.member_id() else { return Ok((Vec::new(), None)) };
        let which = (Some(member), Some(BulkJobKind::Export));
        let found = ctx.read(&pass)?.bulk_jobs().list(which, below, limit).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|job| job.id);
        let jobs: Vec<BulkJob> =
            found.items.into_iter().filter(|job| is_own(ctx, job)).collect();
        let ids: Vec<BulkJobId> = jobs.iter().map(|job| job.id).collect();
        let files = ctx.read(&pass)?.export_files().list(&ids).await?;
        let details = jobs.into_iter().map(|job| {
            let file = files.iter().find(|stored| stored.file.job == job.id);
            details(ctx, job, file)
        });
        Ok((details.collect::<Result<_, _>>()?, next))
    }

    /// Loads an export of the caller.
    ///
    /// # Errors
    ///
    /// `Missing` also for one of another member.
    #[boxed]
    pub async fn load(&mut self, id: BulkJobId) -> Result<ExportDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let (job, stored) = find(ctx, &pass, id).await?;
        details(ctx, job, stored.as_ref())
    }

    /// Checks that the caller may download a file, and takes a place among the exports that run.
    ///
    /// # Errors
    ///
    /// `Denied` where they may not export it any more; `NoExportFile`; `Missing` also for an export of another
    /// member.
    #[boxed]
    pub async fn open(
        &mut self,
        id: BulkJobId,
    ) -> Result<(ExportDetails, ExportFile, ExportPlace), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let (job, stored) = find(ctx, &pass, id).await?;
        let ExportTask { subject, .. } = task_of(&job)?;
        let pass = subject.check(ctx).await?;
        // Nothing is written, but what a view may not do is refused, as a direct export is there.
        let _ = ctx.tx(&pass)?;
        let file = check_file(ctx, &subject, &job, stored.as_ref())?;
        let place = take_place(ctx)?;
        Ok((details(ctx, job, stored.as_ref())?, file, place))
    }

    /// Loads a piece of a file that the caller downloads, with the rights of its moment.
    #[boxed]
    pub async fn load_piece(&mut self, id: BulkJobId, number: i64) -> Result<Vec<u8>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let (job, stored) = find(ctx, &pass, id).await?;
        let ExportTask { subject, .. } = task_of(&job)?;
        // A download may last longer than a sign-in is recent.
        if !subject.is_open(ctx) {
            subject.check(ctx).await?;
        }
        check_file(ctx, &subject, &job, stored.as_ref())?;
        let piece = ctx.read(&pass)?.export_files().find_piece(id, number).await?;
        piece.ok_or_else(|| Refusal::NoExportFile(NoFile::Expired).into())
    }

    /// Deletes the file of an export, or cancels the job that prepares it.
    ///
    /// # Errors
    ///
    /// `NoExportFile` where there is none; `Missing` also for an export of another member.
    #[boxed]
    pub async fn delete(&mut self, id: BulkJobId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CancelBulkJob).await?;
        let (job, stored) = find(ctx, &pass, id).await?;
        if job.state == BulkJobState::Running {
            return ctx.bulk_jobs().cancel(id).await.map(drop);
        }
        let file = stored.as_ref().map(|stored| &stored.file);
        check_ready(&job, file, FileReach::Covered, ctx.now).map_err(Refusal::NoExportFile)?;
        let now = ctx.now;
        ctx.tx(&pass)?.export_files().expire(id, now).await?;
        ctx.record_audit(&pass, "bulk_job.delete_file", id, &(), &audit_view(&job)).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Checks that the caller can have another file.
    pub(crate) async fn check_room(
        &mut self,
        pass: &Pass<impl WritePermission>,
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let (member, now) = (ctx.member_id().ok_or_else(no_workspace)?, ctx.now);
        let (own, all) = ctx.read(pass)?.export_files().count(member, now).await?;
        Ok(check_room(own, all)?)
    }
}

/// Finds an export that the caller has asked for.
async fn find(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: BulkJobId,
) -> Result<(BulkJob, Option<StoredExport>), Error> {
    let job = ctx.read(pass)?.bulk_jobs().find(id).await?;
    let job = job.filter(|job| job.kind == BulkJobKind::Export && is_own(ctx, job));
    let job = job.ok_or(Error::Missing { noun: "export" })?;
    let stored = ctx.read(pass)?.export_files().find(id).await?;
    Ok((job, stored))
}

/// What the job of an export has to do.
fn task_of(job: &BulkJob) -> Result<ExportTask, Error> {
    ExportTask::of(job).ok_or_else(unreadable)
}

/// Checks that the caller can download the file.
fn check_file(
    ctx: &WorkspaceContext,
    subject: &ExportSubject,
    job: &BulkJob,
    stored: Option<&StoredExport>,
) -> Result<ExportFile, Error> {
    let file = stored.map(|stored| stored.file);
    let reach = compare(ctx, subject, stored);
    check_ready(job, file.as_ref(), reach, ctx.now).map_err(Refusal::NoExportFile)?;
    file.ok_or_else(|| Refusal::NoExportFile(NoFile::Expired).into())
}

fn details(
    ctx: &WorkspaceContext,
    job: BulkJob,
    stored: Option<&StoredExport>,
) -> Result<ExportDetails, Error> {
    let task = task_of(&job)?;
    let file = stored.map(|stored| stored.file);
    let reach = compare(ctx, &task.subject, stored);
    let ready = check_ready(&job, file.as_ref(), reach, ctx.now);
    Ok(ExportDetails { job, task, file, ready })
}
