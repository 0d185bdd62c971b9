//! Departments as they are kept.

use hallpass_domain::department::Department;
use hallpass_domain::id::DepartmentId;
use hallpass_domain::name::Name;

use crate::error::Error;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

const COLUMNS: &str = "id, name, parent_id, manager_id, version";

/// The departments of a workspace, in a transaction.
pub struct Departments<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The departments.
    pub fn departments(&mut self) -> Departments<'_> {
        Departments(self)
    }
}

impl Departments<'_> {
    /// Every department, by name.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<Department>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM departments WHERE workspace_id = ?1 ORDER BY name_key, id"
        );
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Adds a department.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn insert(&mut self, department: &Department) -> Result<(), Error> {
        let sql = "INSERT INTO departments (workspace_id, id, name, name_key, parent_id, manager_id, \
                   version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.0.execute(sql, &values(department)).await.map(drop)
    }

    /// Keeps a department as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update(&mut self, department: &Department) -> Result<bool, Error> {
        let sql = "UPDATE departments SET name = ?3, name_key = ?4, parent_id = ?5, \
                   manager_id = ?6, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?7";
        Ok(self.0.execute(sql, &values(department)).await? == 1)
    }

    /// Takes a department away.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, id: DepartmentId) -> Result<(), Error> {
        let sql = "DELETE FROM departments WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn values(department: &Department) -> [Value; 6] {
    [
        department.id.into(),
        department.name.as_str().into(),
        department.name.key().into(),
        department.parent.into(),
        department.manager.into(),
        department.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<Department, Error> {
    Ok(Department {
        id: row.id(0)?.into(),
        name: row.parsed(1, |text| Name::parse(text).ok())?,
        parent: row.optional(2, Row::id)?.map(Into::into),
        manager: row.optional(3, Row::id)?.map(Into::into),
        version: row.int(4)?,
    })
}
