//! Files of exports that bulk jobs prepare: what each may contain, and its contents in pieces.

mod reaches;

use std::marker::PhantomData;

use hallpass_domain::export_file::ExportFile;
use hallpass_domain::id::{BulkJobId, MemberId, WorkspaceId};
use hallpass_domain::time::Timestamp;

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;
pub use reaches::{REST, Reaches};

static COLUMNS: Columns = Columns::in_workspace(
    "export_files",
    &["job_id", "bytes", "pieces", "expires_at", "reach"],
)
.fixed(&["member_id"]);

/// The files of exports of a workspace, in a transaction.
pub struct ExportFiles<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

/// A file, and what its member might read when it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredExport {
    /// The file.
    pub file: ExportFile,
    /// What the member might read.
    pub reach: Reaches,
}

impl WorkspaceTx {
    /// The files of exports.
    pub fn export_files(&mut self) -> ExportFiles<'_> {
        ExportFiles(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The files of exports.
    #[must_use]
    pub fn export_files(self) -> ExportFiles<'t, Read> {
        ExportFiles(self.0, PhantomData)
    }
}

impl Tx {
    /// Finds a file that has expired. One whose end is after `horizon` counts as expired.
    pub async fn expired_export_file(
        &mut self,
        now: Timestamp,
        horizon: Timestamp,
    ) -> Result<Option<(WorkspaceId, BulkJobId)>, Error> {
        let sql = "SELECT workspace_id, job_id FROM export_files \
                   WHERE expires_at <= ?1 OR expires_at > ?2 ORDER BY expires_at LIMIT 1";
        let found = self.find(sql, &[now.into(), horizon.into()]).await?;
        let Some(file) = found else { return Ok(None) };
        Ok(Some((file.id("workspace_id")?.into(), file.id("job_id")?.into())))
    }

    /// Deletes some pieces of a file that has expired, and the file once it has no more.
    pub async fn delete_export_file(
        &mut self,
        (workspace, job): (WorkspaceId, BulkJobId),
        pieces: i64,
    ) -> Result<(), Error> {
        let key: [Value; 2] = [workspace.into(), job.into()];
        let sql = "DELETE FROM export_pieces WHERE workspace_id = ?1 AND job_id = ?2 AND number IN \
                   (SELECT number FROM export_pieces WHERE workspace_id = ?1 AND job_id = ?2 \
                   ORDER BY number LIMIT ?3)";
        let [workspace, job] = key.clone();
        let deleted = self.execute(sql, &[workspace, job, pieces.into()]).await?;
        if i64::try_from(deleted).is_ok_and(|deleted| deleted < pieces) {
            let sql = "DELETE FROM export_files WHERE workspace_id = ?1 AND job_id = ?2 \
                       AND expires_at IS NOT NULL";
            self.execute(sql, &key).await?;
        }
        Ok(())
    }
}

impl<A> ExportFiles<'_, A> {
    /// Finds the file of a job.
    pub async fn find(&mut self, job: BulkJobId) -> Result<Option<StoredExport>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND job_id = ?2", COLUMNS.select());
        self.0.find(&sql, &[job.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Lists the files of some jobs.
    pub async fn list(&mut self, jobs: &[BulkJobId]) -> Result<Vec<StoredExport>, Error> {
        let dialect = self.0.dialect();
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND job_id {}",
            COLUMNS.select(),
            dialect.seek_ids("?2")
        );
        let jobs = dialect.ids(jobs.iter().map(|job| job.0));
        self.0.query(&sql, &[jobs]).await?.iter().map(from_row).collect()
    }

    /// Counts the files that have not expired: those of a member, and all.
    pub async fn count(
        &mut self,
        member: MemberId,
        now: Timestamp,
    ) -> Result<(i64, i64), Error> {
        let sql = "SELECT count(*) AS n, \
                   count(CASE WHEN member_id = ?2 THEN 1 END) AS own FROM export_files \
                   WHERE workspace_id = ?1 AND (expires_at IS NULL OR expires_at > ?3)";
        let row = self.0.query_one(sql, &[member.into(), now.into()]).await?;
        Ok((row.int("own")?, row.int("n")?))
    }

    /// Finds a piece of a file.
    pub async fn find_piece(
        &mut self,
        job: BulkJobId,
        number: i64,
    ) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT contents FROM export_pieces WHERE workspace_id = ?1 AND job_id = ?2 \
                   AND number = ?3";
        let found = self.0.find(sql, &[job.into(), number.into()]).await?;
        found.map(|row| row.bytes("contents").map(<[u8]>::to_vec)).transpose()
    }
}

impl ExportFiles<'_> {
    /// Inserts a file.
    pub async fn insert(&mut self, stored: &StoredExport) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(stored)).await.map(drop)
    }

    /// Updates a file.
    pub async fn update(&mut self, stored: &StoredExport) -> Result<(), Error> {
        let values = values(stored);
        self.0.execute(COLUMNS.update(), COLUMNS.updated(&values)).await.map(drop)
    }

    /// Inserts a piece of a file.
    pub async fn insert_piece(
        &mut self,
        job: BulkJobId,
        number: i64,
        contents: Vec<u8>,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO export_pieces (workspace_id, job_id, number, contents) \
                   VALUES (?1, ?2, ?3, ?4)";
        self.0.execute(sql, &[job.into(), number.into(), contents.into()]).await.map(drop)
    }

    /// Lets the file of a job expire.
    pub async fn expire(&mut self, job: BulkJobId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE export_files SET expires_at = ?3 WHERE workspace_id = ?1 \
                   AND job_id = ?2 AND (expires_at IS NULL OR expires_at > ?3)";
        self.0.execute(sql, &[job.into(), now.into()]).await.map(drop)
    }

    /// Lets the files of a member expire.
    pub async fn expire_of(&mut self, member: MemberId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE export_files SET expires_at = ?3 WHERE workspace_id = ?1 \
                   AND member_id = ?2 AND (expires_at IS NULL OR expires_at > ?3)";
        self.0.execute(sql, &[member.into(), now.into()]).await.map(drop)
    }
}

fn values(stored: &StoredExport) -> [Value; 6] {
    let StoredExport { file, reach } = stored;
    [
        file.job.into(),
        file.bytes.into(),
        file.pieces.into(),
        file.expires_at.into(),
        reach.to_text().into(),
        file.member.into(),
    ]
}

fn from_row(row: &Row) -> Result<StoredExport, Error> {
    let reach = Reaches::parse(row.text("reach")?).ok_or_else(|| row.corrupt("reach"))?;
    let file = ExportFile {
        job: row.id("job_id")?.into(),
        member: row.id("member_id")?.into(),
        bytes: row.int("bytes")?,
        pieces: row.int("pieces")?,
        expires_at: row.optional("expires_at", Row::time)?,
    };
    Ok(StoredExport { file, reach })
}
