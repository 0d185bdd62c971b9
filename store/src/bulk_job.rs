//! Bulk jobs, with what their batches are to do and what they have done.

use std::marker::PhantomData;

use hallpass_domain::bulk_job::{BulkJob, BulkJobKind, BulkJobState, EndReason};
use hallpass_domain::id::{BulkJobId, MemberId, WorkspaceId};
use hallpass_domain::time::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::part::{Part, one_more};
use crate::query::{Conditions, json};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "bulk_jobs",
    &[
        "id",
        "state",
        "done",
        "total",
        "position",
        "result",
        "reason",
        "updated_at",
        "ended_at",
        "run_at",
        "failures",
    ],
)
.fixed(&[
    "kind",
    "member_id",
    "member_name",
    "api_key_id",
    "request",
    "audit_id",
    "parameters",
    "created_at",
]);

/// The bulk jobs of a workspace, in a transaction.
pub struct BulkJobs<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

/// A part of a bulk job.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkJobPart {
    /// Its number, from 0 on.
    pub number: i64,
    /// What it is to do; null where its batch finds that out.
    pub input: Json,
    /// What it has done; null before.
    pub result: Json,
}

impl WorkspaceTx {
    /// The bulk jobs.
    pub fn bulk_jobs(&mut self) -> BulkJobs<'_> {
        BulkJobs(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The bulk jobs.
    #[must_use]
    pub fn bulk_jobs(self) -> BulkJobs<'t, Read> {
        BulkJobs(self.0, PhantomData)
    }
}

impl Tx {
    /// Finds the bulk job whose next batch is due for the longest time: the first one of its workspace that
    /// runs. One whose time is after `horizon` counts as due.
    pub async fn next_bulk_job(
        &mut self,
        now: Timestamp,
        horizon: Timestamp,
    ) -> Result<Option<(WorkspaceId, BulkJobId, BulkJobKind)>, Error> {
        let sql = "SELECT j.workspace_id AS workspace_id, j.id AS id, j.kind AS kind \
                   FROM bulk_jobs j \
                   JOIN workspaces w ON w.id = j.workspace_id AND w.deleted_at IS NULL \
                   WHERE j.state = 'running' AND (j.run_at <= ?1 OR j.run_at > ?2) \
                   AND NOT EXISTS (SELECT 1 FROM bulk_jobs e WHERE e.state = 'running' \
                   AND e.workspace_id = j.workspace_id AND e.id < j.id) \
                   ORDER BY j.run_at, j.workspace_id LIMIT 1";
        let found = self.find(sql, &[now.into(), horizon.into()]).await?;
        let Some(row) = found else { return Ok(None) };
        let kind = row.parsed("kind", BulkJobKind::parse)?;
        Ok(Some((row.id("workspace_id")?.into(), row.id("id")?.into(), kind)))
    }

    /// Finds the bulk job that ended first, if that was before a time.
    pub async fn ended_bulk_job(
        &mut self,
        before: Timestamp,
    ) -> Result<Option<(WorkspaceId, BulkJobId)>, Error> {
        let sql = "SELECT workspace_id, id FROM bulk_jobs WHERE ended_at < ?1 \
                   ORDER BY ended_at LIMIT 1";
        let Some(job) = self.find(sql, &[before.into()]).await? else { return Ok(None) };
        Ok(Some((job.id("workspace_id")?.into(), job.id("id")?.into())))
    }

    /// Deletes some parts of a bulk job that has ended, and the job once it has no more.
    pub async fn delete_bulk_job(
        &mut self,
        (workspace, id): (WorkspaceId, BulkJobId),
        parts: i64,
    ) -> Result<(), Error> {
        let key: [Value; 2] = [workspace.into(), id.into()];
        let sql = "DELETE FROM bulk_job_parts WHERE workspace_id = ?1 AND job_id = ?2 AND number IN \
                   (SELECT number FROM bulk_job_parts WHERE workspace_id = ?1 AND job_id = ?2 \
                   ORDER BY number LIMIT ?3)";
        let [workspace, id] = key.clone();
        let deleted = self.execute(sql, &[workspace, id, parts.into()]).await?;
        if i64::try_from(deleted).is_ok_and(|deleted| deleted < parts) {
            let sql = "DELETE FROM bulk_jobs WHERE workspace_id = ?1 AND id = ?2 \
                       AND ended_at IS NOT NULL";
            self.execute(sql, &key).await?;
        }
        Ok(())
    }
}

