//! What can be acted on: record types, modules and areas of settings, with actions and ladders.

use super::area;
use super::field::{Field, Stage, read_fields, read_stages};
use super::grants::{Layers, unused_layer};
use super::log::Spot;
use super::read::Section;
use crate::grant::{Actions, Grant, GrantTarget, ResourceKind, is_key};
use crate::profile::EVERY;
use crate::scope::Scope;

/// At most so many levels in a ladder; a member's level has one byte.
const MOST_RUNGS: usize = 100;

/// Something with actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The word in permission strings.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// The name of one of it: "Contact".
    pub one: String,
    /// A sentence for people, or empty.
    pub description: String,
    /// Record type, module or settings.
    pub kind: ResourceKind,
    /// The navigation group that it is shown in.
    pub group: String,
    /// What can be done to it.
    pub actions: Vec<Action>,
    /// The position in `actions` of the one that opens it and bounds the others.
    pub read: Option<usize>,
    /// Whether grants on it may say whose: always for record types, for modules when they show
    /// figures of records.
    pub scoped: bool,
    /// The rungs that levels are chosen from, lowest first; each includes those below. Empty when
    /// the resource has no levels.
    pub ladder: Vec<Level>,
    /// The areas of the product that it opens, with the action for each verb.
    pub covers: Vec<Cover>,
    /// The fields of a record type.
    pub fields: Vec<Field>,
    /// The stages of a record type with a pipeline.
    pub stages: Vec<Stage>,
    /// The position of the action that changing the owner of a record needs.
    pub reassign: Option<usize>,
    /// The position of the action that a link to a record needs; reading, where there is none.
    pub share: Option<usize>,
    /// Whether a workspace can switch it off.
    pub can_switch_off: bool,
}

/// Something that can be done to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The word in permission strings.
    pub key: String,
    /// The name that people see.
    pub name: String,
}

/// A rung of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The word in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// Positions of the actions that this rung adds to those below it.
    pub actions: Vec<usize>,
    /// How far it reaches.
    pub scope: Scope,
}

/// An area of the product that a resource opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The area's name, one of [`AREAS`](super::area::AREAS).
    pub area: &'static str,
    /// For each verb of the area the position of the action that allows it.
    pub verbs: Vec<(&'static str, usize)>,
}

impl Resource {
    /// The position of an action.
    ///
    /// ```
    /// # let text = hallpass_engine::doc::SMALL;
    /// let blueprint = hallpass_engine::Blueprint::parse(text)?;
    /// let contacts = blueprint.resource("contacts").expect("declared");
    /// assert!(contacts.action("read").is_some() && contacts.action("fly").is_none());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn action(&self, key: &str) -> Option<usize> {
        self.actions.iter().position(|action| action.key == key)
    }

    /// The rung of a level; `none` is no rung.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<usize> {
        self.ladder.iter().position(|rung| rung.key == key)
    }

    /// Whether a grant is on this resource.
    #[must_use]
    pub fn is_on(&self, grant: &Grant) -> bool {
        match &grant.on {
            GrantTarget::Everything => true,
            GrantTarget::ResourceKind(kind) => *kind == self.kind,
            GrantTarget::Named(keys) => keys.contains(&self.key),
        }
    }

    /// Whether a grant is on this action of this resource.
    #[must_use]
    pub fn is_granted(&self, grant: &Grant, action: &str) -> bool {
        self.is_on(grant)
            && match &grant.actions {
                Actions::Every => true,
                Actions::Named(keys) => keys.iter().any(|key| key == action),
            }
    }

    /// Whether an action is bounded by what may be read: all but reading and creating, where there
    /// are owners to be bounded by. Areas of settings are all or nothing, action by action
    /// (HARMONY-29).
    #[must_use]
    pub fn is_bounded(&self, action: usize) -> bool {
        self.scoped
            && self.read.is_some_and(|read| read != action)
            && self.actions.get(action).is_some_and(|action| action.key != "create")
    }

    /// A record type that a workspace added, with the actions that the blueprint gives those.
    pub(crate) fn custom(key: &str, actions: &[Action]) -> Resource {
        Resource {
            key: key.to_owned(),
            name: title(key),
            one: title(key),
            description: String::new(),
            kind: ResourceKind::Records,
            group: ResourceKind::Records.word().to_owned(),
            actions: actions.to_vec(),
            read: actions.iter().position(|action| action.key == "read"),
            scoped: true,
            ladder: Vec::new(),
            covers: Vec::new(),
            fields: Vec::new(),
            stages: Vec::new(),
            reassign: actions.iter().position(|action| action.key == "update"),
            share: actions.iter().position(|action| action.key == "share"),
            can_switch_off: true,
        }
    }
}

