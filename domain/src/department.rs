//! A department: a node of the tree that visibility looks at.

use hallpass_engine::Change;

use crate::id::{DepartmentId, MemberId};
use crate::name::Name;

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// The id.
    pub id: DepartmentId,
    /// The name.
    pub name: Name,
    /// The one above it.
    pub parent: Option<DepartmentId>,
    /// The member who leads it; it grants nothing.
    pub manager: Option<MemberId>,
    /// Goes up with each change.
    pub version: i64,
}

/// The change that makes a tree part of a model.
#[must_use]
pub fn plant(tree: &[Department]) -> Change {
    let node = |department: &Department| hallpass_engine::Department {
        id: department.id.to_string(),
        parent: department.parent.map(|id| id.to_string()),
    };
    Change::SetDepartments(tree.iter().map(node).collect())
}
