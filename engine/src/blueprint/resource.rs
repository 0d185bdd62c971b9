//! Resources: record types, modules and settings, with their actions.

use super::action::{Action, find_action, read_actions, title};
use super::area::{Cover, EVERY, check_overlaps, read_covers, reserved_for};
use super::field::{Field, Stage, read_fields, read_stages};
use super::layers::Layers;
use super::level::{Level, read_ladder};
use super::part::Parts;
use super::section::Section;
use crate::grant::{Actions, Grant, GrantTarget, ResourceKind};

/// What permissions are about: a record type, a module, or an area of settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The key in permission strings.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// The name in the singular: "Contact".
    pub one: String,
    /// The plural of `one`, for counts: "87 conversations" of the record type "Inbox".
    pub many: String,
    /// A sentence about it, or empty.
    pub description: String,
    /// Whether it is a record type, a module, or settings.
    pub kind: ResourceKind,
    /// The group of the navigation that shows it.
    pub group: String,
    /// Its actions.
    pub actions: Vec<Action>,
    /// The position of the read action, which opens the resource and bounds its other actions.
    pub read: Option<usize>,
    /// Whether its grants have scopes: true for record types, and for modules that show figures of
    /// records.
    pub scoped: bool,
    /// Its levels, lowest first; each includes those below it. Empty when it has none.
    pub ladder: Vec<Level>,
    /// The areas of the product that it covers.
    pub covers: Vec<Cover>,
    /// The fields of a record type.
    pub fields: Vec<Field>,
    /// The stages of a record type with a pipeline.
    pub stages: Vec<Stage>,
    /// The position of the action that creates a record; it is decided for the future owner.
    pub create: Option<usize>,
    /// The position of the action that changes the fields of a record.
    pub update: Option<usize>,
    /// The position of the action that deletes a record.
    pub delete: Option<usize>,
    /// The position of the action by which a member becomes the owner of an unowned record.
    pub claim: Option<usize>,
    /// The position of the action that reassigning a record requires.
    pub reassign: Option<usize>,
    /// The position of the action that sharing a record by link requires; `None` for reading.
    pub share: Option<usize>,
    /// Whether a workspace can switch it off.
    pub can_switch_off: bool,
}

impl Resource {
    /// The position of an action.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let contacts = blueprint.resource("contacts").expect("declared");
    /// assert!(contacts.action("read").is_some() && contacts.action("fly").is_none());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn action(&self, key: &str) -> Option<usize> {
        self.actions.iter().position(|action| action.key == key)
    }

    /// The key of an action by its position, such as that of [`update`](Resource::update).
    #[must_use]
    pub fn key_of(&self, action: Option<usize>) -> Option<&str> {
        Some(self.actions.get(action?)?.key.as_str())
    }

    /// The position of a level on the ladder; `None` for `none`, which is below it.
    #[must_use]
    pub fn level(&self, key: &str) -> Option<usize> {
        self.ladder.iter().position(|level| level.key == key)
    }

    /// Whether the server has a use case for an action, by its position: it has one for each action
    /// on records, and for those that the areas check that the resource covers.
    #[must_use]
    pub fn is_checked(&self, action: usize) -> bool {
        self.kind == ResourceKind::Records
            || self.covers.iter().any(|cover| cover.is_checked(action))
    }

    /// The keys of the actions that are marked as for an application of one's own.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let contacts = blueprint.resource("contacts").expect("declared");
    /// assert_eq!(contacts.own_app().next(), None);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn own_app(&self) -> impl Iterator<Item = &str> {
        let marked = self.actions.iter().filter(|action| action.is_own_app);
        marked.map(|action| action.key.as_str())
    }

    /// Whether a grant covers this resource.
    #[must_use]
    pub fn is_on(&self, grant: &Grant) -> bool {
        match &grant.on {
            GrantTarget::Everything => true,
            GrantTarget::ResourceKind(kind) => *kind == self.kind,
            GrantTarget::Named(keys) => keys.contains(&self.key),
        }
    }

    /// Whether a grant covers an action of this resource.
    #[must_use]
    pub fn is_granted(&self, grant: &Grant, action: &str) -> bool {
        self.is_on(grant)
            && match &grant.actions {
                Actions::Every => true,
                Actions::Named(keys) => keys.iter().any(|key| key == action),
            }
    }

    /// Whether an action reaches only records that the member may read. True for the actions of
    /// resources with owners, except reading and creating. The actions of settings are independent
    /// of each other (HARMONY-29).
    #[must_use]
    pub fn is_bounded(&self, action: usize) -> bool {
        self.scoped
            && self.read.is_some_and(|read| read != action)
            && self.create != Some(action)
            && action < self.actions.len()
    }

    /// A record type that a workspace added.
    pub(crate) fn custom(key: &str, actions: &[Action], parts: Parts) -> Resource {
        Resource {
            key: key.to_owned(),
            name: title(key),
            one: title(key),
            many: title(key),
            description: String::new(),
            kind: ResourceKind::Records,
            group: ResourceKind::Records.word().to_owned(),
            actions: actions.to_vec(),
            read: parts.read,
            scoped: true,
            ladder: Vec::new(),
            covers: Vec::new(),
            fields: Vec::new(),
            stages: Vec::new(),
            create: parts.create,
            update: parts.update,
            delete: parts.delete,
            claim: parts.claim,
            reassign: parts.reassign,
            share: parts.share,
            can_switch_off: true,
        }
    }
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
        let is_duplicate = resources.iter().any(|known| known.key == key.value);
        if is_duplicate || key.value == EVERY {
            let problem = if is_duplicate { "already declared" } else { "reserved" };
            let message = format!("the resource key `{}` is {problem}", key.value);
            root.log.add(key.at, message, Some("choose another key".to_owned()));
        } else if let Some(noun) = reserved_for(&key.value)
            && kind == ResourceKind::Records
        {
            let message = format!("the key `{}` of a record type names {noun}", key.value);
            root.log.add(key.at, message, Some("choose another key".to_owned()));
        }
        resources.push(read_resource(&key.value, kind, section, layers));
    }
    let covers = resources.iter().zip(places);
    let covers = covers.map(|(known, at)| (known.key.as_str(), at, known.covers.as_slice()));
    check_overlaps(root, &covers.collect::<Vec<_>>());
    resources
}

