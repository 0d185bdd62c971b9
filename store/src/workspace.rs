//! Workspaces as they are kept, each with the text of its blueprint.

pub mod purge;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::name::Name;
use hallpass_domain::slug::Slug;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::Workspace;
use serde_json::{Map, Value as Json};

use crate::error::Error;
use crate::query::json;
use crate::tx::{Tx, WorkspaceTx};
use crate::value::Row;

const COLUMNS: &str =
    "id, slug, name, revision, created_at, deleted_at, settings, blueprint_hash";

/// The workspaces, in a transaction.
pub struct Workspaces<'t>(&'t mut Tx);

impl Tx {
    /// The workspaces.
    pub fn workspaces(&mut self) -> Workspaces<'_> {
        Workspaces(self)
    }
}

impl Workspaces<'_> {
    pub(crate) fn tx(&mut self) -> &mut Tx {
        self.0
    }

    /// The workspace of an id, deleted ones too.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn find(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM workspaces WHERE id = ?1");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// The id of the workspace of a slug, deleted ones too.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_id_by_slug(&mut self, slug: &str) -> Result<Option<WorkspaceId>, Error> {
        let sql = "SELECT id FROM workspaces WHERE slug = ?1";
        self.0.find(sql, &[slug.into()]).await?.map(|row| row.id(0).map(Into::into)).transpose()
    }

    /// Every workspace, by slug, deleted ones too.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_all(&mut self) -> Result<Vec<Workspace>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM workspaces ORDER BY slug");
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// The id of the blueprint and the number of active members of a workspace.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn size(&mut self, id: WorkspaceId) -> Result<(String, i64), Error> {
        let sql = "SELECT blueprint_id, (SELECT count(*) FROM members WHERE workspace_id = ?1 \
                   AND status = 'active') FROM workspaces WHERE id = ?1";
        let row = self.0.query_one(sql, &[id.into()]).await?;
        Ok((row.text(0)?.to_owned(), row.int(1)?))
    }

    /// Adds a workspace at its first revision.
    ///
    /// # Errors
    ///
    /// `Conflict` when its slug is taken.
    pub async fn insert(
        &mut self,
        workspace: &Workspace,
        blueprint: (&str, &str),
    ) -> Result<(), Error> {
        let sql = "INSERT INTO workspaces (id, slug, name, revision, created_at, deleted_at, \
                   settings, blueprint_id, blueprint_hash, blueprint_text) \
                   VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, ?8, ?9)";
        let (id, text) = blueprint;
        let values = [
            workspace.id.into(),
            workspace.slug.as_str().into(),
            workspace.name.as_str().into(),
            workspace.revision.into(),
            workspace.created_at.into(),
            json(&workspace.settings),
            id.into(),
            workspace.blueprint_hash.clone().into(),
            text.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn restore(&mut self, id: WorkspaceId) -> Result<bool, Error> {
        let sql = "UPDATE workspaces SET deleted_at = NULL, revision = revision + 1 \
                   WHERE id = ?1 AND deleted_at IS NOT NULL";
        Ok(self.0.execute(sql, &[id.into()]).await? == 1)
    }

    /// Those deleted before a time.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_deleted_before(
        &mut self,
        time: Timestamp,
    ) -> Result<Vec<WorkspaceId>, Error> {
        let sql = "SELECT id FROM workspaces WHERE deleted_at < ?1 ORDER BY id";
        let rows = self.0.query(sql, &[time.into()]).await?;
        rows.iter().map(|row| row.id(0).map(Into::into)).collect()
    }
}

impl WorkspaceTx {
    /// The workspace that the transaction is in.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn about(&mut self) -> Result<Workspace, Error> {
        let sql = format!("SELECT {COLUMNS} FROM workspaces WHERE id = ?1");
        from_row(&self.query_one(&sql, &[]).await?)
    }

    /// The text of its blueprint.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn blueprint_text(&mut self) -> Result<String, Error> {
        let sql = "SELECT blueprint_text FROM workspaces WHERE id = ?1";
        Ok(self.query_one(sql, &[]).await?.text(0)?.to_owned())
    }

    /// Gives it another name and slug.
    ///
    /// # Errors
    ///
    /// `Conflict` when the slug is taken.
    pub async fn rename(&mut self, name: &Name, slug: &Slug) -> Result<(), Error> {
        let sql = "UPDATE workspaces SET name = ?2, slug = ?3 WHERE id = ?1";
        self.execute(sql, &[name.as_str().into(), slug.as_str().into()]).await.map(drop)
    }

    /// Keeps its settings.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update_settings(&mut self, settings: &Map<String, Json>) -> Result<(), Error> {
        let sql = "UPDATE workspaces SET settings = ?2 WHERE id = ?1";
        self.execute(sql, &[json(settings)]).await.map(drop)
    }

    /// Marks it as deleted: from then on nobody enters it.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, now: Timestamp) -> Result<(), Error> {
        let sql =
            "UPDATE workspaces SET deleted_at = ?2, revision = revision + 1 WHERE id = ?1";
        self.execute(sql, &[now.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<Workspace, Error> {
    Ok(Workspace {
        id: row.id(0)?.into(),
        slug: row.parsed(1, |text| Slug::parse(text).ok())?,
        name: row.parsed(2, |text| Name::parse(text).ok())?,
        revision: row.int(3)?,
        created_at: row.time(4)?,
        deleted_at: row.optional(5, Row::time)?,
        settings: row.json(6)?,
        blueprint_hash: row.bytes(7)?.to_vec(),
    })
}
