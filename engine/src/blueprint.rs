//! A blueprint: an access model as data, read from TOML.

use toml::de::DeTable;

use crate::mistake::{Mistake, Mistakes};

mod area;
mod custom;
mod field;
mod grants;
mod layer;
mod log;
mod membership;
mod read;
mod resource;
mod role;
mod template;

pub use area::{AREAS, Area};
pub use custom::CustomRoles;
pub use field::{Field, FieldType, Stage};
pub use layer::{BillingContact, CustomEntities, Departments, Switch, Teams, VisibilityRules};
pub use membership::{
    GUARDS, INVITATION_FIELDS, Invitation, Membership, PlanGate, SelfServe, VERBS, WORDS,
};
pub use resource::{Action, Cover, Level, Resource};
pub use role::{CUSTOM, Holders, Role, VisibilityMode};
pub use template::{Preset, ProfileTemplate, Profiles};

pub(crate) use grants::{Layers, Objection, objections};
pub(crate) use resource::title;
pub(crate) use template::PROFILE_SCOPES;

use grants::Context;
use log::Log;
use read::Section;

/// The longest blueprint that is read, in bytes.
pub const MAX_BLUEPRINT_BYTES: usize = 1 << 20;

/// An access model as data: everything that tells one system from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// The word in the API.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub summary: String,
    /// What can be acted on: records, then modules, then settings.
    pub resources: Vec<Resource>,
    /// Roles that it builds in, highest first.
    pub roles: Vec<Role>,
    /// The rules for roles that a workspace makes; none when it cannot.
    pub custom_roles: Option<CustomRoles>,
    /// Whether unowned records are visible to everyone who may read their record type.
    pub unowned_is_visible: bool,
    /// Groups of members.
    pub teams: Option<Teams>,
    /// Named grants that reach members through their teams.
    pub profiles: Option<Profiles>,
    /// The tree that visibility looks at.
    pub departments: Option<Departments>,
    /// Whether members may be assigned to other members.
    pub has_managers: bool,
    /// How much each member may see.
    pub visibility: Option<VisibilityRules>,
    /// Named sets of levels.
    pub presets: Vec<Preset>,
    /// The one member who gets invoices.
    pub billing_contact: Option<BillingContact>,
    /// What a workspace can switch on.
    pub switches: Vec<Switch>,
    /// Record types that a workspace may add; none when it cannot.
    pub custom_entities: Option<CustomEntities>,
    /// How people come and go, and how the system speaks of them.
    pub membership: Membership,
}

impl Blueprint {
    /// Reads a blueprint.
    ///
    /// ```
    /// use hallpass_engine::Blueprint;
    /// let mistakes = Blueprint::parse("[blueprint]\nid = \"x\"\nnmae = \"X\"").unwrap_err();
    /// assert!(mistakes.to_string().contains("3:1: unknown key `blueprint.nmae`; did you mean `name`?"));
    /// ```
    ///
    /// # Errors
    ///
    /// Every mistake in the text, in its order, each with line, column and where possible a hint.
    pub fn parse(text: &str) -> Result<Blueprint, Mistakes> {
        if text.len() > MAX_BLUEPRINT_BYTES {
            let message = format!("the blueprint has {} bytes", text.len());
            let hint = format!("at most {MAX_BLUEPRINT_BYTES} are read");
            return Err(Mistakes(vec![Mistake::unplaced(message, Some(hint))]));
        }
        let log = Log::new(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            log.mistake(at, format!("not TOML: {}", error.message()), None);
        }
        let blueprint = read(&log, table.get_ref());
        let mistakes = log.into_mistakes();
        if mistakes.is_empty() { Ok(blueprint) } else { Err(Mistakes(mistakes)) }
    }

    /// A resource by key.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert_eq!(blueprint.resource("deals").unwrap().name, "Deals");
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn resource(&self, key: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.key == key)
    }

    /// A built-in role by key.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert_eq!(blueprint.role("manager").unwrap().rank, 2);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }

    /// The role that a workspace always has an active holder of.
    ///
    /// ```
    /// let blueprint = hallpass_engine::Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert_eq!(blueprint.top_role().map(|role| role.key.as_str()), Some("owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn top_role(&self) -> Option<&Role> {
        self.roles.iter().find(|role| role.is_top)
    }

    /// A preset by key.
    #[must_use]
    pub fn preset(&self, key: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.key == key)
    }

    /// The preset whose levels are exactly these; levels in any order, those at none left out
    /// (HALO-106: the label is derived from the levels).
    #[must_use]
    pub fn preset_of(&self, levels: &[(String, String)]) -> Option<&Preset> {
        self.presets.iter().find(|preset| {
            preset.levels.len() == levels.len()
                && preset.levels.iter().all(|level| levels.contains(level))
        })
    }

    /// The resource and the action that open an area of the product for a verb, by key.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert_eq!(blueprint.area("members", "create"), Some(("members", "create")));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn area(&self, area: &str, verb: &str) -> Option<(&str, &str)> {
        self.resources.iter().find_map(|resource| {
            let cover = resource.covers.iter().find(|cover| cover.area == area)?;
            let (_, action) = cover.verbs.iter().find(|(known, _)| *known == verb)?;
            Some((resource.key.as_str(), resource.actions.get(*action)?.key.as_str()))
        })
    }

    pub(crate) fn layers(&self) -> Layers {
        Layers {
            teams: self.teams.is_some(),
            departments: self.departments.is_some(),
            managers: self.has_managers,
            visibility: self.visibility.is_some(),
        }
    }
}

fn read(log: &Log, table: &DeTable<'_>) -> Blueprint {
    let root = Section::root(log, table);
    let (id, name, summary) = read_head(&root);
    let layers = layer::layers_in_use(&root);
    let resources = resource::read_resources(&root, layers);
    let context = Context { resources: &resources, layers };
    let (roles, custom_roles) = role::read_roles(&root, &context);
    let role_keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
    let blueprint = Blueprint {
        unowned_is_visible: layer::read_unowned(&root),
        teams: layer::read_teams(&root),
        profiles: template::read_profiles(&root, &resources),
        departments: layer::read_departments(&root),
        has_managers: layer::read_managers(&root),
        visibility: layer::read_visibility(&root, layers),
        presets: template::read_presets(&root, &resources),
        billing_contact: layer::read_billing_contact(&root, &context, &roles),
        switches: layer::read_switches(&root, &context, &roles),
        custom_entities: layer::read_custom_entities(&root),
        membership: membership::read_membership(&root, &role_keys),
        id,
        name,
        summary,
        roles,
        custom_roles,
        resources: resources.clone(),
    };
    root.finish();
    blueprint
}

fn read_head(root: &Section<'_>) -> (String, String, String) {
    let Some(head) = root.section("blueprint") else {
        root.missing("blueprint");
        return Default::default();
    };
    let id = head.required_key("id");
    let name = head.required("name").value;
    let summary = head.text_or("summary", "");
    head.finish();
    (id.value, name, summary)
}
