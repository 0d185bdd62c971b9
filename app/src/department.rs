//! Departments: the tree on which visibility depends.

use std::collections::BTreeMap;

use hallpass_domain::department::{Department, plant};
use hallpass_domain::id::{DepartmentId, MemberId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::context::visible::{MEMBERS, visible_count};
use crate::error::Error;
use crate::gate::permission::{
    CreateDepartments, DeleteDepartments, ReadDepartments, ReadMembers, UpdateDepartments,
};
use crate::gate::{Pass, Permission};
use crate::invitation::check_not_invited;
use crate::naming::label::Label;
use crate::naming::{self, DepartmentRef, Unresolved};

/// The fields of a new department, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct DepartmentChange {
    /// Its name.
    pub name: Option<String>,
    /// The department above it, or none.
    pub parent: Option<Option<DepartmentRef>>,
    /// The member who manages it, or none.
    pub manager: Option<Option<MemberId>>,
}

/// A department with its size.
#[derive(Clone, Debug)]
pub struct DepartmentDetails {
    /// The department.
    pub department: Department,
    /// The number of members in it, without those of the departments below it; none for a caller who
    /// may not read members.
    pub members: Option<usize>,
    /// The number of members in it and in the departments below it; none for the same callers.
    pub members_with_below: Option<usize>,
    /// The name of its manager, as far as the caller may know it.
    pub manager_name: Option<String>,
}

/// The departments of a workspace.
pub struct Departments<'c>(pub(crate) &'c mut WorkspaceContext);

impl Departments<'_> {
    /// Lists the departments by name.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<DepartmentDetails>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadDepartments).await?;
        let tree = ctx.read(&pass)?.departments().list_all().await?;
        ctx.look_up_names(&pass, tree.iter().filter_map(|one| one.manager)).await?;
        let sizes = Sizes::of(ctx, &tree);
        Ok(tree.into_iter().map(|department| sizes.details(ctx, department)).collect())
    }

    /// Loads a department.
    #[boxed]
    pub async fn load(
        &mut self,
        department: DepartmentRef,
    ) -> Result<DepartmentDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadDepartments).await?;
        let (department, mut tree) = load(ctx, &pass, &department).await?;
        tree.push(department.clone());
        ctx.look_up_names(&pass, department.manager).await?;
        Ok(Sizes::of(ctx, &tree).details(ctx, department))
    }

    /// Creates a department.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model has no departments.
    #[boxed]
    pub async fn create(
        &mut self,
        change: &DepartmentChange,
    ) -> Result<DepartmentDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateDepartments).await?;
        if ctx.model().blueprint().departments.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "departments" }.into());
        }
        let department = Department {
            id: ctx.id(),
            name: Label::create(change.name.as_deref(), None)?.name,
            parent: parent(ctx, &pass, change).await?.unwrap_or_default(),
            manager: manager(ctx, change, None)?.unwrap_or_default(),
            version: 1,
        };
        let mut tree = ctx.read(&pass)?.departments().list_all().await?;
        check_name(&tree, &department)?;
        tree.push(department.clone());
        ctx.look_up_names(&pass, department.manager).await?;
        ctx.apply(ChangeKind::Edit, &[plant(&tree)])?;
        ctx.tx(&pass)?.departments().insert(&department).await?;
        let view = audit_view(&department);
        ctx.record_audit(&pass, "department.create", department.id, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(Sizes::of(ctx, &tree).details(ctx, department))
    }

    /// Updates a department. A department
    /// cannot move below itself.
    #[boxed]
    pub async fn update(
        &mut self,
        department: DepartmentRef,
        change: &DepartmentChange,
    ) -> Result<DepartmentDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateDepartments).await?;
        let (before, mut others) = load(ctx, &pass, &department).await?;
        ctx.check_version(before.version)?;
        let current = Label { name: before.name.clone(), description: String::new() };
        let after = Department {
            name: current.update(change.name.as_deref(), None)?.name,
            parent: parent(ctx, &pass, change).await?.unwrap_or(before.parent),
            manager: manager(ctx, change, before.manager)?.unwrap_or(before.manager),
            ..before.clone()
        };
        check_name(&others, &after)?;
        if is_at_or_below(&others, after.parent, before.id) {
            let detail = "a department cannot be below itself";
            return Err(Refusal::field("/parent", "cycle", detail).into());
        }
        others.push(after.clone());
        ctx.look_up_names(&pass, after.manager).await?;
        ctx.apply(ChangeKind::Edit, &[plant(&others)])?;
        if !ctx.tx(&pass)?.departments().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "department.update", after.id, &was, &is).await?;
        ctx.commit(&pass).await?;
        let sizes = Sizes::of(ctx, &others);
        Ok(sizes.details(ctx, Department { version: after.version + 1, ..after }))
    }

    /// Deletes a department without members and without departments below it that no pending
    /// invitation names.
    ///
    /// # Errors
    ///
    /// `InUse` otherwise.
    #[boxed]
    pub async fn delete(&mut self, department: DepartmentRef) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteDepartments).await?;
        let (department, others) = load(ctx, &pass, &department).await?;
        ctx.check_version(department.version)?;
        let id = department.id;
        let by = if others.iter().any(|known| known.parent == Some(id)) {
            Some("departments below it".to_owned())
        } else {
            let members = ctx.model().count_department_members(id);
            (members > 0).then(|| visible_count(ctx.opens(&ReadMembers), members, MEMBERS))
        };
        if let Some(by) = by {
            return Err(Refusal::InUse { noun: "department", by }.into());
        }
        let names = |invitation: &Invitation| invitation.access.department == Some(id);
        check_not_invited(ctx, &pass, "department", names).await?;
        ctx.apply(ChangeKind::Edit, &[plant(&others)])?;
        ctx.tx(&pass)?.departments().delete(id).await?;
        let view = audit_view(&department);
        ctx.record_audit(&pass, "department.delete", id, &view, &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

/// How many members the departments of a tree have: each by itself, and with those below it.
struct Sizes(BTreeMap<DepartmentId, (usize, usize)>);

impl Sizes {
    fn of(ctx: &WorkspaceContext, tree: &[Department]) -> Sizes {
        let own = |id: DepartmentId| ctx.model().count_department_members(id);
        Sizes(sizes(tree, own))
    }

    fn details(&self, ctx: &WorkspaceContext, department: Department) -> DepartmentDetails {
        let (own, all) = self.0.get(&department.id).copied().unwrap_or_default();
        let manager_name = department.manager.and_then(|id| ctx.known_name(id));
        DepartmentDetails {
            manager_name: manager_name.map(str::to_owned),
            members: ctx.visible_number(own),
            members_with_below: ctx.visible_number(all),
            department,
        }
    }
}

/// Adds the size of each department to those above it. A damaged tree, with a cycle, ends somewhere.
fn sizes(
    tree: &[Department],
    own: impl Fn(DepartmentId) -> usize,
) -> BTreeMap<DepartmentId, (usize, usize)> {
    let parents: BTreeMap<DepartmentId, Option<DepartmentId>> =
        tree.iter().map(|one| (one.id, one.parent)).collect();
    let mut sizes: BTreeMap<DepartmentId, (usize, usize)> =
        tree.iter().map(|one| (one.id, (own(one.id), 0))).collect();
    for id in parents.keys() {
        let size = sizes.get(id).map_or(0, |(own, _)| *own);
        let line = std::iter::successors(Some(*id), |one| parents.get(one).copied().flatten());
        for above in line.take(tree.len()) {
            if let Some((_, all)) = sizes.get_mut(&above) {
                *all += size;
            }
        }
    }
    sizes
}

/// Loads a department, with all other ones.
async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    department: &DepartmentRef,
) -> Result<(Department, Vec<Department>), Error> {
    let id = naming::department(ctx, pass, department).await?.map_err(Unresolved::missing)?;
    let tree = ctx.read(pass)?.departments().list_all().await?;
    let (mut found, others): (Vec<_>, Vec<_>) =
        tree.into_iter().partition(|known| known.id == id);
    let found = found.pop().ok_or(Error::Missing { noun: "department" })?;
    Ok((found, others))
}

