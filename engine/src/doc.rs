//! A small example for the documentation: a blueprint, a workspace and the policy of both.

use std::sync::Arc;

use crate::blueprint::Blueprint;
use crate::mistake::Mistakes;
use crate::policy::Policy;
use crate::workspace::{Member, Workspace};

/// A blueprint with two record types, three roles, and teams with profiles.
pub const SMALL: &str = r#"
[blueprint]
id = "small"
name = "Small"

[records.contacts]
[records.deals]
actions = ["create", "read", "update", "delete", "close"]

[settings.members]
actions = ["read", "create", "update", "delete"]

[teams]
[managers]

[roles.owner]
rank = 3
top = true
grants = ["*:*:all"]

[roles.manager]
rank = 2
manages = true
grants = ["@records:*:own", "@records:*:assigned", "members:read:all"]

[roles.member]
rank = 1
grants = ["@records:create,read,update:own"]

[profiles.templates.sales]
grants.contacts = { read = "team", update = "team" }
"#;

/// Parses [`SMALL`].
///
/// # Errors
///
/// None.
pub fn blueprint() -> Result<Arc<Blueprint>, Mistakes> {
    Blueprint::parse(SMALL).map(Arc::new)
}

/// A workspace of two: `anna` has the role `owner`, `ben` the role `member`.
#[must_use]
pub fn workspace() -> Workspace {
    let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    Workspace { members, ..Workspace::default() }
}

/// Compiles [`workspace`] with [`SMALL`].
///
/// ```
/// let policy = hallpass_engine::doc::policy()?;
/// assert!(policy.member("anna").is_some() && policy.member("ben").is_some());
/// # Ok::<(), hallpass_engine::Mistakes>(())
/// ```
///
/// # Errors
///
/// None.
pub fn policy() -> Result<Policy, Mistakes> {
    Policy::compile(&blueprint()?, &workspace())
}