impl<A> BulkJobs<'_, A> {
    /// Lists a page of jobs, the latest first; with `below`, those with a lower id, with `member`, those that
    /// a member has started, with `kind`, those of a kind.
    pub async fn list(
        &mut self,
        (member, kind): (Option<MemberId>, Option<BulkJobKind>),
        below: Option<BulkJobId>,
        limit: usize,
    ) -> Result<Part<BulkJob>, Error> {
        let mut conditions = Conditions::from(4);
        if let Some(member) = member {
            conditions.and("member_id = ?", [member.into()]);
        }
        if let Some(kind) = kind {
            conditions.and("kind = ?", [kind.word().into()]);
        }
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id < ?2{} ORDER BY id DESC LIMIT ?3",
            COLUMNS.select(),
            conditions.text()
        );
        let below = below.unwrap_or(BulkJobId(Uuid::max()));
        let mut values = vec![below.into(), one_more(limit)];
        values.extend_from_slice(conditions.values());
        self.0.part(&sql, &values, limit, from_row).await
    }

    /// Finds a job.
    pub async fn find(&mut self, id: BulkJobId) -> Result<Option<BulkJob>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Counts those that run.
    pub async fn count_running(&mut self) -> Result<i64, Error> {
        let sql =
            "SELECT count(*) AS n FROM bulk_jobs WHERE workspace_id = ?1 AND state = 'running'";
        self.0.query_one(sql, &[]).await?.int("n")
    }

    /// Finds a part of a job.
    pub async fn find_part(
        &mut self,
        job: BulkJobId,
        number: i64,
    ) -> Result<Option<BulkJobPart>, Error> {
        let from = number.saturating_sub(1);
        let found = self.list_parts(job, from, 1).await?;
        Ok(found.items.into_iter().find(|part| part.number == number))
    }

    /// Lists the parts of a job after a number.
    pub async fn list_parts(
        &mut self,
        job: BulkJobId,
        after: i64,
        limit: usize,
    ) -> Result<Part<BulkJobPart>, Error> {
        let sql = "SELECT number, input, result FROM bulk_job_parts WHERE workspace_id = ?1 \
                   AND job_id = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
        let values = [job.into(), after.into(), one_more(limit)];
        let part = |row: &Row| {
            Ok(BulkJobPart {
                number: row.int("number")?,
                input: row.json("input")?,
                result: row.json("result")?,
            })
        };
        self.0.part(sql, &values, limit, part).await
    }
}

impl BulkJobs<'_> {
    /// Inserts a job.
    pub async fn insert(&mut self, job: &BulkJob) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(job)).await.map(drop)
    }

    /// Updates how a job is and how far it came.
    pub async fn update(&mut self, job: &BulkJob) -> Result<(), Error> {
        let values = values(job);
        self.0.execute(COLUMNS.update(), COLUMNS.updated(&values)).await.map(drop)
    }

    /// Inserts a part of a job.
    pub async fn insert_part(
        &mut self,
        job: BulkJobId,
        number: i64,
        (input, result): (&impl Serialize, &impl Serialize),
    ) -> Result<(), Error> {
        let sql = "INSERT INTO bulk_job_parts (workspace_id, job_id, number, input, result) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = [job.into(), number.into(), json(input), json(result)];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Stores what a part has done, in the place of what it was to do.
    pub async fn finish_part(
        &mut self,
        job: BulkJobId,
        number: i64,
        result: &impl Serialize,
    ) -> Result<(), Error> {
        let sql = "UPDATE bulk_job_parts SET input = 'null', result = ?4 \
                   WHERE workspace_id = ?1 AND job_id = ?2 AND number = ?3";
        let values = [job.into(), number.into(), json(result)];
        self.0.execute(sql, &values).await.map(drop)
    }
}

fn values(job: &BulkJob) -> [Value; 19] {
    [
        job.id.into(),
        job.state.word().into(),
        job.done.into(),
        job.total.into(),
        json(&job.position),
        json(&job.result),
        job.reason.as_ref().map(EndReason::write).into(),
        job.updated_at.into(),
        job.ended_at.into(),
        job.run_at.into(),
        job.failures.into(),
        job.kind.word().into(),
        job.member.into(),
        job.member_name.as_str().into(),
        job.api_key.into(),
        job.request.as_str().into(),
        job.audit.into(),
        json(&job.parameters),
        job.created_at.into(),
    ]
}

fn from_row(row: &Row) -> Result<BulkJob, Error> {
    Ok(BulkJob {
        id: row.id("id")?.into(),
        kind: row.parsed("kind", BulkJobKind::parse)?,
        state: row.parsed("state", BulkJobState::parse)?,
        member: row.id("member_id")?.into(),
        member_name: row.text("member_name")?.to_owned(),
        api_key: row.optional("api_key_id", Row::id)?.map(Into::into),
        request: row.text("request")?.to_owned(),
        audit: row.id("audit_id")?.into(),
        parameters: row.json("parameters")?,
        done: row.int("done")?,
        total: row.int("total")?,
        position: row.json("position")?,
        result: row.json("result")?,
        reason: row.optional("reason", Row::text)?.map(EndReason::read),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        ended_at: row.optional("ended_at", Row::time)?,
        run_at: row.time("run_at")?,
        failures: row.int("failures")?,
    })
}
