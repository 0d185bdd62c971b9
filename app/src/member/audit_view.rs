//! A member as the audit log and the export show them.

use std::collections::BTreeMap;

use hallpass_domain::member::Member;
use hallpass_domain::name::Name;
use serde_json::{Value, json};

/// What a member is, in the API and in the audit log.
#[must_use]
pub fn kind(member: &Member) -> &'static str {
    if member.is_service() { "service" } else { "person" }
}

/// Returns a member as the audit log and the export show them.
pub(crate) fn audit_view(member: &Member) -> Value {
    let access = &member.access;
    let levels: BTreeMap<_, _> = access.levels.iter().cloned().collect();
    json!({
        "name": member.name(),
        "service_account": member.is_service(),
        "email": member.email,
        "alias": member.alias.as_ref().map(Name::as_str),
        "status": member.status.word(),
        "role": access.role,
        "levels": levels,
        "visibility": access.visibility.scope().word(),
        "department": access.department.map(|id| id.to_string()),
        "manager": access.manager.map(|id| id.to_string()),
        "teams": access.teams.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "billing_contact": access.is_billing_contact,
        "landing": member.landing,
    })
}
