//! The work of bulk jobs: one batch after the other, of each workspace in turn.
//!
//! **Invariant:** a batch, how far its job came and when the next one may run are one transaction, which holds
//! the workspace. So each batch happens once, whatever ends a process and however many processes there are.
//! Before each batch the rights of the member who started the job are checked again.

use std::time::Duration;

use hallpass_domain::bulk_job::{
    BulkJob, BulkJobKind, BulkJobState, EndCause, EndReason, KEPT, LONGEST_PAUSE,
};
use hallpass_domain::export_file;
use hallpass_domain::id::{BulkJobId, WorkspaceId};
use hallpass_domain::member::Status;
use hallpass_domain::model::guard::check_key_use;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::{Tx, WorkspaceTx};
use tokio::time::Instant;
use tracing::{info, warn};

use super::pace::BulkPace;
use super::{WrittenBatch, audit_view};
use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::denial::DenialLimit;
use crate::error::Error;
use crate::export_file::work::ExportPart;
use crate::gate::permission::Credential;
use crate::principal::{key_counts, key_maker};

/// How many parts of an old job are deleted at a time.
const DELETED: i64 = 20;

/// How many pieces of a file of an export that has expired are deleted at a time.
const DELETED_PIECES: i64 = 5;

/// A bulk job of a workspace.
type JobKey = (WorkspaceId, BulkJobId);

/// The codes of what ends a job with the one who started it.
const MEMBER_GONE: &str = "member_gone";
const ACCOUNT_DISABLED: &str = "account_disabled";
const KEY_GONE: &str = "key_gone";

/// What is not kept any longer.
enum Over {
    /// The file of an export.
    File(JobKey),
    /// A job, with its result.
    Job(JobKey),
}

/// The batches of bulk jobs.
pub struct BulkWork<'a>(pub(crate) &'a App);