/// Resolves the parent of a change.
async fn parent(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    change: &DepartmentChange,
) -> Result<Option<Option<DepartmentId>>, Error> {
    let Some(Some(parent)) = &change.parent else {
        return Ok(change.parent.as_ref().map(|_| None));
    };
    let found = naming::department(ctx, pass, parent).await?;
    let found = found.map_err(|unresolved| Refusal::Fields(vec![unresolved.field("/parent")]));
    Ok(Some(Some(found?)))
}

/// Checks the manager of a change: an active member, unless they are the manager already.
fn manager(
    ctx: &WorkspaceContext,
    change: &DepartmentChange,
    current: Option<MemberId>,
) -> Result<Option<Option<MemberId>>, Refusal> {
    let Some(Some(id)) = change.manager else { return Ok(change.manager) };
    if !ctx.model().blueprint().departments.is_some_and(|rules| rules.has_manager) {
        let detail = "departments have no manager in this workspace's access model";
        return Err(Refusal::field("/manager", "no_such_layer", detail));
    }
    match ctx.model().member(id) {
        None => Err(Refusal::field("/manager", "unknown", format!("no member `{id}`"))),
        Some(member) if !member.is_active && current != Some(id) => {
            let detail = "this member is inactive; choose an active one";
            Err(Refusal::field("/manager", "inactive", detail))
        }
        Some(member) if member.is_service => {
            Err(Refusal::PersonOnly { what: "be a manager".to_owned() })
        }
        Some(_) => Ok(change.manager),
    }
}

/// Checks that no other department below the same parent has the same name.
fn check_name(tree: &[Department], department: &Department) -> Result<(), Refusal> {
    let is_taken = tree.iter().any(|known| {
        known.id != department.id
            && known.parent == department.parent
            && known.name.key() == department.name.key()
    });
    if is_taken {
        let name = department.name.to_string();
        return Err(Refusal::NameTaken { noun: "department", name });
    }
    Ok(())
}

/// Returns whether a department is another one or below it.
fn is_at_or_below(
    tree: &[Department],
    department: Option<DepartmentId>,
    other: DepartmentId,
) -> bool {
    let parent = |id: &DepartmentId| {
        tree.iter().find(|known| known.id == *id).and_then(|known| known.parent)
    };
    std::iter::successors(department, parent).take(tree.len() + 2).any(|id| id == other)
}

/// Returns a department as the audit log and the export show it.
pub(crate) fn audit_view(department: &Department) -> Value {
    json!({
        "name": department.name.as_str(),
        "parent": department.parent.map(|id| id.to_string()),
        "manager": department.manager.map(|id| id.to_string()),
    })
}

#[cfg(test)]
mod tests;
