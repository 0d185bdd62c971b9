//! The tree of departments as a list: each with its depth, below its parent, by name.

use hallpass_app::department::DepartmentDetails;
use hallpass_domain::id::DepartmentId;

use crate::frame::Person;

/// A department in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// The id.
    pub(crate) id: DepartmentId,
    /// The name.
    pub(crate) name: String,
    /// How many departments are above it, at most eight.
    pub(crate) depth: usize,
    /// The number of its members, as far as the reader may read them.
    pub(crate) members: Option<usize>,
    /// The same with those of the departments below; none where there are none below.
    pub(crate) with_below: Option<usize>,
    /// The member who manages it, where the reader may know them.
    pub(crate) manager: Option<Person>,
    /// Whether it is, or is below, the department that a caller has named.
    pub(crate) is_within: bool,
}

/// The deepest indentation.
const DEEPEST: usize = 8;

/// Lists the tree. `within` marks a department and those below it, to which it cannot move.
pub(crate) fn list(
    departments: &[DepartmentDetails],
    within: Option<DepartmentId>,
) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(departments.len());
    add_below(departments, None, (0, false), within, &mut nodes);
    nodes
}

fn add_below(
    departments: &[DepartmentDetails],
    parent: Option<DepartmentId>,
    (depth, is_within): (usize, bool),
    within: Option<DepartmentId>,
    nodes: &mut Vec<Node>,
) {
    let children = departments.iter().filter(|one| one.department.parent == parent);
    for child in children {
        // A cycle cannot be saved; the bound keeps a damaged tree from recursing without end.
        if nodes.len() >= departments.len() {
            return;
        }
        let id = child.department.id;
        let is_within = is_within || within == Some(id);
        let place = nodes.len();
        nodes.push(Node {
            id,
            name: child.department.name.to_string(),
            depth: depth.min(DEEPEST),
            members: child.members,
            with_below: None,
            manager: manager(child),
            is_within,
        });
        add_below(departments, Some(id), (depth + 1, is_within), within, nodes);
        let has_below = nodes.len() > place + 1;
        if let Some(node) = nodes.get_mut(place).filter(|_| has_below) {
            node.with_below = child.members_with_below;
        }
    }
}

/// The member who manages a department, where the reader may know them.
pub(super) fn manager(details: &DepartmentDetails) -> Option<Person> {
    let (id, name) = details.department.manager.zip(details.manager_name.as_deref())?;
    Some(Person::new(&id, name))
}