impl BulkWork<'_> {
    /// Runs the batch that is due for the longest time, and returns how many records it has changed; `None`
    /// where none is due. A batch that fails is tried again later.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    #[boxed]
    pub async fn run_next(&self) -> Result<Option<i64>, Error> {
        let app = self.0;
        let now = app.now();
        // Where the database fails, the next attempt waits as if there was nothing to do.
        app.bulk_pace().note_idle();
        let mut tx = app.db().read().await?;
        let found = tx.next_bulk_job(now, now + LONGEST_PAUSE).await?;
        let over = match found {
            Some(_) => None,
            None => find_over(&mut tx, now).await?,
        };
        drop(tx);
        if let Some(over) = over {
            let mut tx = app.db().write().await?;
            match over {
                Over::File(file) => tx.delete_export_file(file, DELETED_PIECES).await?,
                Over::Job(job) => tx.delete_bulk_job(job, DELETED).await?,
            }
            tx.commit().await?;
            app.bulk_pace().note(Duration::ZERO);
            return Ok(Some(0));
        }
        let Some((workspace, id, kind)) = found else { return Ok(None) };
        match self.run((workspace, id), kind).await {
            Ok((records, took)) => {
                app.bulk_pace().note(took);
                Ok(Some(records))
            }
            Err(error) => {
                self.settle(workspace, id, &error).await?;
                app.bulk_pace().note_failure(&error);
                Ok(Some(0))
            }
        }
    }

    /// Runs the next batch of a job, and returns how many records it has changed and how long it had the
    /// writer.
    async fn run(
        &self,
        (workspace, id): JobKey,
        kind: BulkJobKind,
    ) -> Result<(i64, Duration), Error> {
        let app = self.0;
        let nothing = Ok((0, Duration::ZERO));
        let reading = Instant::now();
        let part = match kind {
            BulkJobKind::Reassignment | BulkJobKind::Import => None,
            BulkJobKind::Export => self.read(workspace, id).await?,
        };
        let read_for = part.as_ref().map_or(Duration::ZERO, |_| reading.elapsed());
        let Some(mut tx) = app.write_in(workspace).await? else { return nothing };
        let began = Instant::now();
        let found = tx.bulk_jobs().find(id).await?;
        // Another process may have run it until the lock.
        let Some(job) = found.filter(|job| job.is_due(app.now())) else { return nothing };
        // What was read goes on where the job is, and not where another process has taken it.
        let part = part.filter(|part| part.from == job.position);
        let mut ctx = self.enter(tx, &job).await?;
        let size = app.bulk_pace().size();
        let written = match (job.kind, part) {
            (BulkJobKind::Reassignment, _) => {
                ctx.records().run_reassignment(&job, size).await?
            }
            (BulkJobKind::Import, _) => ctx.records().run_import(&job).await?,
            (BulkJobKind::Export, Some(part)) => {
                ctx.export_files().write_part(&job, part).await?
            }
            (BulkJobKind::Export, None) => return nothing,
        };
        let WrittenBatch { pass, batch } = written;
        let records = batch.records;
        let now = app.now();
        let pause = BulkPace::pause_after(read_for + began.elapsed());
        let pause = Span(i64::try_from(pause.as_micros()).unwrap_or(0));
        let job = job.after(batch, now, now + pause);
        ctx.tx(&pass)?.bulk_jobs().update(&job).await?;
        if job.state == BulkJobState::Done && job.kind.has_end_entry() {
            ctx.record_audit(&pass, "bulk_job.end", id, &(), &audit_view(&job)).await?;
        }
        ctx.commit(&pass).await?;
        if job.state == BulkJobState::Done {
            info!(bulk_job.id = %id, "bulk job {id} is done: {} records", job.done);
        }
        Ok((records, read_for + began.elapsed()))
    }

    /// Reads the next batch of an export, in a transaction that keeps no one from writing.
    async fn read(
        &self,
        workspace: WorkspaceId,
        id: BulkJobId,
    ) -> Result<Option<ExportPart>, Error> {
        let app = self.0;
        let Some(mut tx) = app.db().read_in(workspace.0).await? else { return Ok(None) };
        let found = tx.bulk_jobs().find(id).await?;
        let Some(job) = found.filter(|job| job.is_due(app.now())) else { return Ok(None) };
        let mut ctx = self.enter(tx, &job).await?;
        ctx.export_files().read_part(&job, app.bulk_pace().size()).await.map(Some)
    }

    /// Enters the workspace of a job, as the member who has started it.
    ///
    /// # Errors
    ///
    /// `Refused` when they may act no more.
    async fn enter(&self, tx: WorkspaceTx, job: &BulkJob) -> Result<WorkspaceContext, Error> {
        let app = self.0;
        let mut tx = tx;
        let gone = |code: &'static str, detail: &str| Refusal::field("", code, detail);
        let member = tx.members().find(job.member).await?;
        let member =
            member.filter(|member| member.status == Status::Active).ok_or_else(|| {
                let detail =
                    "the member who started it is not active in the workspace any more";
                gone(MEMBER_GONE, detail)
            })?;
        // A service account acts by a key alone.
        let may_act = match member.account {
            Some(account) => tx.global().accounts().may_sign_in(account).await?,
            None => job.api_key.is_some(),
        };
        if !may_act {
            let detail = "the account of the member who started it is disabled";
            return Err(gone(ACCOUNT_DISABLED, detail).into());
        }
        let mut key = None;
        if let Some(id) = job.api_key {
            let detail = "the API key that started it is revoked, or has expired";
            let over = || gone(KEY_GONE, detail);
            let found = tx.api_keys().find(id).await?;
            let found = found.filter(|key| key.is_alive(app.now())).ok_or_else(over)?;
            if !key_counts(&mut tx, &found, member.account_or_own_id()).await? {
                return Err(over().into());
            }
            let maker = key_maker(&mut tx, &found, member.account_or_own_id()).await?;
            key = Some((found, maker));
        }
        let actor = Actor::Member { id: job.member, name: job.member_name.clone() };
        let ctx = app.open_context(tx, actor, job.request.clone()).await?;
        let Some((key, maker)) = key else { return Ok(ctx) };
        check_key_use(ctx.model(), &key, maker.as_ref()).map_err(|_| Refusal::KeyRests)?;
        ctx.bounded(key.scopes.as_ref()).await
    }

    /// Stores why a batch has not run: the job is tried again later, or has come to its end.
    async fn settle(
        &self,
        workspace: WorkspaceId,
        id: BulkJobId,
        error: &Error,
    ) -> Result<(), Error> {
        let app = self.0;
        let Some(mut tx) = app.write_in(workspace).await? else { return Ok(()) };
        let found = tx.bulk_jobs().find(id).await?;
        let Some(job) = found.filter(|job| job.state == BulkJobState::Running) else {
            return Ok(());
        };
        let why = error.to_string();
        let job = if is_final(error) {
            job.ended(BulkJobState::Stopped, EndReason::new(cause(error), why), app.now())
        } else {
            warn!(bulk_job.id = %id, error.why = %why, "a batch of bulk job {id} failed: {why}");
            let why = EndReason::new(EndCause::Failures, "its batches failed too often");
            job.after_failure(why, app.now())
        };
        let actor = Actor::Outside("a bulk job");
        let mut ctx = app.open_context(tx, actor, job.request.clone()).await?;
        let pass = ctx.admit(Credential::BulkJob)?;
        ctx.tx(&pass)?.bulk_jobs().update(&job).await?;
        if job.state != BulkJobState::Running {
            ctx.tx(&pass)?.export_files().expire(id, app.now()).await?;
            ctx.record_audit(&pass, "bulk_job.end", id, &(), &audit_view(&job)).await?;
            info!(bulk_job.id = %id, "bulk job {id} has ended as {}", job.state.word());
        }
        ctx.commit(&pass).await.map(drop)
    }
}

