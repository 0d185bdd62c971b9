//! Saved views.

use std::marker::PhantomData;

use hallpass_domain::id::{MemberId, ViewId};
use hallpass_domain::name::Name;
use hallpass_domain::saved_view::{FilterParts, SavedView, ViewSettings};
use hallpass_domain::sharing::Sharing;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::part::{Part, one_more};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "saved_views",
    &[
        "id",
        "name",
        "created_by",
        "is_shared",
        "entity",
        "filter",
        "sorted_by",
        "shown_columns",
        "version",
    ],
);

/// The saved views of a workspace, in a transaction.
pub struct SavedViews<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The saved views.
    pub fn saved_views(&mut self) -> SavedViews<'_> {
        SavedViews(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The saved views.
    #[must_use]
    pub fn saved_views(self) -> SavedViews<'t, Read> {
        SavedViews(self.0, PhantomData)
    }
}

impl<A> SavedViews<'_, A> {
    /// Lists the views of a member and the shared ones, of one record type or of all, the first created first.
    pub async fn list(
        &mut self,
        member: Option<MemberId>,
        entity: Option<&str>,
    ) -> Result<Vec<SavedView>, Error> {
        let mut values: Vec<Value> = vec![member.map_or(Uuid::nil(), |member| member.0).into()];
        let mut of_type = "";
        if let Some(entity) = entity {
            values.push(entity.into());
            of_type = " AND entity = ?3";
        }
        // Each half has its index.
        let select = COLUMNS.select();
        let sql = format!(
            "{select} WHERE workspace_id = ?1 AND created_by = ?2 AND NOT is_shared{of_type} \
             UNION ALL {select} WHERE workspace_id = ?1 AND is_shared{of_type} ORDER BY id"
        );
        self.0.query(&sql, &values).await?.iter().map(from_row).collect()
    }

    /// Lists a page of the views of all members, the first created first; with `after`, those with a higher
    /// id.
    pub async fn list_after(
        &mut self,
        after: Option<ViewId>,
        limit: usize,
    ) -> Result<Part<SavedView>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            COLUMNS.select()
        );
        let after = after.unwrap_or(ViewId(Uuid::nil()));
        self.0.part(&sql, &[after.into(), one_more(limit)], limit, from_row).await
    }

    /// Counts the views that a member created.
    pub async fn count_by(&mut self, member: MemberId) -> Result<i64, Error> {
        let sql =
            "SELECT count(*) FROM saved_views WHERE workspace_id = ?1 AND created_by = ?2";
        self.0.query_one(sql, &[member.into()]).await?.int(0)
    }

    /// Finds a view by id.
    pub async fn find(&mut self, id: ViewId) -> Result<Option<SavedView>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }
}

impl SavedViews<'_> {
    /// Inserts a view.
    pub async fn insert(&mut self, view: &SavedView) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(view)).await.map(drop)
    }

    /// Updates a view. Returns whether its version was still current.
    pub async fn update(&mut self, view: &SavedView) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(view)).await? == 1)
    }

    /// Deletes a view.
    pub async fn delete(&mut self, id: ViewId) -> Result<(), Error> {
        let sql = "DELETE FROM saved_views WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }

    /// Deletes the views of a member that are not shared.
    pub async fn delete_own(&mut self, member: MemberId) -> Result<(), Error> {
        let sql = "DELETE FROM saved_views \
                   WHERE workspace_id = ?1 AND created_by = ?2 AND NOT is_shared";
        self.0.execute(sql, &[member.into()]).await.map(drop)
    }
}

fn values(view: &SavedView) -> [Value; 9] {
    let ViewSettings { filter, sort, columns } = &view.settings;
    [
        view.id.into(),
        view.name.as_str().into(),
        view.sharing.created_by.into(),
        view.sharing.is_shared.into(),
        view.entity.as_str().into(),
        json(&FilterParts::of(filter)).into(),
        sort.clone().into(),
        columns.as_ref().map(json).into(),
        view.version.into(),
    ]
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn from_row(row: &Row) -> Result<SavedView, Error> {
    let filter = row.json::<FilterParts>("filter")?.read();
    Ok(SavedView {
        id: row.id("id")?.into(),
        name: row.parsed("name", |text| Name::parse(text).ok())?,
        sharing: Sharing {
            created_by: row.id("created_by")?.into(),
            is_shared: row.bool("is_shared")?,
        },
        entity: row.text("entity")?.to_owned(),
        settings: ViewSettings {
            filter: filter.map_err(|_| row.corrupt("filter"))?,
            sort: row.optional("sorted_by", Row::text)?.map(str::to_owned),
            columns: row.optional("shown_columns", Row::json)?,
        },
        version: row.int("version")?,
    })
}
