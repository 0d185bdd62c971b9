//! What only a person can have.

use hallpass_engine::{Blueprint, Change};

use super::grantor::role_name;
use crate::refusal::Refusal;

/// A person answers for a workspace: no change gives a service account the top role, a role that changes
/// hands by transfer, or the billing contact.
pub(super) fn check(blueprint: &Blueprint, changes: &[Change]) -> Result<(), Refusal> {
    for change in changes {
        let Change::PutMember(member) = change else { continue };
        if !member.is_service {
            continue;
        }
        if is_of_person(blueprint, &member.role) {
            let what = format!("have the role {}", role_name(blueprint, &member.role));
            return Err(Refusal::PersonOnly { what });
        }
        if member.is_billing_contact {
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
