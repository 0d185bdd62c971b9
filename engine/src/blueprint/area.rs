//! The areas of the product: what the application asks a blueprint about by a fixed name.

use super::action::{Action, find_action};
use super::log::Located;
use super::section::Section;
use crate::grant::ResourceKind;
use crate::text::listed;

/// The key that means every record type in profiles, including those added later.
pub const EVERY: &str = "every";

/// An area of the product, with the verbs that the application checks in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The name that the application uses.
    pub name: &'static str,
    /// The verbs that the application checks.
    pub verbs: &'static [&'static str],
    /// Verbs that the action of another verb allows, where a resource has no action for them.
    pub defaults: &'static [(&'static str, &'static str)],
    /// Verbs that the server has no use case for: another application may check them.
    pub own_app: &'static [&'static str],
}

impl Area {
    const fn new(name: &'static str, verbs: &'static [&'static str]) -> Area {
        Area { name, verbs, defaults: &[], own_app: &[] }
    }

    const fn without_use_case(self, own_app: &'static [&'static str]) -> Area {
        Area { own_app, ..self }
    }

    const fn with(self, defaults: &'static [(&'static str, &'static str)]) -> Area {
        Area { defaults, ..self }
    }
}

/// An area that a resource covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The name of the area, one of [`AREAS`].
    pub area: &'static str,
    /// For each verb of the area the position of the action that allows it.
    pub verbs: Vec<(&'static str, usize)>,
}

const SETTING: &[&str] = &["read", "update"];
const COLLECTION: &[&str] = &["read", "create", "update", "delete"];
/// `reassign` moves the records of one owner to another, many at once.
const MEMBERS: &[&str] = &["read", "create", "update", "delete", "reassign"];
/// A model without actions of their own for adding and removing parts of an area updates the area.
const PARTS: &[(&str, &str)] = &[("create", "update"), ("delete", "update")];

/// Every area. A blueprint says which resource covers which area; an area that no resource covers
/// is closed to every member.
pub const AREAS: &[Area] = &[
    Area::new("general", SETTING),
    Area::new("branding", SETTING),
    Area::new("members", MEMBERS).with(&[("reassign", "update")]),
    Area::new("roles", COLLECTION),
    Area::new("profiles", COLLECTION),
    Area::new("teams", COLLECTION),
    Area::new("departments", COLLECTION),
    Area::new("schema", COLLECTION).with(PARTS),
    Area::new("pipelines", SETTING),
    Area::new("modules", SETTING),
    Area::new("integrations", COLLECTION).with(PARTS),
    Area::new("intelligence", COLLECTION).with(PARTS),
    Area::new("authentication", SETTING),
    Area::new("security", SETTING),
    Area::new("api_keys", &["read", "create", "delete"]),
    Area::new("webhooks", COLLECTION).without_use_case(COLLECTION),
    Area::new("audit", &["read", "export"]),
    Area::new("billing", &["read", "update", "plan", "transfer"]),
    Area::new("ownership", &["transfer"]),
    Area::new("workspace", &["delete", "export", "import"]).without_use_case(&["import"]),
    Area::new("blueprint", SETTING),
    Area::new("dashboard", &["read"]),
    Area::new("reports", COLLECTION),
];

fn find(name: &str) -> Option<&'static Area> {
    AREAS.iter().find(|area| area.name == name)
}

impl Cover {
    /// Whether the server checks an action, by its position, because of this cover.
    pub(crate) fn is_checked(&self, action: usize) -> bool {
        let own_app = find(self.area).map_or(&[][..], |area| area.own_app);
        self.verbs.iter().any(|(verb, on)| *on == action && !own_app.contains(verb))
    }
}

/// What a key names in the product; `None` when it is free.
pub(crate) fn reserved_for(key: &str) -> Option<&'static str> {
    if find(key).is_some() {
        return Some("an area of the product");
    }
    let kinds = ResourceKind::EVERY.map(ResourceKind::word);
    match key {
        EVERY => Some("every record type"),
        "billing_contact" => Some("the billing contact"),
        key if kinds.contains(&key) => Some("a kind of resources"),
        _ => None,
    }
}

