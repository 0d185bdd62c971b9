//! A member: an account in a workspace, with a role.

use hallpass_engine::{Blueprint, Visibility};

use crate::id::{AccountId, DepartmentId, MemberId, TeamId};
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

/// Whether a membership counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// May act.
    Active,
    /// May not act; keeps everything they own.
    Inactive,
    /// Has left or was removed; what they owned stays theirs.
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

/// What a member may be given, by an invitation or a change: the part that access depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberAccess {
    /// The key of a built-in role or the id of a custom one.
    pub role: String,
    /// Resource and level, by key.
    pub levels: Vec<(String, String)>,
    /// How much they see, where the role looks at it.
    pub visibility: Visibility,
    /// The department they are in.
    pub department: Option<DepartmentId>,
    /// The member to whom they are assigned.
    pub manager: Option<MemberId>,
    /// The teams they are in.
    pub teams: Vec<TeamId>,
    /// Whether they get the invoices.
    pub is_billing_contact: bool,
}

impl MemberAccess {
    /// A seat with a role, and the visibility that holders of it start with.
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

    /// The seat as the engine sees it.
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
        }
    }
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id, which the owner of a record refers to.
    pub id: MemberId,
    /// The account.
    pub account: AccountId,
    /// First name, as the account had it last.
    pub first_name: String,
    /// Last name, as the account had it last.
    pub last_name: String,
    /// Mail address, as the account had it last.
    pub email: String,
    /// Whether the membership counts.
    pub status: Status,
    /// What they were given.
    pub access: MemberAccess,
    /// The resource where they land, by key; none for the first that they may open.
    pub landing: Option<String>,
    /// When they came.
    pub joined_at: Timestamp,
    /// Since when they have their role.
    pub role_since: Timestamp,
    /// Who gave it to them; none for the operator.
    pub role_by: Option<MemberId>,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
    /// Goes up with each change.
    pub version: i64,
}

impl Member {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The member as somebody has just changed them: another role than before counts from now.
    #[must_use]
    pub fn changed_by(self, before: &Member, by: Option<MemberId>, now: Timestamp) -> Member {
        if self.access.role == before.access.role {
            return self;
        }
        Member { role_since: now, role_by: by, ..self }
    }

    /// The member as the engine sees it.
    #[must_use]
    pub fn to_engine(&self) -> hallpass_engine::Member {
        self.access.to_engine(self.id, self.status == Status::Active)
    }
}

/// What somebody asks to change about a seat; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberAccessChange {
    /// Another role.
    pub role: Option<String>,
    /// Other levels.
    pub levels: Option<Vec<(String, String)>>,
    /// The levels of a preset, by key.
    pub preset: Option<String>,
    /// Another visibility.
    pub visibility: Option<Visibility>,
    /// Another department, or none.
    pub department: Option<Option<DepartmentId>>,
    /// Another manager, or none.
    pub manager: Option<Option<MemberId>>,
    /// Other teams.
    pub teams: Option<Vec<TeamId>>,
    /// Whether to be the billing contact.
    pub billing_contact: Option<bool>,
}

impl MemberAccess {
    /// The seat after a change. Choosing a preset copies its levels; a role of another kind brings
    /// the visibility that it starts with, unless the change says one (CRM-106).
    ///
    /// # Errors
    ///
    /// `Fields` when the change speaks of what the access model does not have.
    pub fn change(
        &self,
        blueprint: &Blueprint,
        change: &MemberAccessChange,
    ) -> Result<MemberAccess, Refusal> {
        let errors = misplaced(blueprint, change);
        if !errors.is_empty() {
            return Err(Refusal::Fields(errors));
        }
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

/// What a change speaks of and the access model does not have, and values that it does not know.
fn misplaced(blueprint: &Blueprint, change: &MemberAccessChange) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut expect = |is_there: bool, is_named: bool, field: &str, layer: &str| {
        if is_named && !is_there {
            let detail = format!("this workspace's access model has no {layer}");
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
            let detail = "choose a preset or set levels, not both";
            errors.push(FieldError::new("/preset", "ambiguous", detail));
        } else if blueprint.preset(key).is_none() {
            let known: Vec<&str> =
                blueprint.presets.iter().map(|one| one.key.as_str()).collect();
            let detail = format!("there is no preset `{key}`; there are {}", known.join(", "));
            errors.push(FieldError::new("/preset", "unknown", detail));
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
