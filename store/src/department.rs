//! Departments.

use std::marker::PhantomData;

use hallpass_domain::department::Department;
use hallpass_domain::id::DepartmentId;
use hallpass_domain::name::Name;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::sorted_by_name;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
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
