//! The blueprint: an access model as data, parsed from TOML.

use toml::de::DeTable;

use crate::grant::ResourceKind;
use crate::mistake::{Mistake, Mistakes};
use crate::scope::{Scope, Scopes};

mod action;
mod area;
mod billing_contact;
mod custom_entity;
mod custom_role;
mod field;
pub(crate) mod grants;
pub(crate) mod later;
mod layers;
mod level;
mod log;
mod membership;
mod part;
mod rank;
mod resource;
mod role;
mod rules;
mod section;
mod switch;
mod template;
mod visibility;

pub use action::Action;
pub use area::{AREAS, Area, Cover, EVERY};
pub use billing_contact::BillingContact;
pub use custom_entity::CustomEntities;
pub use custom_role::CustomRoles;
pub use field::{Field, FieldOption, FieldType, Stage};
pub use layers::{Departments, Teams};
pub use level::Level;
pub use membership::{
    GUARDS, INVITATION_FIELDS, Invitation, Membership, PlanGate, SelfServe, SingleSignOn,
    VERBS, WORDS,
};
pub use rank::CUSTOM;
pub use resource::Resource;
pub use role::{Holders, Role};
pub use rules::RuleChange;
pub use switch::Switch;
pub use template::{Preset, ProfileTemplate, Profiles};
pub use visibility::{VisibilityMode, VisibilityRules};

pub(crate) use grants::check_grant;
pub(crate) use layers::Layers;

use grants::Context;
use log::Log;
use section::Section;

/// The size limit of a blueprint, in bytes.
pub const MAX_BLUEPRINT_BYTES: usize = 1 << 20;

/// An access model as data: resources, roles, and the rules of the layers in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// The id in the API.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// What it is for, in one or two sentences.
    pub summary: String,
    /// Record types, modules and settings, in the order of the text.
    pub resources: Vec<Resource>,
    /// The built-in roles, in the order of the text.
    pub roles: Vec<Role>,
    /// The rules for custom roles; `None` when there are none.
    pub custom_roles: Option<CustomRoles>,
    /// Whether every member who may read a record type sees its unowned records.
    pub unowned_is_visible: bool,
    /// Teams; `None` when there are none.
    pub teams: Option<Teams>,
    /// Profiles; `None` when there are none.
    pub profiles: Option<Profiles>,
    /// Departments; `None` when there are none.
    pub departments: Option<Departments>,
    /// Whether members may be assigned to managers.
    pub has_managers: bool,
    /// The visibility of members; `None` when there is none.
    pub visibility: Option<VisibilityRules>,
    /// Named sets of levels.
    pub presets: Vec<Preset>,
    /// The billing contact; `None` when there is none.
    pub billing_contact: Option<BillingContact>,
    /// The switches of a workspace.
    pub switches: Vec<Switch>,
    /// The rules for record types that a workspace adds; `None` when it cannot.
    pub custom_entities: Option<CustomEntities>,
    /// How members join and leave, and the words for it.
    pub membership: Membership,
}

impl Blueprint {
    /// Parses a blueprint.
    ///
    /// ```
    /// use hallpass_engine::Blueprint;
    /// let mistakes = Blueprint::parse("[blueprint]\nid = \"x\"\nnmae = \"X\"").unwrap_err();
    /// assert!(mistakes.to_string().contains("3:1: unknown key `blueprint.nmae`; did you mean `name`?"));
    /// ```
    ///
    /// # Errors
    ///
    /// Every mistake, in the order of the text, with its line, its column and often a hint.
    pub fn parse(text: &str) -> Result<Blueprint, Mistakes> {
        if text.len() > MAX_BLUEPRINT_BYTES {
            let message = format!("the blueprint has {} bytes", text.len());
            let hint = format!("the limit is {MAX_BLUEPRINT_BYTES}");
            return Err(Mistakes(vec![Mistake::unplaced(message, Some(hint))]));
        }
        let log = Log::new(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            log.add(at, format!("invalid TOML: {}", error.message()), None);
        }
        let blueprint = read(&log, table.get_ref());
        let mistakes = log.into_mistakes();
        if mistakes.is_empty() { Ok(blueprint) } else { Err(Mistakes(mistakes)) }
    }

