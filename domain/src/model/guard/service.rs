//! What only a person can have.

use hallpass_engine::Blueprint;

use super::grantor::role_name;
use crate::model::Model;
use crate::refusal::Refusal;

/// A person answers for a workspace: no service account has the top role, one that changes hands by
/// transfer, or the billing contact.
pub(super) fn check(after: &Model) -> Result<(), Refusal> {
    let blueprint = after.blueprint();
    for (_, service) in after.members.services() {
        if is_of_person(blueprint, &service.role) {
            let what = format!("have the role {}", role_name(blueprint, &service.role));
            return Err(Refusal::PersonOnly { what });
        }
        if service.is_billing_contact {
            return Err(Refusal::PersonOnly { what: "be the billing contact".to_owned() });
        }
    }
    Ok(())
}

/// Whether only a person can have a role.
#[must_use]
pub fn is_of_person(blueprint: &Blueprint, role: &str) -> bool {
    let top = blueprint.top_role().map(|top| top.key.as_str());
    top == Some(role) || blueprint.is_transferred_only(role)
}
