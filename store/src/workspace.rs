//! Workspaces, each with the text of its blueprint.

pub mod import;
pub mod list;
pub mod purge;

use std::marker::PhantomData;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::name::Name;
use hallpass_domain::slug::Slug;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::Workspace;
use serde_json::{Map, Value as Json};

use crate::columns::Columns;
use crate::error::Error;
use crate::query::json;
use crate::reader::{Read, Reader, WorkspaceReader, Write};
use crate::row::Row;
use crate::slug::by_slug;
use crate::tx::Tx;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::global(
    "workspaces",
    &[
        "id",
        "slug",
        "name",
        "revision",
        "created_at",
        "deleted_at",
        "settings",
        "blueprint_hash",
    ],
)
.hidden(&["blueprint_id", "blueprint_text"]);

/// The workspaces, in a transaction.
pub struct Workspaces<'t, A = Write> {
    tx: &'t mut Tx,
    access: PhantomData<A>,
}

impl Tx {
    /// The workspaces.
    pub fn workspaces(&mut self) -> Workspaces<'_> {
        Workspaces { tx: self, access: PhantomData }
    }
}

impl<'t> Reader<'t> {
    /// The workspaces.
    #[must_use]
    pub fn workspaces(self) -> Workspaces<'t, Read> {
        Workspaces { tx: self.0, access: PhantomData }
    }
}

impl<A> Workspaces<'_, A> {
    /// Finds a workspace by id, even if it is deleted.
    pub async fn find(&mut self, id: WorkspaceId) -> Result<Option<Workspace>, Error> {
        let sql = format!("{} WHERE id = ?1", COLUMNS.select());
        self.tx.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Finds the id of a workspace by its slug or one that it had, even if it is deleted.
    pub async fn find_id_by_slug(&mut self, slug: &str) -> Result<Option<WorkspaceId>, Error> {
        let sql = format!("SELECT id FROM workspaces WHERE id = {}", by_slug("?1"));
        let row = self.tx.find(&sql, &[slug.into()]).await?;
        row.map(|row| row.id("id").map(Into::into)).transpose()
    }
}

impl Workspaces<'_> {
    pub(crate) fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// Frees the slugs that workspaces had until a time.
    pub async fn free_slugs(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.tx.execute("DELETE FROM former_slugs WHERE until <= ?1", &[now.into()]).await
    }

    /// Inserts a workspace with the id and the text of its blueprint.
    ///
    /// # Errors
    ///
    /// `Conflict` when another workspace has its slug.
    pub async fn insert(
        &mut self,
        workspace: &Workspace,
        blueprint: (&str, &str),
    ) -> Result<(), Error> {
        let (id, text) = blueprint;
        let values = [
            workspace.id.into(),
            workspace.slug.as_str().into(),
            workspace.name.as_str().into(),
            workspace.revision.into(),
            workspace.created_at.into(),
            workspace.deleted_at.into(),
            json(&workspace.settings),
            workspace.blueprint_hash.clone().into(),
            id.into(),
            text.into(),
        ];
        self.tx.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Restores a deleted workspace; returns whether it was deleted. One that is being imported is not.
    pub async fn restore(&mut self, id: WorkspaceId) -> Result<bool, Error> {
        let sql = "UPDATE workspaces SET deleted_at = NULL, revision = revision + 1 \
                   WHERE id = ?1 AND deleted_at IS NOT NULL AND import_at IS NULL";
        Ok(self.tx.execute(sql, &[id.into()]).await? == 1)
    }

    /// Lists the workspaces that were deleted before a time.
    pub async fn list_deleted_before(
        &mut self,
        time: Timestamp,
    ) -> Result<Vec<WorkspaceId>, Error> {
        let sql = "SELECT id FROM workspaces WHERE deleted_at < ?1 ORDER BY id";
        let rows = self.tx.query(sql, &[time.into()]).await?;
        rows.iter().map(|row| row.id("id").map(Into::into)).collect()
    }
}

impl WorkspaceReader<'_> {
    /// The text of the workspace's blueprint.
    pub async fn blueprint_text(self) -> Result<String, Error> {
        self.0.blueprint_text().await
    }
}

impl WorkspaceTx {
    /// The workspace of the transaction.
    pub async fn load_workspace(&mut self) -> Result<Workspace, Error> {
        let sql = format!("{} WHERE id = ?1", COLUMNS.select());
        from_row(&self.query_one(&sql, &[]).await?)
    }

    /// The text of the workspace's blueprint.
    pub async fn blueprint_text(&mut self) -> Result<String, Error> {
        let sql = "SELECT id, blueprint_text FROM workspaces WHERE id = ?1";
        Ok(self.query_one(sql, &[]).await?.text("blueprint_text")?.to_owned())
    }

    /// Keeps a slug for the workspace until a time, after it has got another.
    pub async fn keep_slug(&mut self, slug: &Slug, until: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO former_slugs (workspace_id, slug, until) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (slug) DO UPDATE SET until = excluded.until \
                   WHERE former_slugs.workspace_id = excluded.workspace_id";
        self.execute(sql, &[slug.as_str().into(), until.into()]).await.map(drop)
    }

    /// Changes the name and the slug of the workspace.
    ///
    /// # Errors
    ///
    /// `Conflict` when another workspace has the slug.
    pub async fn rename(&mut self, name: &Name, slug: &Slug) -> Result<(), Error> {
        let sql = "DELETE FROM former_slugs WHERE workspace_id = ?1 AND slug = ?2";
        self.execute(sql, &[slug.as_str().into()]).await?;
        let sql = "UPDATE workspaces SET name = ?2, slug = ?3 WHERE id = ?1";
        self.execute(sql, &[name.as_str().into(), slug.as_str().into()]).await.map(drop)
    }

    /// Updates the settings of the workspace.
    pub async fn update_settings(&mut self, settings: &Map<String, Json>) -> Result<(), Error> {
        let sql = "UPDATE workspaces SET settings = ?2 WHERE id = ?1";
        self.execute(sql, &[json(settings)]).await.map(drop)
    }

    /// Replaces the blueprint of the workspace: its id, its text and the hash of the text.
    pub async fn update_blueprint(
        &mut self,
        (id, text): (&str, &str),
        hash: &[u8],
    ) -> Result<(), Error> {
        let sql = "UPDATE workspaces SET blueprint_id = ?2, blueprint_text = ?3, \
                   blueprint_hash = ?4 WHERE id = ?1";
        self.execute(sql, &[id.into(), text.into(), hash.to_vec().into()]).await.map(drop)
    }

    /// Marks the workspace as deleted: no transaction enters it any more.
    pub async fn delete(&mut self, now: Timestamp) -> Result<(), Error> {
        let sql =
            "UPDATE workspaces SET deleted_at = ?2, revision = revision + 1 WHERE id = ?1";
        self.execute(sql, &[now.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<Workspace, Error> {
    Ok(Workspace {
        id: row.id("id")?.into(),
        slug: row.parsed("slug", |text| Slug::parse(text).ok())?,
        name: row.parsed("name", Name::stored)?,
        revision: row.int("revision")?,
        created_at: row.time("created_at")?,
        deleted_at: row.optional("deleted_at", Row::time)?,
        settings: row.json("settings")?,
        blueprint_hash: row.bytes("blueprint_hash")?.to_vec(),
    })
}