    /// A resource by key.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert_eq!(blueprint.resource("deals").unwrap().name, "Deals");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn resource(&self, key: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.key == key)
    }

    /// A built-in role by key.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert_eq!(blueprint.role("manager").unwrap().rank, 2);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.key == key)
    }

    /// The top role: a workspace always has an active holder of it.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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

    /// The preset with exactly these levels, in any order; resources without a level are left out
    /// (HALO-106: the label is derived from the levels).
    #[must_use]
    pub fn preset_of(&self, levels: &[(String, String)]) -> Option<&Preset> {
        self.presets.iter().find(|preset| {
            preset.levels.len() == levels.len()
                && preset.levels.iter().all(|level| levels.contains(level))
        })
    }

    /// Whether every level of a preset lets members read and no more: its holder is meant to change
    /// nothing.
    #[must_use]
    pub fn only_reads(&self, preset: &Preset) -> bool {
        preset.levels.iter().all(|(resource, level)| {
            let Some(resource) = self.resource(resource) else { return true };
            let rungs = resource.level(level).map_or(0, |position| position + 1);
            let mut actions =
                resource.ladder.iter().take(rungs).flat_map(|level| level.actions.iter());
            actions.all(|action| resource.read == Some(*action))
        })
    }

    /// The keys of the resource and the action that a verb of an area of the product requires.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert_eq!(blueprint.area("members", "create"), Some(("members", "create")));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn area(&self, area: &str, verb: &str) -> Option<(&str, &str)> {
        self.resources.iter().find_map(|resource| {
            let cover = resource.covers.iter().find(|cover| cover.area == area)?;
            let (_, action) = cover.verbs.iter().find(|(known, _)| *known == verb)?;
            Some((resource.key.as_str(), resource.actions.get(*action)?.key.as_str()))
        })
    }

    /// What a key already means in this access model or in the product: a resource, an area, a switch
    /// or the billing contact. A record type cannot have such a key, because a name has one meaning
    /// in each question.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert_eq!(blueprint.reserved_for("audit"), Some("an area of the product"));
    /// assert_eq!(blueprint.reserved_for("projects"), None);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn reserved_for(&self, key: &str) -> Option<&'static str> {
        match self.resource(key).map(|resource| resource.kind) {
            Some(ResourceKind::Records) => return Some("a record type"),
            Some(ResourceKind::Modules) => return Some("a module"),
            Some(ResourceKind::Settings) => return Some("a setting"),
            None => {}
        }
        if self.switches.iter().any(|switch| switch.key == key) {
            return Some("a switch");
        }
        area::reserved_for(key)
    }

    /// The scopes that grants of this blueprint have: of roles, levels, switches and custom roles.
    pub(crate) fn granted_scopes(&self) -> Scopes {
        let roles = self.roles.iter().flat_map(|role| &role.grants);
        let replaced = self.switches.iter().flat_map(|switch| &switch.replaces);
        let replaced = replaced.flat_map(|(_, grants)| grants);
        let added = self.switches.iter().flat_map(|switch| &switch.adds);
        let grants = roles.chain(replaced).chain(added).map(|grant| grant.scope);
        let levels = self.resources.iter().flat_map(|resource| &resource.ladder);
        let custom = self.custom_roles.iter().flat_map(|rules| rules.scopes.iter().copied());
        let scopes = grants.chain(levels.map(|level| level.scope)).chain(custom);
        // What `visible` covers is said by the visibility.
        scopes.filter(|scope| *scope != Scope::Visible).collect()
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
    let layers = Layers::read(&root);
    let resources = resource::read_resources(&root, layers);
    let context = Context { resources: &resources, layers };
    let (roles, custom_roles) = role::read_roles(&root, &context);
    let role_keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
    let blueprint = Blueprint {
        unowned_is_visible: layers::read_unowned(&root),
        teams: layers::read_teams(&root),
        profiles: template::read_profiles(&root, &resources),
        departments: layers::read_departments(&root),
        has_managers: layers::read_managers(&root),
        visibility: visibility::read_visibility(&root, layers),
        presets: template::read_presets(&root, &resources),
        billing_contact: billing_contact::read_billing_contact(&root, &context, &roles),
        switches: switch::read_switches(&root, &context, &roles),
        custom_entities: custom_entity::read_custom_entities(&root),
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