/// Reads the areas that a resource covers: those in `covers`, or the area of the resource's key.
/// `verbs` maps a verb to an action of another key. A record type covers none: a permission on
/// records never opens an area.
pub(crate) fn read_covers(
    section: &Section<'_>,
    key: &str,
    kind: ResourceKind,
    actions: &[Action],
) -> Vec<Cover> {
    if kind == ResourceKind::Records {
        if let Some(first) = section.texts("covers").unwrap_or_default().first() {
            let message = format!("`{}` is a record type, which covers no area", section.path);
            let hint = "cover the area by a module or a setting".to_owned();
            section.log.add(first.at, message, Some(hint));
        }
        return Vec::new();
    }
    let own = find(key).map(|area| Located { value: area.name.to_owned(), at: section.at });
    let names = section.texts("covers").unwrap_or_else(|| own.into_iter().collect());
    let mapped = section.section("verbs").map(|verbs| verbs.pairs()).unwrap_or_default();
    check_verbs(section, &names, &mapped);
    let cover = |name: &Located<String>| {
        let Some(area) = find(&name.value) else {
            let known: Vec<&str> = AREAS.iter().map(|area| area.name).collect();
            section.unknown(name, "area", &known);
            return None;
        };
        let verbs = area.verbs.iter().filter_map(|verb| {
            let has = |verb: &str| {
                mapped.iter().any(|(from, _)| from.value == verb)
                    || actions.iter().any(|action| action.key == verb)
            };
            let default = area.defaults.iter().find(|(from, _)| from == verb && !has(verb));
            let allowing = default.map_or(*verb, |(_, default)| default);
            let action = mapped.iter().find(|(from, _)| from.value == allowing);
            let found = match action {
                Some((_, action)) => find_action(section, action, actions),
                None => default_action(section, name, allowing, actions),
            };
            Some((*verb, found?))
        });
        Some(Cover { area: area.name, verbs: verbs.collect() })
    };
    names.iter().filter_map(cover).collect()
}

/// Finds the action whose key is the verb.
fn default_action(
    section: &Section<'_>,
    area: &Located<String>,
    verb: &str,
    actions: &[Action],
) -> Option<usize> {
    let found = actions.iter().position(|action| action.key == verb);
    if found.is_none() {
        let message = format!(
            "`{}` has no action `{verb}`, which the area `{}` requires",
            section.path, area.value
        );
        let hint = format!(
            "declare it, or map the verb to another action: `verbs = {{ {verb} = \"read\" }}`"
        );
        section.log.add(area.at, message, Some(hint));
    }
    found
}

fn check_verbs(
    section: &Section<'_>,
    names: &[Located<String>],
    mapped: &[(Located<String>, Located<String>)],
) {
    let areas = names.iter().filter_map(|name| find(&name.value));
    let known: Vec<&str> = areas.flat_map(|area| area.verbs).copied().collect();
    for (verb, _) in mapped.iter().filter(|(verb, _)| !known.contains(&verb.value.as_str())) {
        let message =
            format!("no area that `{}` covers has the verb `{}`", section.path, verb.value);
        section.log.add_misspelt(verb.at, message, &verb.value, known.iter().copied());
    }
}

/// Reports areas that several resources cover. `covers` has, for each resource in the order of the
/// text, its key, its position in the text and its areas.
pub(crate) fn check_overlaps(root: &Section<'_>, covers: &[(&str, usize, &[Cover])]) {
    for area in AREAS {
        let covers_area = |(_, _, covers): &&(&str, usize, &[Cover])| {
            covers.iter().any(|cover| cover.area == area.name)
        };
        let covering: Vec<_> = covers.iter().filter(covers_area).collect();
        if let [_, (_, second, _), ..] = covering.as_slice() {
            let keys = listed(covering.iter().map(|(key, ..)| key));
            let message = format!("{keys} cover the same area `{}`", area.name);
            let hint = "one resource covers an area".to_owned();
            root.log.add(*second, message, Some(hint));
        }
    }
}
