//! Permission strings, `resource:action:scope`, as people write them in roles.

use std::fmt;

use crate::scope::Scope;
use crate::text::listed;

/// The longest permission string that is read, in bytes.
pub const MAX_GRANT_BYTES: usize = 1_000;

/// What a grant is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantTarget {
    /// `*`: every resource, those added later included.
    Everything,
    /// `@records`, `@modules` or `@settings`: every resource of a kind, those added later included.
    ResourceKind(ResourceKind),
    /// Resources by key.
    Named(Vec<String>),
}

/// The three kinds of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A record type: rows with an owner.
    Records,
    /// A part of the product without rows of its own.
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
    /// `*`: every action, those added later included.
    Every,
    /// Actions by key.
    Named(Vec<String>),
}

/// A permission string: what, which actions, how far.
///
/// Resources and actions may be lists with commas, or `*`.
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
    /// How far.
    pub scope: Scope,
}

/// Why a text is not a permission string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantError {
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it, when that can be said.
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
            let message = format!(
                "a permission string of {} bytes is too long (at most {MAX_GRANT_BYTES})",
                text.len()
            );
            return Err(GrantError { message, hint: None });
        }
        let parts: Vec<&str> = text.split(':').collect();
        let [on, actions, scope] = parts.as_slice() else {
            return Err(shape(text));
        };
        Ok(Grant { on: on_of(on)?, actions: actions_of(actions)?, scope: scope_of(scope)? })
    }
}

fn shape(text: &str) -> GrantError {
    GrantError {
        message: format!("`{}` is not a permission string", text.escape_debug()),
        hint: Some("write `resource:action:scope`, such as `contacts:read:own`".to_owned()),
    }
}

fn on_of(text: &str) -> Result<GrantTarget, GrantError> {
    if text == "*" {
        return Ok(GrantTarget::Everything);
    }
    let Some(word) = text.strip_prefix('@') else {
        return Ok(GrantTarget::Named(keys(text, "a resource")?));
    };
    ResourceKind::EVERY
        .into_iter()
        .find(|kind| kind.word() == word)
        .map(GrantTarget::ResourceKind)
        .ok_or_else(|| GrantError {
            message: format!("unknown kind `@{}`", word.escape_debug()),
            hint: Some("the kinds are `@records`, `@modules` and `@settings`".to_owned()),
        })
}

fn actions_of(text: &str) -> Result<Actions, GrantError> {
    if text == "*" { Ok(Actions::Every) } else { keys(text, "an action").map(Actions::Named) }
}

fn scope_of(text: &str) -> Result<Scope, GrantError> {
    Scope::parse(text).ok_or_else(|| GrantError {
        message: format!("unknown scope `{}`", text.escape_debug()),
        hint: Some(format!("the scopes are {}", listed(Scope::EVERY.map(Scope::word)))),
    })
}

fn keys(text: &str, noun: &str) -> Result<Vec<String>, GrantError> {
    text.split(',')
        .map(|key| {
            let key = key.trim();
            if is_key(key) {
                Ok(key.to_owned())
            } else {
                Err(GrantError {
                    message: format!("`{}` is not the key of {noun}", key.escape_debug()),
                    hint: Some("keys are lower-case letters, digits, `_` and `-`".to_owned()),
                })
            }
        })
        .collect()
}

/// Whether a text can be a key in a blueprint: a lower-case letter, then letters, digits, `_`, `-`.
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

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actions {
            Actions::Every => write!(f, "{}:*:{}", self.on, self.scope),
            Actions::Named(keys) => write!(f, "{}:{}:{}", self.on, keys.join(","), self.scope),
        }
    }
}
