//! A member: an account in a workspace, with a role; or a service account, which is a program with a role.

use hallpass_engine::{Blueprint, Visibility};

use crate::id::{AccountId, DepartmentId, MemberId, TeamId};
use crate::name::Name;
use crate::refusal::{FieldError, Refusal};
use crate::time::{Span, Timestamp};

/// How often the last use of a workspace by a member is written down.
pub const SEEN_EVERY: Span = Span::minutes(5);

/// The status of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The member may act.
    Active,
    /// The member may not act, and keeps everything they own.
    Inactive,
    /// The member left or was removed; they stay the owner of their records.
    Removed,
}

impl Status {
    /// Every status.
    pub const EVERY: [Status; 3] = [Status::Active, Status::Inactive, Status::Removed];

    /// The word in the API and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Inactive => "inactive",
            Status::Removed => "removed",
        }
    }

    /// The status of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Status> {
        Status::EVERY.into_iter().find(|status| status.word() == word)
    }
}

/// What a member is granted by an invitation or a change: the part that access depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberAccess {
    /// The key of a built-in role or the id of a custom one.
    pub role: String,
    /// Resource and level, by key.
    pub levels: Vec<(String, String)>,
    /// How much they see, if visibility limits their role.
    pub visibility: Visibility,
    /// The department they are in.
    pub department: Option<DepartmentId>,
    /// Their manager.
    pub manager: Option<MemberId>,
    /// The teams they are in.
    pub teams: Vec<TeamId>,
    /// Whether they are the billing contact.
    pub is_billing_contact: bool,
}

impl MemberAccess {
    /// The access of a new holder of a role.
    #[must_use]
    pub fn new(blueprint: &Blueprint, role: &str) -> MemberAccess {
        MemberAccess {
            role: role.to_owned(),
            levels: Vec::new(),
            visibility: start_visibility(blueprint, role),
            department: None,
            manager: None,
            teams: Vec::new(),
            is_billing_contact: false,
        }
    }

    /// The access of a person in the engine's terms.
    #[must_use]
    pub fn to_engine(&self, member: MemberId, is_active: bool) -> hallpass_engine::Member {
        hallpass_engine::Member {
            id: member.to_string(),
            role: self.role.clone(),
            is_active,
            teams: self.teams.iter().map(ToString::to_string).collect(),
            department: self.department.map(|id| id.to_string()),
            manager: self.manager.map(|id| id.to_string()),
            visibility: self.visibility,
            levels: self.levels.clone(),
            is_billing_contact: self.is_billing_contact,
            is_service: false,
        }
    }
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id; the owner of a record refers to it.
    pub id: MemberId,
    /// The account; none for a service account, as which no one signs in.
    pub account: Option<AccountId>,
    /// First name, copied from the account; the whole name of a service account.
    pub first_name: String,
    /// Last name, copied from the account.
    pub last_name: String,
    /// Email address, copied from the account; empty for a service account.
    pub email: String,
    /// The other name under which they work in the workspace, such as `Support` (HALO-223). Access
    /// does not depend on it.
    pub alias: Option<Name>,
    /// The status of the membership.
    pub status: Status,
    /// What they are granted.
    pub access: MemberAccess,
    /// The resource of their start page, by key; none for the first that they may open.
    pub landing: Option<String>,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they received their role.
    pub role_since: Timestamp,
    /// The member who gave them their role; none for the operator.
    pub role_by: Option<MemberId>,
    /// When they last used the workspace.
    pub seen_at: Option<Timestamp>,
    /// Increases with each change.
    pub version: i64,
}

impl Member {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether it is a service account.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.account.is_none()
    }

    /// What rows that belong to an account name for the member: the account, or the own id of a service
    /// account, which no account has.
    #[must_use]
    pub fn account_or_own_id(&self) -> AccountId {
        self.account.unwrap_or(AccountId(self.id.0))
    }

    /// The member after a change; records who gave them their role, if it is a new one.
    #[must_use]
    pub fn changed_by(self, before: &Member, by: Option<MemberId>, now: Timestamp) -> Member {
        if self.access.role == before.access.role {
            return self;
        }
        Member { role_since: now, role_by: by, ..self }
    }

    /// The member in the engine's terms.
    #[must_use]
    pub fn to_engine(&self) -> hallpass_engine::Member {
        let member = self.access.to_engine(self.id, self.status == Status::Active);
        hallpass_engine::Member { is_service: self.is_service(), ..member }
    }
}

