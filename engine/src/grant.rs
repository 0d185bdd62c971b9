//! Grants, written as permission strings: `resource:action:scope`.

use std::fmt;

use crate::scope::Scope;
use crate::text::suggestion;

/// The size limit of a permission string, in bytes.
pub const MAX_GRANT_BYTES: usize = 1_000;

/// The resources of a grant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantTarget {
    /// `*`: every resource, including those added later.
    Everything,
    /// `@records`, `@modules` or `@settings`: every resource of a kind, including those added later.
    ResourceKind(ResourceKind),
    /// Resources by key.
    Named(Vec<String>),
}

/// The kind of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A record type: records have owners.
    Records,
    /// A part of the product without records of its own.
    Modules,
    /// An area of settings.
    Settings,
}

impl ResourceKind {
    /// Every kind.
    pub const EVERY: [ResourceKind; 3] =
        [ResourceKind::Records, ResourceKind::Modules, ResourceKind::Settings];

    /// The word in blueprints.
    ///
    /// ```
    /// assert_eq!(hallpass_engine::ResourceKind::Modules.word(), "modules");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            ResourceKind::Records => "records",
            ResourceKind::Modules => "modules",
            ResourceKind::Settings => "settings",
        }
    }
}

/// The actions of a grant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actions {
    /// `*`: every action, including those added later.
    Every,
    /// Actions by key.
    Named(Vec<String>),
}

/// A grant: some actions on some resources, with a scope.
///
/// In a permission string, resources and actions are `*` or lists with commas.
///
/// ```
/// use hallpass_engine::{Grant, Scope};
/// let grant: Grant = "contacts:read,update:team".parse()?;
/// assert_eq!(grant.scope, Scope::Team);
/// assert_eq!(grant.to_string(), "contacts:read,update:team");
/// # Ok::<(), hallpass_engine::GrantError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The resources.
    pub on: GrantTarget,
    /// The actions.
    pub actions: Actions,
    /// The records that it covers, by their owners.
    pub scope: Scope,
}

/// Why a grant is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantError {
    /// What is wrong.
    pub message: String,
    /// What to do about it, when there is a suggestion.
    pub hint: Option<String>,
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for GrantError {}

impl std::str::FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Grant, GrantError> {
        if text.len() > MAX_GRANT_BYTES {
            let message = format!("the permission string has {} bytes", text.len());
            let hint = format!("the limit is {MAX_GRANT_BYTES}");
            return Err(GrantError { message, hint: Some(hint) });
        }
        let parts: Vec<&str> = text.split(':').collect();
        let [on, actions, scope] = parts.as_slice() else {
            return Err(GrantError {
                message: format!("`{}` is not a permission string", text.escape_debug()),
                hint: Some(
                    "write `resource:action:scope`, such as `contacts:read:own`".to_owned(),
                ),
            });
        };
        Ok(Grant {
            on: parse_target(on)?,
            actions: parse_actions(actions)?,
            scope: parse_scope(scope)?,
        })
    }
}

fn parse_target(text: &str) -> Result<GrantTarget, GrantError> {
    if text == "*" {
        return Ok(GrantTarget::Everything);
    }
    let Some(word) = text.strip_prefix('@') else {
        return Ok(GrantTarget::Named(parse_keys(text, "resource")?));
    };
    ResourceKind::EVERY
        .into_iter()
        .find(|kind| kind.word() == word)
        .map(GrantTarget::ResourceKind)
        .ok_or_else(|| GrantError {
            message: format!("unknown kind `@{}`", word.escape_debug()),
            hint: Some("expected `@records`, `@modules` or `@settings`".to_owned()),
        })
}

fn parse_actions(text: &str) -> Result<Actions, GrantError> {
    if text == "*" {
        Ok(Actions::Every)
    } else {
        parse_keys(text, "action").map(Actions::Named)
    }
}

fn parse_scope(text: &str) -> Result<Scope, GrantError> {
    Scope::parse(text).ok_or_else(|| GrantError {
        message: format!("unknown scope `{}`", text.escape_debug()),
        hint: suggestion(text, Scope::EVERY.map(Scope::word)),
    })
}

fn parse_keys(text: &str, noun: &str) -> Result<Vec<String>, GrantError> {
    text.split(',')
        .map(|key| {
            let key = key.trim();
            if is_key(key) {
                Ok(key.to_owned())
            } else {
                Err(GrantError {
                    message: format!("invalid {noun} key `{}`", key.escape_debug()),
                    hint: Some(KEY_RULE.to_owned()),
                })
            }
        })
        .collect()
}

/// What a key is, for hints.
pub(crate) const KEY_RULE: &str =
    "a key is a lower-case letter, then at most 63 lower-case letters, digits, `_` or `-`";

/// Whether a text is a valid key: see [`KEY_RULE`].
pub(crate) fn is_key(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 64
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

impl fmt::Display for GrantTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GrantTarget::Everything => f.write_str("*"),
            GrantTarget::ResourceKind(kind) => write!(f, "@{}", kind.word()),
            GrantTarget::Named(keys) => f.write_str(&keys.join(",")),
        }
    }
}

impl Grant {
    /// Whether it names a resource by its key; one on a wildcard names none.
    ///
    /// ```
    /// use hallpass_engine::Grant;
    /// let grant: Grant = "contacts:read:own".parse()?;
    /// assert!(grant.names("contacts") && !grant.names("deals"));
    /// let grant: Grant = "*:read:own".parse()?;
    /// assert!(!grant.names("contacts"));
    /// # Ok::<(), hallpass_engine::GrantError>(())
    /// ```
    #[must_use]
    pub fn names(&self, resource: &str) -> bool {
        match &self.on {
            GrantTarget::Named(keys) => keys.iter().any(|key| key == resource),
            GrantTarget::Everything | GrantTarget::ResourceKind(_) => false,
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actions {
            Actions::Every => write!(f, "{}:*:{}", self.on, self.scope),
            Actions::Named(keys) => write!(f, "{}:{}:{}", self.on, keys.join(","), self.scope),
        }
    }
}
