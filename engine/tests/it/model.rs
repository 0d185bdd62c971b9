//! The data of the reference: an access model and a workspace, without types of the engine.

use std::fmt;

/// The scope of a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Own,
    Assigned,
    Team,
    Department,
    Visible,
    Unowned,
    All,
}

/// Every scope with its word.
pub(crate) const SCOPES: [(Scope, &str); 7] = [
    (Scope::Own, "own"),
    (Scope::Assigned, "assigned"),
    (Scope::Team, "team"),
    (Scope::Department, "department"),
    (Scope::Visible, "visible"),
    (Scope::Unowned, "unowned"),
    (Scope::All, "all"),
];

impl Scope {
    pub(crate) fn word(self) -> &'static str {
        SCOPES.iter().find(|(scope, _)| *scope == self).unwrap().1
    }

    pub(crate) fn of(word: &str) -> Scope {
        SCOPES.iter().find(|(_, known)| *known == word).unwrap().0
    }
}

/// The visibility of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisibilityLevel {
    Own,
    Department,
    All,
}

/// The kind of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    Records,
    Modules,
    Settings,
}

/// Every kind with its word.
pub(crate) const KINDS: [(ResourceKind, &str); 3] = [
    (ResourceKind::Records, "records"),
    (ResourceKind::Modules, "modules"),
    (ResourceKind::Settings, "settings"),
];

impl ResourceKind {
    pub(crate) fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).unwrap().1
    }
}

/// The resources of a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GrantTarget {
    Everything,
    ResourceKind(ResourceKind),
    Named(Vec<String>),
}

/// The actions of a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    Everything,
    Named(Vec<String>),
}

/// A permission string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) on: GrantTarget,
    pub(crate) doing: Doing,
    pub(crate) scope: Scope,
}

impl Permission {
    /// Parses `resource:action:scope`.
    pub(crate) fn of(text: &str) -> Permission {
        let parts: Vec<&str> = text.split(':').collect();
        let list = |text: &str| text.split(',').map(|key| key.trim().to_owned()).collect();
        let on = match parts[0] {
            "*" => GrantTarget::Everything,
            named => KINDS
                .iter()
                .find(|(_, word)| named.strip_prefix('@') == Some(word))
                .map_or_else(
                    || GrantTarget::Named(list(named)),
                    |(kind, _)| GrantTarget::ResourceKind(*kind),
                ),
        };
        let doing = match parts[1] {
            "*" => Doing::Everything,
            named => Doing::Named(list(named)),
        };
        Permission { on, doing, scope: Scope::of(parts[2]) }
    }

    pub(crate) fn is_on(&self, resource: &Resource) -> bool {
        match &self.on {
            GrantTarget::Everything => true,
            GrantTarget::ResourceKind(kind) => *kind == resource.kind,
            GrantTarget::Named(keys) => keys.contains(&resource.key),
        }
    }

    pub(crate) fn allows(&self, action: &str) -> bool {
        match &self.doing {
            Doing::Everything => true,
            Doing::Named(keys) => keys.iter().any(|key| key == action),
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.on {
            GrantTarget::Everything => write!(out, "*:")?,
            GrantTarget::ResourceKind(kind) => write!(out, "@{}:", kind.word())?,
            GrantTarget::Named(keys) => write!(out, "{}:", keys.join(","))?,
        }
        match &self.doing {
            Doing::Everything => write!(out, "*:")?,
            Doing::Named(keys) => write!(out, "{}:", keys.join(","))?,
        }
        write!(out, "{}", self.scope.word())
    }
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) key: String,
    pub(crate) kind: ResourceKind,
    pub(crate) actions: Vec<String>,
    /// The read action, if there is one.
    pub(crate) read: Option<String>,
    /// Whether permissions on it have scopes.
    pub(crate) scoped: bool,
    /// Lowest first.
    pub(crate) ladder: Vec<Level>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) level: String,
    pub(crate) actions: Vec<String>,
    pub(crate) scope: Scope,
}

/// A built-in role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) key: String,
    pub(crate) grants: Vec<Permission>,
    /// Whether the member's visibility bounds reading.
    pub(crate) bounded: bool,
    pub(crate) levels: bool,
}

/// The rules for custom roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CustomRule {
    /// Empty means all.
    pub(crate) resources: Vec<String>,
    /// Empty means all.
    pub(crate) actions: Vec<String>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) bounded: bool,
    pub(crate) levels: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Switch {
    pub(crate) key: String,
    pub(crate) starts_on: bool,
    pub(crate) adds: Vec<Permission>,
    pub(crate) replaces: Vec<(String, Vec<Permission>)>,
    pub(crate) counts_indirect_reports: bool,
}

/// An access model.
#[expect(clippy::struct_excessive_bools, reason = "each layer is used or not")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) resources: Vec<Resource>,
    pub(crate) roles: Vec<Role>,
    pub(crate) custom: Option<CustomRule>,
    pub(crate) unowned_is_visible: bool,
    pub(crate) teams: bool,
    pub(crate) profiles: bool,
    pub(crate) departments: bool,
    pub(crate) managers: bool,
    pub(crate) visibility: bool,
    pub(crate) billing: Option<Vec<Permission>>,
    pub(crate) switches: Vec<Switch>,
    /// The actions of record types that a workspace adds.
    pub(crate) entity_actions: Option<Vec<String>>,
}

/// A cell of a profile: record type or `every`, action, and a scope or none.
pub(crate) type ProfileCell = (String, String, Option<Scope>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) cells: Vec<ProfileCell>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) profile: Option<String>,
    /// Own, team or all.
    pub(crate) ceiling: Scope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) active: bool,
    pub(crate) teams: Vec<String>,
    pub(crate) department: Option<String>,
    pub(crate) manager: Option<String>,
    pub(crate) sight: VisibilityLevel,
    pub(crate) levels: Vec<(String, String)>,
    pub(crate) billing: bool,
}

/// A workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct World {
    pub(crate) switches: Vec<(String, bool)>,
    pub(crate) entities: Vec<String>,
    pub(crate) roles: Vec<(String, Vec<Permission>)>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) teams: Vec<Team>,
    /// The id and the parent.
    pub(crate) departments: Vec<(String, Option<String>)>,
    pub(crate) people: Vec<Person>,
}

impl Model {
    /// The resources of the model, and the record types that the world adds.
    pub(crate) fn resources_with(&self, entities: &[String]) -> Vec<Resource> {
        let actions = self.entity_actions.clone().unwrap_or_default();
        let added = entities.iter().map(|key| Resource {
            key: key.clone(),
            kind: ResourceKind::Records,
            read: actions.iter().find(|action| *action == "read").cloned(),
            actions: actions.clone(),
            scoped: true,
            ladder: Vec::new(),
        });
        self.resources.iter().cloned().chain(added).collect()
    }
}
