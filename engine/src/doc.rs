//! A small blueprint for examples in the documentation.

/// Two record types, three roles, teams that carry profiles.
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