/// Finds something that is not kept any longer.
async fn find_over(tx: &mut Tx, now: Timestamp) -> Result<Option<Over>, Error> {
    let horizon = now + export_file::KEPT;
    if let Some(file) = tx.expired_export_file(now, horizon).await? {
        return Ok(Some(Over::File(file)));
    }
    Ok(tx.ended_bulk_job(now - KEPT).await?.map(Over::Job))
}

/// What ends a job whose batches a rule or the gate refuses.
fn cause(error: &Error) -> EndCause {
    if let Error::Denied(denial) = error {
        let (action, resource) = denial.names.clone();
        let role = if let DenialLimit::Role { name } = &denial.limit {
            Some(name.clone())
        } else {
            None
        };
        return EndCause::Denied { action, resource, role };
    }
    let Error::Refused(refusal) = error else { return EndCause::Missing };
    let Refusal::Fields(mistakes) = refusal else {
        let rests = *refusal == Refusal::KeyRests;
        return if rests { EndCause::KeyRests } else { EndCause::Refused { code: None } };
    };
    match mistakes.first().map(|mistake| mistake.code) {
        Some(MEMBER_GONE) => EndCause::MemberGone,
        Some(ACCOUNT_DISABLED) => EndCause::AccountDisabled,
        Some(KEY_GONE) => EndCause::KeyGone,
        code => EndCause::Refused { code: code.map(str::to_owned) },
    }
}

/// Whether an error of a batch is one of each later batch too: a rule or the gate says no.
const fn is_final(error: &Error) -> bool {
    match error {
        Error::Refused(Refusal::Busy { .. })
        | Error::Unconfirmed(_)
        | Error::TooSlow
        | Error::StorageFull(_)
        | Error::StorageFailing(_)
        | Error::DryRun
        | Error::Broken(_) => false,
        Error::Refused(_)
        | Error::Denied(_)
        | Error::Missing { .. }
        | Error::NotSignedIn
        | Error::StepUp(_)
        | Error::SecondFactor(_) => true,
    }
}
