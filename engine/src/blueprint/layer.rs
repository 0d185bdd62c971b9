//! The layers that a blueprint may use beside roles: teams, departments, visibility, flags, switches.

use super::grants::{Context, Layers, read_grants};
use super::read::Section;
use super::resource::{Action, read_actions, title};
use super::role::Role;
use crate::grant::{Grant, ResourceKind};
use crate::scope::{Sharing, Visibility};

/// Groups of members; they may carry a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teams {
    /// The ceiling that a new team starts with.
    pub start_sharing: Sharing,
}

/// A tree of groups that visibility looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departments {
    /// Whether a department may name a member as its manager.
    pub has_manager: bool,
}

/// A setting of each member that says how much they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibilityRules {
    /// The level that a member starts with.
    pub start: Visibility,
}

/// The one member who gets invoices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingContact {
    /// What the flag grants, whatever the role.
    pub grants: Vec<Grant>,
    /// Whether the person who creates a workspace gets the flag.
    pub starts_with_creator: bool,
    /// Who gets the mail while nobody is the contact: a role's key.
    pub vacant_mail: Option<String>,
}

/// Something that a workspace can switch on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence for people, or empty.
    pub description: String,
    /// Whether it is on in a new workspace.
    pub starts_on: bool,
    /// What it adds for every member while it is on.
    pub adds: Vec<Grant>,
    /// While it is on, these roles (by key) grant this instead of what they say; of several
    /// switches that replace the same role, the last in the text counts.
    pub replaces: Vec<(String, Vec<Grant>)>,
    /// While it is on, `assigned` also reaches the assigned users of assigned users.
    pub counts_indirect_reports: bool,
}

/// Record types that a workspace may add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEntities {
    /// The actions that they get.
    pub actions: Vec<Action>,
}

pub(crate) fn layers_in_use(root: &Section<'_>) -> Layers {
    Layers {
        teams: root.section("teams").is_some(),
        departments: root.section("departments").is_some(),
        managers: root.section("managers").is_some(),
        visibility: root.section("visibility").is_some(),
    }
}

pub(crate) fn read_teams(root: &Section<'_>) -> Option<Teams> {
    let section = root.section("teams")?;
    let words = Sharing::EVERY.map(|sharing| sharing.scope().word());
    let start = section.word("start_sharing", &words, Sharing::parse).unwrap_or_default();
    section.finish();
    Some(Teams { start_sharing: start })
}

pub(crate) fn read_departments(root: &Section<'_>) -> Option<Departments> {
    let section = root.section("departments")?;
    let has_manager = section.flag("manager").unwrap_or(false);
    section.finish();
    Some(Departments { has_manager })
}

pub(crate) fn read_managers(root: &Section<'_>) -> bool {
    root.section("managers").map(Section::finish).is_some()
}

pub(crate) fn read_visibility(root: &Section<'_>, layers: Layers) -> Option<VisibilityRules> {
    let section = root.section("visibility")?;
    let words = Visibility::EVERY.map(|level| level.scope().word());
    let start = section.word("start", &words, Visibility::parse).unwrap_or_default();
    if start == Visibility::Department && !layers.departments {
        let message = "members cannot start with a department's visibility".to_owned();
        section.log.mistake(section.at, message, Some("declare `[departments]`".to_owned()));
    }
    section.finish();
    Some(VisibilityRules { start })
}

/// Whether unowned records are visible to everyone who may read their record type.
pub(crate) fn read_unowned(root: &Section<'_>) -> bool {
    let Some(section) = root.section("unowned") else { return false };
    let visible = section.flag("visible").unwrap_or(false);
    section.finish();
    visible
}

pub(crate) fn read_custom_entities(root: &Section<'_>) -> Option<CustomEntities> {
    let section = root.section("custom_entities")?;
    let before = section.log.told();
    let actions = read_actions(&section, ResourceKind::Records);
    if section.log.told() == before && !actions.iter().any(|action| action.key == "read") {
        let message = "record types that a workspace adds need the action `read`".to_owned();
        section.log.mistake(section.at, message, None);
    }
    section.finish();
    Some(CustomEntities { actions })
}

pub(crate) fn read_billing_contact(
    root: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Option<BillingContact> {
    let section = root.section("billing_contact")?;
    let vacant = section.text("vacant_mail");
    if let Some(spot) =
        vacant.iter().find(|spot| !roles.iter().any(|role| role.key == spot.value))
    {
        let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
        section.unknown(spot, "role", &keys);
    }
    let contact = BillingContact {
        grants: read_grants(&section, "grants", context),
        starts_with_creator: section.flag("starts_with_creator").unwrap_or(true),
        vacant_mail: vacant.map(|spot| spot.value),
    };
    section.finish();
    Some(contact)
}

pub(crate) fn read_switches(
    root: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Vec<Switch> {
    let read = |(key, section): (super::log::Spot<String>, Section<'_>)| {
        let switch = Switch {
            name: section.text_or("name", &title(&key.value)),
            description: section.text_or("description", ""),
            starts_on: section.flag("starts_on").unwrap_or(false),
            adds: read_grants(&section, "adds", context),
            replaces: read_replaces(&section, context, roles),
            counts_indirect_reports: section.flag("counts_indirect_reports").unwrap_or(false),
            key: key.value,
        };
        if switch.counts_indirect_reports && !context.layers.managers {
            let message = "there are no assigned users here".to_owned();
            section.log.mistake(section.at, message, Some("declare `[managers]`".to_owned()));
        }
        section.finish();
        switch
    };
    root.sections("switches").into_iter().map(read).collect()
}

fn read_replaces(
    section: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Vec<(String, Vec<Grant>)> {
    let rows = section.rows("replaces").into_iter().map(|row| {
        let role = row.required("role");
        if !roles.iter().any(|known| known.key == role.value) {
            let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
            row.unknown(&role, "role", &keys);
        }
        let grants = read_grants(&row, "grants", context);
        row.finish();
        (role.value, grants)
    });
    rows.collect()
}
