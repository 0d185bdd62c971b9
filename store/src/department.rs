//! Departments.

use std::collections::HashMap;
use std::marker::PhantomData;

use hallpass_domain::department::Department;
use hallpass_domain::id::DepartmentId;
use hallpass_domain::name::Name;
use hallpass_domain::text::{contains_pattern, fold};

use crate::columns::Columns;
use crate::error::Error;
use crate::query::sorted_by_name;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::team::MOST_SEARCHED;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns =
    Columns::in_workspace("departments", &["id", "name", "parent_id", "manager_id", "version"])
        .computed(&["name_key"]);

/// The departments of a workspace, in a transaction.
pub struct Departments<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The departments.
    pub fn departments(&mut self) -> Departments<'_> {
        Departments(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The departments.
    #[must_use]
    pub fn departments(self) -> Departments<'t, Read> {
        Departments(self.0, PhantomData)
    }
}

impl<A> Departments<'_, A> {
    /// Lists every department by name.
    pub async fn list_all(&mut self) -> Result<Vec<Department>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        sorted_by_name(&rows, from_row, |department: &Department| &department.name)
    }
}

impl<A> Departments<'_, A> {
    /// Lists the first departments by name whose names contain a text, of the first [`MOST_SEARCHED`] by id.
    pub async fn pick(
        &mut self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<(DepartmentId, String)>, Error> {
        let sql = "SELECT id, name FROM (SELECT id, name, name_key FROM departments \
                   WHERE workspace_id = ?1 ORDER BY id LIMIT ?2) AS first \
                   WHERE name_key LIKE ?3 ESCAPE '\\' ORDER BY name_key, id LIMIT ?4";
        let number = |number: usize| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
        let pattern = contains_pattern(&fold(text)).into();
        let values = [number(MOST_SEARCHED), pattern, number(limit)];
        self.0.query(sql, &values).await?.iter().map(named).collect()
    }

    /// The names of some departments.
    pub async fn names(
        &mut self,
        ids: &[DepartmentId],
    ) -> Result<HashMap<DepartmentId, String>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let dialect = self.0.dialect();
        let sql = format!(
            "SELECT id, name FROM departments WHERE workspace_id = ?1 AND id {}",
            dialect.in_ids("?2")
        );
        let rows = self.0.query(&sql, &[dialect.ids(ids.iter().map(|id| id.0))]).await?;
        rows.iter().map(named).collect()
    }
}

impl Departments<'_> {
    /// Inserts a department.
    pub async fn insert(&mut self, department: &Department) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(department)).await.map(drop)
    }

    /// Updates a department. Returns whether its version was still current.
    pub async fn update(&mut self, department: &Department) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(department)).await? == 1)
    }

    /// Deletes a department.
    pub async fn delete(&mut self, id: DepartmentId) -> Result<(), Error> {
        let sql = "DELETE FROM departments WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn named(row: &Row) -> Result<(DepartmentId, String), Error> {
    Ok((row.id("id")?.into(), row.text("name")?.to_owned()))
}

fn values(department: &Department) -> [Value; 6] {
    [
        department.id.into(),
        department.name.as_str().into(),
        department.parent.into(),
        department.manager.into(),
        department.version.into(),
        department.name.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Department, Error> {
    Ok(Department {
        id: row.id("id")?.into(),
        name: row.parsed("name", Name::stored)?,
        parent: row.optional("parent_id", Row::id)?.map(Into::into),
        manager: row.optional("manager_id", Row::id)?.map(Into::into),
        version: row.int("version")?,
    })
}
