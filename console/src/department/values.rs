//! The form of a department: its values, the change that it makes, and the departments above to choose from.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::department::{DepartmentChange, DepartmentDetails};
use hallpass_app::naming::DepartmentRef;

use super::tree::Node;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{self, Blank, Noun, Picker, Place};

/// The values of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) title: String,
    /// The id of the department above; empty at the top.
    pub(crate) parent: String,
    /// The id of the manager; empty for none.
    pub(crate) manager: String,
}

impl Values {
    pub(super) fn of(found: &DepartmentDetails) -> Values {
        let department = &found.department;
        Values {
            title: department.name.to_string(),
            parent: department.parent.map(|id| id.to_string()).unwrap_or_default(),
            manager: department.manager.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// The values with those of a form.
    pub(super) fn with(self, form: &Form) -> Values {
        let typed = |part: &str, value: String| form.find(part).map_or(value, str::to_owned);
        Values {
            title: typed("name", self.title),
            parent: typed("parent", self.parent),
            manager: typed("manager", self.manager),
        }
    }

    /// The fields of the form.
    pub(super) fn fields(&self) -> [(&'static str, &str, &'static str); 3] {
        [
            ("name", self.title.as_str(), "name"),
            ("parent", self.parent.as_str(), "department-parent"),
            ("manager", self.manager.as_str(), "department-manager"),
        ]
    }

    /// What the form is made from.
    pub(crate) fn made_from(&self) -> String {
        Form::made_from(&self.fields().map(|(field, value, _)| (field, value)))
    }

    pub(super) fn differences(&self, other: &Values) -> usize {
        usize::from(self.title != other.title)
            + usize::from(self.parent != other.parent)
            + usize::from(self.manager != other.manager)
    }
}

/// The change that a form makes. What the form does not have stays.
pub(super) fn change(form: &Form) -> Result<DepartmentChange, Failure> {
    let manager = match form.find("manager") {
        None => None,
        Some("") => Some(None),
        Some(id) => Some(Some(id.parse().map_err(|_| Failure::missing("member"))?)),
    };
    let parent = form.find("parent");
    Ok(DepartmentChange {
        name: form.find("name").map(str::to_owned),
        parent: parent.map(|id| Some(DepartmentRef::from(id)).filter(|_| !id.is_empty())),
        manager,
    })
}

/// The choice of the department above.
pub(super) fn parent_picker(
    frame: &Frame,
    (parents, chosen): (&[(String, String)], &str),
    form: &Form,
    again: (String, &'static str),
) -> Picker {
    let all: Vec<picker::Choice> = parents
        .iter()
        .map(|(value, name)| {
            let (value, name, is_chosen) = (value.clone(), name.clone(), value == chosen);
            picker::Choice { value, name, is_chosen }
        })
        .collect();
    let (input, label) = (("f-parent", "parent"), frame.t("department-parent"));
    let place =
        Place::one(Noun::Departments, Blank::Top, input, label).shown_again(again.0, again.1);
    Picker::of(frame, place, &all, form)
}

/// The choice of the manager.
pub(super) async fn manager_picker(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    chosen: &str,
    form: &Form,
    again: (String, &'static str),
) -> Result<Picker, Failure> {
    let (input, label) = (("f-manager", "manager"), frame.t("department-manager"));
    let place =
        Place::one(Noun::Members, Blank::Leader, input, label).shown_again(again.0, again.1);
    Picker::of_members(ctx, frame, place, (chosen, |_: &str| true), form).await
}

/// The departments to choose from, by id and indented name, without those within another one.
pub(super) fn parents(nodes: &[Node]) -> Vec<(String, String)> {
    let outside = nodes.iter().filter(|node| !node.is_within);
    let indented = outside
        .map(|node| (node.id.to_string(), format!("{}{}", "– ".repeat(node.depth), node.name)));
    indented.collect()
}