/// A requested change of access; absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberAccessChange {
    /// A new role.
    pub role: Option<String>,
    /// New levels.
    pub levels: Option<Vec<(String, String)>>,
    /// The levels of a preset, by key.
    pub preset: Option<String>,
    /// A new visibility.
    pub visibility: Option<Visibility>,
    /// A new department, or none.
    pub department: Option<Option<DepartmentId>>,
    /// A new manager, or none.
    pub manager: Option<Option<MemberId>>,
    /// New teams.
    pub teams: Option<Vec<TeamId>>,
    /// Whether the member becomes the billing contact.
    pub billing_contact: Option<bool>,
}

impl MemberAccess {
    /// The access after a change. A preset copies its levels; a change between built-in and custom
    /// roles resets the visibility, unless the change sets one (CRM-106).
    ///
    /// # Errors
    ///
    /// `Fields` when the change uses layers that the access model does not have.
    pub fn change(
        &self,
        blueprint: &Blueprint,
        change: &MemberAccessChange,
    ) -> Result<MemberAccess, Refusal> {
        Refusal::unless_valid(misplaced(blueprint, change))?;
        let mut access = self.clone();
        if let Some(role) = &change.role {
            let is_other_kind =
                blueprint.role(role).is_some() != blueprint.role(&self.role).is_some();
            if is_other_kind {
                access.visibility = start_visibility(blueprint, role);
            }
            access.role.clone_from(role);
        }
        if let Some(preset) = change.preset.as_deref().and_then(|key| blueprint.preset(key)) {
            access.levels.clone_from(&preset.levels);
        }
        if let Some(levels) = &change.levels {
            access.levels =
                levels.iter().filter(|(_, level)| level != "none").cloned().collect();
        }
        access.visibility = change.visibility.unwrap_or(access.visibility);
        access.department = change.department.unwrap_or(access.department);
        access.manager = change.manager.unwrap_or(access.manager);
        if let Some(teams) = &change.teams {
            access.teams.clone_from(teams);
            access.teams.sort_unstable();
            access.teams.dedup();
        }
        access.is_billing_contact = change.billing_contact.unwrap_or(access.is_billing_contact);
        Ok(access)
    }
}

/// The fields of a change that the access model does not have, and unknown presets.
fn misplaced(blueprint: &Blueprint, change: &MemberAccessChange) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut expect = |is_there: bool, is_named: bool, field: &str, layer: &str| {
        if is_named && !is_there {
            let detail =
                format!("this workspace's access model has no {layer}; remove this field");
            errors.push(FieldError::new(format!("/{field}"), "no_such_layer", detail));
        }
    };
    let has_levels = blueprint.resources.iter().any(|known| !known.ladder.is_empty());
    expect(has_levels, change.levels.is_some(), "levels", "levels");
    expect(!blueprint.presets.is_empty(), change.preset.is_some(), "preset", "presets");
    expect(
        blueprint.visibility.is_some(),
        change.visibility.is_some(),
        "visibility",
        "visibility",
    );
    expect(
        blueprint.departments.is_some(),
        matches!(change.department, Some(Some(_))),
        "department",
        "departments",
    );
    expect(
        blueprint.has_managers,
        matches!(change.manager, Some(Some(_))),
        "manager",
        "managers",
    );
    let names_teams = change.teams.as_ref().is_some_and(|teams| !teams.is_empty());
    expect(blueprint.teams.is_some(), names_teams, "teams", "teams");
    expect(
        blueprint.billing_contact.is_some(),
        change.billing_contact == Some(true),
        "billing_contact",
        "billing contact",
    );
    if let Some(key) = change.preset.as_deref().filter(|_| !blueprint.presets.is_empty()) {
        if change.levels.is_some() {
            let detail = "send `preset` or `levels`, not both";
            errors.push(FieldError::new("/preset", "ambiguous", detail));
        } else if blueprint.preset(key).is_none() {
            let known = blueprint.presets.iter().map(|one| one.key.as_str());
            errors.push(FieldError::unknown("/preset", "unknown", ("preset", key), known));
        }
    }
    errors
}

/// The visibility that a holder of a role starts with.
#[must_use]
pub fn start_visibility(blueprint: &Blueprint, role: &str) -> Visibility {
    let custom = blueprint.custom_roles.as_ref().filter(|_| blueprint.role(role).is_none());
    custom
        .map(|rules| rules.start_visibility)
        .or(blueprint.visibility.map(|rules| rules.start))
        .unwrap_or_default()
}
