//! A workspace that is being imported: it is marked as deleted until everything in it is there.
//!
//! **Invariant:** nothing enters or restores a workspace whose import has not ended, and no account has a place in it.

use hallpass_domain::id::{AccountId, MemberId, WorkspaceId};
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::Workspace;

use crate::error::Error;
use crate::value::Value;
use crate::workspace::Workspaces;
use crate::workspace_tx::WorkspaceTx;

impl Workspaces<'_> {
    /// Inserts a workspace whose import begins. Its `deleted_at` is set until [`WorkspaceTx::end_import`].
    ///
    /// # Errors
    ///
    /// `Conflict` when another workspace has its slug or its id.
    pub async fn begin_import(
        &mut self,
        workspace: &Workspace,
        blueprint: (&str, &str),
    ) -> Result<(), Error> {
        self.insert(workspace, blueprint).await?;
        let sql = "UPDATE workspaces SET import_at = deleted_at WHERE id = ?1";
        self.tx().execute(sql, &[workspace.id.into()]).await.map(drop)
    }

    /// When the import of a workspace has written last; none for a workspace that is whole.
    pub async fn find_import(&mut self, id: WorkspaceId) -> Result<Option<Timestamp>, Error> {
        let sql = "SELECT import_at FROM workspaces WHERE id = ?1 AND import_at IS NOT NULL";
        let row = self.tx().find(sql, &[id.into()]).await?;
        row.map(|row| row.time("import_at")).transpose()
    }

    /// Ends the import of a workspace that is to be purged: it writes nothing more, and no one restores what is left.
    pub async fn stop_import(&mut self, id: WorkspaceId) -> Result<(), Error> {
        let sql = "UPDATE workspaces SET import_at = 0 WHERE id = ?1 AND import_at IS NOT NULL";
        self.tx().execute(sql, &[id.into()]).await.map(drop)
    }

    /// Lists the workspaces whose import has written nothing since a time, by id.
    pub async fn list_imports_before(
        &mut self,
        time: Timestamp,
    ) -> Result<Vec<WorkspaceId>, Error> {
        let sql = "SELECT id FROM workspaces WHERE import_at < ?1 ORDER BY id";
        let rows = self.tx().query(sql, &[time.into()]).await?;
        rows.iter().map(|row| row.id("id").map(Into::into)).collect()
    }

    /// Which of some ids belong to an account, or to a member of any workspace.
    pub async fn list_taken_ids(&mut self, ids: &[MemberId]) -> Result<Vec<MemberId>, Error> {
        let dialect = self.tx().dialect();
        let ids = dialect.ids(ids.iter().map(|id| id.0));
        let accounts = format!("SELECT id FROM accounts WHERE id {}", dialect.seek_ids("?1"));
        let members = format!(
            "SELECT m.id AS id FROM members m WHERE m.workspace_id IS NOT NULL AND m.id {}",
            dialect.in_ids("?1")
        );
        let mut taken = Vec::new();
        for sql in [accounts, members] {
            let rows = self.tx().query(&sql, std::slice::from_ref(&ids)).await?;
            for row in &rows {
                taken.push(row.id("id")?.into());
            }
        }
        Ok(taken)
    }
}

impl WorkspaceTx {
    /// Notes that the import of the workspace goes on. Returns whether it has not ended.
    pub async fn note_import(&mut self, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE workspaces SET import_at = ?2 WHERE id = ?1 AND import_at > 0";
        Ok(self.execute(sql, &[now.into()]).await? == 1)
    }

    /// Gives the account of each member a place in the workspace; for an inactive one a place where it may
    /// not sign in. Service accounts and removed members have none.
    pub async fn add_places(&mut self) -> Result<(), Error> {
        let sql = "INSERT INTO account_workspaces (account_id, workspace_id, visited_at, is_open) \
                   SELECT m.account_id, m.workspace_id, NULL, m.status = 'active' FROM members m \
                   WHERE m.workspace_id = ?1 AND m.status <> 'removed' AND m.account_id <> m.id";
        self.execute(sql, &[]).await.map(drop)
    }

    /// Gives a member another account.
    ///
    /// # Errors
    ///
    /// `Conflict` when the account has a member here.
    pub async fn replace_account(
        &mut self,
        member: MemberId,
        account: AccountId,
    ) -> Result<(), Error> {
        let sql = "UPDATE members SET account_id = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.execute(sql, &[member.into(), account.into()]).await.map(drop)
    }

    /// Ends the import at a revision: from the commit on, the workspace can be entered. Returns whether it was
    /// being imported.
    pub async fn end_import(&mut self, revision: i64) -> Result<bool, Error> {
        let sql = "UPDATE workspaces SET deleted_at = NULL, import_at = NULL, revision = ?2 \
                   WHERE id = ?1 AND import_at > 0";
        let values: [Value; 1] = [revision.into()];
        Ok(self.execute(sql, &values).await? == 1)
    }
}