/// `help_center` as people read it: "Help center".
pub(crate) fn title(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reads every resource, in the order of the text.
pub(crate) fn read_resources(root: &Section<'_>, layers: Layers) -> Vec<Resource> {
    let of_kind = |kind: ResourceKind| {
        root.sections(kind.word()).into_iter().map(move |(key, section)| (key, kind, section))
    };
    let mut sections: Vec<_> = ResourceKind::EVERY.into_iter().flat_map(of_kind).collect();
    sections.sort_by_key(|(key, ..)| key.at);
    let mut resources: Vec<Resource> = Vec::new();
    let places: Vec<usize> = sections.iter().map(|(key, ..)| key.at).collect();
    for (key, kind, section) in sections {
        if key.value == EVERY || resources.iter().any(|known| known.key == key.value) {
            let message =
                format!("`{}` is declared twice, or has a meaning of its own", key.value);
            root.log.mistake(key.at, message, Some("choose another key".to_owned()));
        }
        resources.push(read_resource(&key.value, kind, section, layers));
    }
    check_covers(root, &resources, &places);
    resources
}

fn read_resource(
    key: &str,
    kind: ResourceKind,
    section: Section<'_>,
    layers: Layers,
) -> Resource {
    let before = section.log.told();
    let name = section.text_or("name", &title(key));
    let actions = read_actions(&section, kind);
    let resource = Resource {
        one: section.text_or("one", name.strip_suffix('s').unwrap_or(&name)),
        description: section.text_or("description", ""),
        group: section.text_or("group", kind.word()),
        read: read_action(&section, "read", &actions),
        reassign: read_action(&section, "reassign", &actions)
            .or_else(|| actions.iter().position(|action| action.key == "update")),
        share: read_action(&section, "share", &actions),
        scoped: section.flag("scoped").unwrap_or(kind == ResourceKind::Records),
        ladder: read_ladder(&section, &actions, kind, layers),
        covers: read_covers(&section, key, &actions),
        fields: read_fields(&section),
        stages: read_stages(&section, &actions),
        can_switch_off: section
            .flag("can_switch_off")
            .unwrap_or(kind != ResourceKind::Settings),
        key: key.to_owned(),
        name,
        kind,
        actions,
    };
    check_shape(&section, &resource);
    // An action that could not be read may have been the one that reads.
    if section.log.told() == before {
        check_reading(&section, &resource);
    }
    section.finish();
    resource
}

fn check_reading(section: &Section<'_>, resource: &Resource) {
    if resource.scoped && resource.read.is_none() {
        let message = format!("`{}` has owners, but no action that reads it", section.path);
        let hint = "name an action `read`, or say which one is: `read = \"view\"`".to_owned();
        section.log.mistake(section.at, message, Some(hint));
    }
}

fn check_shape(section: &Section<'_>, resource: &Resource) {
    if resource.kind != ResourceKind::Records
        && !(resource.fields.is_empty() && resource.stages.is_empty())
    {
        let message = format!("`{}` has no records, so no fields or stages", section.path);
        section.log.mistake(
            section.at,
            message,
            Some("declare it under `[records]`".to_owned()),
        );
    }
    if resource.kind == ResourceKind::Settings && resource.scoped {
        let message = format!("`{}` is an area of settings, which nobody owns", section.path);
        section.log.mistake(section.at, message, Some("leave `scoped` out".to_owned()));
    }
    if resource.kind == ResourceKind::Records && !resource.scoped {
        let message = format!("`{}` has records, and every record has an owner", section.path);
        section.log.mistake(section.at, message, Some("leave `scoped` out".to_owned()));
    }
}

/// Actions as keys, with names where the title of the key will not do: `"close = Close it"`.
pub(crate) fn read_actions(section: &Section<'_>, kind: ResourceKind) -> Vec<Action> {
    let usual: &[&str] = match kind {
        ResourceKind::Records => &["create", "read", "update", "delete"],
        ResourceKind::Modules | ResourceKind::Settings => &["read", "update"],
    };
    let Some(spots) = section.texts("actions") else {
        let named = usual.iter().map(|key| Action { key: (*key).to_owned(), name: title(key) });
        return named.collect();
    };
    let mut actions: Vec<Action> = Vec::new();
    for spot in spots {
        let (key, name) = spot.value.split_once('=').map_or_else(
            || (spot.value.as_str(), title(&spot.value)),
            |(key, name)| (key.trim(), name.trim().to_owned()),
        );
        if !is_key(key) || actions.iter().any(|known| known.key == key) {
            let message = format!("`{}` is no new action", key.escape_debug());
            let hint = "actions are keys, each once: \"reply\" or \"reply = Answer\"";
            section.log.mistake(spot.at, message, Some(hint.to_owned()));
            continue;
        }
        actions.push(Action { key: key.to_owned(), name });
    }
    actions
}

fn read_action(section: &Section<'_>, key: &'static str, actions: &[Action]) -> Option<usize> {
    let Some(spot) = section.text(key) else {
        return actions.iter().position(|action| action.key == key);
    };
    position(section, &spot, actions)
}

pub(crate) fn position(
    section: &Section<'_>,
    spot: &Spot<String>,
    actions: &[Action],
) -> Option<usize> {
    let found = actions.iter().position(|action| action.key == spot.value);
    if found.is_none() {
        let message =
            format!("unknown action `{}` of `{}`", spot.value.escape_debug(), section.path);
        let known = actions.iter().map(|action| action.key.as_str());
        section.log.misspelt(spot.at, message, &spot.value, known);
    }
    found
}

fn read_ladder(
    section: &Section<'_>,
    actions: &[Action],
    kind: ResourceKind,
    layers: Layers,
) -> Vec<Level> {
    let mut ladder: Vec<Level> = Vec::new();
    let rows = section.rows("ladder");
    if rows.len() > MOST_RUNGS {
        let message = format!("`{}` has {} levels", section.path, rows.len());
        section.log.mistake(section.at, message, Some(format!("at most {MOST_RUNGS}")));
    }
    for row in rows.into_iter().take(MOST_RUNGS) {
        let key = row.required_key("level");
        if key.value == "none" || ladder.iter().any(|rung| rung.key == key.value) {
            let message = format!("the level `{}` cannot be declared here", key.value);
            let hint = "`none` is below every ladder, and each level stands once".to_owned();
            row.log.mistake(key.at, message, Some(hint));
        }
        let spots = row.texts("actions").unwrap_or_default();
        let named: Vec<&str> = Scope::EVERY.iter().map(|scope| scope.word()).collect();
        let scope = row.word("scope", &named, Scope::parse).unwrap_or(Scope::All);
        if let Some(objection) = unused_layer(scope, layers) {
            row.log.mistake(row.at, objection.message, objection.hint);
        }
        if scope != Scope::All && kind != ResourceKind::Records {
            let message = format!("`{}` has no owner, so its levels reach `all`", section.path);
            row.log.mistake(row.at, message, None);
        }
        ladder.push(Level {
            name: row.text_or("name", &title(&key.value)),
            actions: spots.iter().filter_map(|spot| position(section, spot, actions)).collect(),
            scope,
            key: key.value,
        });
        row.finish();
    }
    ladder
}

fn read_covers(section: &Section<'_>, key: &str, actions: &[Action]) -> Vec<Cover> {
    let own = area::find(key).map(|area| Spot { value: area.name.to_owned(), at: section.at });
    let spots = section.texts("covers").unwrap_or_else(|| own.into_iter().collect());
    let renamed = section.section("verbs").map(|verbs| verbs.pairs()).unwrap_or_default();
    let asked = |verb: &str| {
        let areas = spots.iter().filter_map(|spot| area::find(&spot.value));
        areas.into_iter().any(|area| area.verbs.contains(&verb))
    };
    for (verb, _) in renamed.iter().filter(|(verb, _)| !asked(&verb.value)) {
        let message = format!("no area of `{}` has the verb `{}`", section.path, verb.value);
        section.log.mistake(verb.at, message, None);
    }
    spots
        .iter()
        .filter_map(|spot| {
            let Some(area) = area::find(&spot.value) else {
                let names: Vec<&str> = area::AREAS.iter().map(|area| area.name).collect();
                section.unknown(spot, "area", &names);
                return None;
            };
            let verbs = area.verbs.iter().filter_map(|verb| {
                let action = renamed.iter().find(|(from, _)| from.value == *verb);
                let action = action.map_or_else(
                    || Spot { value: (*verb).to_owned(), at: spot.at },
                    |(_, action)| action.clone(),
                );
                let known = actions.iter().position(|known| known.key == action.value);
                if known.is_none() {
                    let message = format!(
                        "unknown action `{}` of `{}`, for which its area `{}` asks",
                        action.value.escape_debug(),
                        section.path,
                        area.name
                    );
                    let keys = actions.iter().map(|action| action.key.as_str());
                    section.log.misspelt(action.at, message, &action.value, keys);
                }
                known.map(|action| (*verb, action))
            });
            Some(Cover { area: area.name, verbs: verbs.collect() })
        })
        .collect()
}

fn check_covers(root: &Section<'_>, resources: &[Resource], places: &[usize]) {
    for area in area::AREAS {
        let covers =
            |resource: &&Resource| resource.covers.iter().any(|cover| cover.area == area.name);
        let covering = resources.iter().zip(places).filter(|(resource, _)| covers(resource));
        if let [_, (_, second), ..] = covering.clone().collect::<Vec<_>>().as_slice() {
            let message = format!("the area `{}` is covered more than once", area.name);
            let keys = covering.map(|(resource, _)| resource.key.as_str());
            let hint = format!("by {}; leave one", crate::text::listed(keys));
            root.log.mistake(**second, message, Some(hint));
        }
    }
}
