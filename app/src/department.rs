//! Departments: the tree that visibility looks at.

use hallpass_domain::department::{Department, plant};
use hallpass_domain::id::{DepartmentId, MemberId};
use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    CreateDepartments, DeleteDepartments, ReadDepartments, UpdateDepartments,
};
use crate::member::check_version;
use crate::role::names;

/// A department that somebody asks for, or a change of one; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct DepartmentChange {
    /// Its name.
    pub name: Option<String>,
    /// The one above it, or none.
    pub parent: Option<Option<DepartmentId>>,
    /// The member who leads it, or none.
    pub manager: Option<Option<MemberId>>,
}

fn no_department() -> Error {
    Error::Missing { noun: "department" }
}

impl WorkspaceContext {
    /// The departments, by name.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_departments(&mut self) -> Result<Vec<Department>, Error> {
        let pass = self.check(ReadDepartments).await?;
        Ok(self.tx(&pass)?.departments().list_all().await?)
    }

    /// A department.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn load_department(&mut self, id: DepartmentId) -> Result<Department, Error> {
        let pass = self.check(ReadDepartments).await?;
        let tree = self.tx(&pass)?.departments().list_all().await?;
        tree.into_iter().find(|known| known.id == id).ok_or_else(no_department)
    }

    /// Makes a department.
    ///
    /// # Errors
    ///
    /// `Denied`; `NoSuchLayer` where there are none; `Fields`, `NameTaken`.
    pub async fn create_department(
        &mut self,
        ask: &DepartmentChange,
    ) -> Result<Department, Error> {
        let pass = self.check(CreateDepartments).await?;
        if self.model().blueprint().departments.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "departments" }.into());
        }
        if ask.name.is_none() {
            return Err(Refusal::field("/name", "missing", "it is missing").into());
        }
        let blank = Department {
            id: self.id(),
            name: Name::parse("-").map_err(|why| Error::broken(why.to_string()))?,
            parent: None,
            manager: None,
            version: 1,
        };
        let department = self.changed_department(&blank, ask)?;
        let mut tree = self.tx(&pass)?.departments().list_all().await?;
        check_name(&tree, &department)?;
        tree.push(department.clone());
        self.apply(ChangeKind::Edit, &[plant(&tree)])?;
        self.tx(&pass)?.departments().insert(&department).await?;
        self.record_audit(
            &pass,
            "department.create",
            department.id,
            &(),
            &audit_view(&department),
        )
        .await?;
        self.commit(&pass).await?;
        Ok(department)
    }

    /// Changes a department. It cannot come to stand below itself.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::create_department`], and `Missing`, `Stale`.
    pub async fn change_department(
        &mut self,
        id: DepartmentId,
        ask: &DepartmentChange,
        version: Option<i64>,
    ) -> Result<Department, Error> {
        let pass = self.check(UpdateDepartments).await?;
        let mut tree = self.tx(&pass)?.departments().list_all().await?;
        let before = tree.iter().find(|known| known.id == id).cloned();
        let before = before.ok_or_else(no_department)?;
        check_version(before.version, version)?;
        let after = self.changed_department(&before, ask)?;
        tree.retain(|known| known.id != id);
        check_name(&tree, &after)?;
        if is_below(&tree, after.parent, id) {
            let detail = "a department cannot stand below itself";
            return Err(Refusal::field("/parent", "cycle", detail).into());
        }
        tree.push(after.clone());
        self.apply(ChangeKind::Edit, &[plant(&tree)])?;
        if !self.tx(&pass)?.departments().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.record_audit(
            &pass,
            "department.update",
            id,
            &audit_view(&before),
            &audit_view(&after),
        )
        .await?;
        self.commit(&pass).await?;
        Ok(Department { version: after.version + 1, ..after })
    }

    /// Deletes a department that has neither members nor departments below it.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InUse`.
    pub async fn delete_department(&mut self, id: DepartmentId) -> Result<(), Error> {
        let pass = self.check(DeleteDepartments).await?;
        let mut tree = self.tx(&pass)?.departments().list_all().await?;
        let before = tree.iter().find(|known| known.id == id).cloned();
        let before = before.ok_or_else(no_department)?;
        if tree.iter().any(|known| known.parent == Some(id)) {
            let by = "departments below it".to_owned();
            return Err(Refusal::InUse { noun: "department", by }.into());
        }
        let members = self.model().count_department_members(id);
        if members > 0 {
            let by = if members == 1 {
                "one member".to_owned()
            } else {
                format!("{members} members")
            };
            return Err(Refusal::InUse { noun: "department", by }.into());
        }
        tree.retain(|known| known.id != id);
        self.apply(ChangeKind::Edit, &[plant(&tree)])?;
        self.tx(&pass)?.departments().delete(id).await?;
        self.record_audit(&pass, "department.delete", id, &audit_view(&before), &()).await?;
        self.commit(&pass).await.map(drop)
    }

    fn changed_department(
        &self,
        department: &Department,
        ask: &DepartmentChange,
    ) -> Result<Department, Error> {
        let (name, _) = names(&department.name, "", ask.name.as_deref(), None)?;
        let parent = ask.parent.unwrap_or(department.parent);
        if let Some(id) = parent
            && self.model().department(id).is_none()
        {
            let detail = "there is no such department";
            return Err(Refusal::field("/parent", "unknown", detail).into());
        }
        let manager = ask.manager.unwrap_or(department.manager);
        let has_manager =
            self.model().blueprint().departments.is_some_and(|rules| rules.has_manager);
        if manager.is_some() && !has_manager {
            let detail = "departments have no manager in this workspace's access model";
            return Err(Refusal::field("/manager", "no_such_layer", detail).into());
        }
        if let Some(id) = manager
            && self.model().member(id).is_none()
        {
            return Err(Refusal::field("/manager", "unknown", "there is no such member").into());
        }
        Ok(Department { name, parent, manager, ..department.clone() })
    }
}

/// Two departments below the same one have different names.
fn check_name(tree: &[Department], department: &Department) -> Result<(), Refusal> {
    let is_taken = tree.iter().any(|known| {
        known.id != department.id
            && known.parent == department.parent
            && known.name.key() == department.name.key()
    });
    if is_taken {
        return Err(Refusal::NameTaken {
            noun: "department",
            name: department.name.to_string(),
        });
    }
    Ok(())
}

/// Whether a department is another one or stands below it.
fn is_below(tree: &[Department], at: Option<DepartmentId>, other: DepartmentId) -> bool {
    let parent = |id: &DepartmentId| {
        tree.iter().find(|known| known.id == *id).and_then(|known| known.parent)
    };
    std::iter::successors(at, parent).take(tree.len() + 2).any(|id| id == other)
}

pub(crate) fn audit_view(department: &Department) -> Value {
    json!({
        "name": department.name.as_str(),
        "parent": department.parent.map(|id| id.to_string()),
        "manager": department.manager.map(|id| id.to_string()),
    })
}
