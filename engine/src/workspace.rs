//! The input of a policy beside its blueprint: members, teams, departments, roles and profiles.

use crate::grant::Grant;
use crate::profile::Cells;
use crate::scope::{Sharing, Visibility};

/// Everything in a workspace that access depends on, by ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// The switches that differ from their start in the blueprint, by key.
    pub switches: Vec<(String, bool)>,
    /// The keys of the record types that the workspace added.
    pub entities: Vec<String>,
    /// Its custom roles.
    pub roles: Vec<CustomRole>,
    /// Its profiles.
    pub profiles: Vec<Profile>,
    /// Its teams.
    pub teams: Vec<Team>,
    /// Its departments, in any order.
    pub departments: Vec<Department>,
    /// Its members, active and inactive.
    pub members: Vec<Member>,
}

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    /// Its id, which differs from the keys of the built-in roles.
    pub id: String,
    /// Its grants, within the blueprint's rules for custom roles.
    pub grants: Vec<Grant>,
}

/// A profile: grants that members receive through the teams that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Its grants.
    pub cells: Cells,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// The id of its profile.
    pub profile: Option<String>,
    /// Its record sharing: a ceiling on the scopes of its profile.
    pub sharing: Sharing,
}

/// A department: a node of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// The id of its parent; `None` at the root.
    pub parent: Option<String>,
}

/// A member.
///
/// ```
/// use hallpass_engine::Member;
/// let anna = Member { teams: vec!["sales".into()], ..Member::new("anna", "member") };
/// assert!(anna.is_active);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The key of a built-in role or the id of a custom one.
    pub role: String,
    /// Whether the member may act. An inactive member may not, but keeps owning records.
    pub is_active: bool,
    /// The ids of their teams.
    pub teams: Vec<String>,
    /// The id of their department.
    pub department: Option<String>,
    /// The id of the member to whom they are assigned.
    pub manager: Option<String>,
    /// Their visibility, where the role refers to it.
    pub visibility: Visibility,
    /// Pairs of a resource key and a level key; other resources have no level.
    pub levels: Vec<(String, String)>,
    /// Whether they are the billing contact.
    pub is_billing_contact: bool,
    /// Whether it is a service account: a program with a role, as which no one signs in. It is decided
    /// like every other member.
    pub is_service: bool,
}

impl Member {
    /// An active member with a role and nothing else.
    ///
    /// ```
    /// assert_eq!(hallpass_engine::Member::new("anna", "owner").role, "owner");
    /// ```
    #[must_use]
    pub fn new(id: &str, role: &str) -> Member {
        Member {
            id: id.to_owned(),
            role: role.to_owned(),
            is_active: true,
            teams: Vec::new(),
            department: None,
            manager: None,
            visibility: Visibility::Own,
            levels: Vec::new(),
            is_billing_contact: false,
            is_service: false,
        }
    }
}