fn read_resource(
    key: &str,
    kind: ResourceKind,
    section: Section<'_>,
    layers: Layers,
) -> Resource {
    let before = section.log.len();
    let name = section.text_or("name", &title(key));
    let actions = read_actions(&section, kind);
    let parts = Parts::read(&section, &actions);
    let mut resource = Resource {
        one: section.text_or("one", name.strip_suffix('s').unwrap_or(&name)),
        many: section.text_or("many", &name),
        description: section.text_or("description", ""),
        group: section.text_or("group", kind.word()),
        read: parts.read,
        create: parts.create,
        update: parts.update,
        delete: parts.delete,
        claim: parts.claim,
        reassign: parts.reassign,
        share: parts.share,
        scoped: section.flag("scoped").unwrap_or(kind == ResourceKind::Records),
        ladder: read_ladder(&section, &actions, kind, layers),
        covers: read_covers(&section, key, kind, &actions),
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
    mark_own_app(&section, &mut resource);
    check_kind(&section, &resource);
    // An action that is invalid may have been meant as the read action.
    if section.log.len() == before {
        check_read(&section, &resource);
    }
    section.finish();
    resource
}

/// Reads which actions are for an application of one's own, and refuses those that the server checks.
fn mark_own_app(section: &Section<'_>, resource: &mut Resource) {
    for key in section.texts("own_app").unwrap_or_default() {
        let Some(at) = find_action(section, &key, &resource.actions) else { continue };
        if resource.is_checked(at) {
            let message = format!("the server checks `{}` of `{}`", key.value, section.path);
            let hint = "remove it from `own_app`".to_owned();
            section.log.add(key.at, message, Some(hint));
        }
        if let Some(action) = resource.actions.get_mut(at) {
            action.is_own_app = true;
        }
    }
}

fn check_read(section: &Section<'_>, resource: &Resource) {
    if resource.scoped && resource.read.is_none() {
        let message = format!("`{}` has no read action", section.path);
        let hint = "name an action `read`, or choose one: `read = \"view\"`".to_owned();
        section.log.add(section.at, message, Some(hint));
    }
}

/// Checks what only some kinds of resources may have.
fn check_kind(section: &Section<'_>, resource: &Resource) {
    let is_records = resource.kind == ResourceKind::Records;
    let path = &section.path;
    let has_contents = !resource.fields.is_empty() || !resource.stages.is_empty();
    if !is_records && has_contents {
        let message = format!("`{path}` is not a record type, so it has no fields or stages");
        let hint = "declare it under `[records]`".to_owned();
        section.log.add(section.at, message, Some(hint));
    }
    let problem = match resource.kind {
        ResourceKind::Settings if resource.scoped => "settings have no owners",
        ResourceKind::Records if !resource.scoped => "records have owners",
        ResourceKind::Records | ResourceKind::Modules | ResourceKind::Settings => return,
    };
    let message = format!("`{path}.scoped` cannot be `{}`: {problem}", resource.scoped);
    section.log.add(section.at, message, Some("remove `scoped`".to_owned()));
}
