//! What a workspace brings to its blueprint: people, groups, roles, profiles and switches.

use crate::grant::Grant;
use crate::profile::Cells;
use crate::scope::{Sharing, Visibility};

/// Everything in a workspace that access depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// Switches that differ from the blueprint's start, by key.
    pub switches: Vec<(String, bool)>,
    /// Keys of the record types that the workspace added.
    pub entities: Vec<String>,
    /// Roles that it made.
    pub roles: Vec<CustomRole>,
    /// Profiles that its teams may carry.
    pub profiles: Vec<Profile>,
    /// Groups of members.
    pub teams: Vec<Team>,
    /// The tree of departments, in any order.
    pub departments: Vec<Department>,
    /// People, active and inactive.
    pub members: Vec<Member>,
}

/// A role that a workspace made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    /// Its id; not the key of a built-in role.
    pub id: String,
    /// What it grants, within the blueprint's rules for custom roles.
    pub grants: Vec<Grant>,
}

/// A profile: a matrix that reaches members through the teams that carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// What it grants.
    pub cells: Cells,
}

/// A group of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// The profile that governs it, or none.
    pub profile: Option<String>,
    /// The ceiling on what comes through it.
    pub sharing: Sharing,
}

/// A node of the tree that visibility looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// The one above it, or none.
    pub parent: Option<String>,
}

/// An account in the workspace.
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
    /// Whether the member may act; an inactive member still owns records.
    pub is_active: bool,
    /// The teams they are in.
    pub teams: Vec<String>,
    /// The department they are in.
    pub department: Option<String>,
    /// The member to whom they are assigned.
    pub manager: Option<String>,
    /// How much they may see, where the role looks at it.
    pub visibility: Visibility,
    /// Resource key and level key; resources that are not named are at none.
    pub levels: Vec<(String, String)>,
    /// Whether they are the billing contact.
    pub is_billing_contact: bool,
}

impl Member {
    /// An active member with nothing but a role.
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
        }
    }
}
