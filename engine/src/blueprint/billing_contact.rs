//! The billing contact: the one member who receives invoices.

use super::grants::{Context, read_grants};
use super::role::Role;
use super::section::Section;
use crate::grant::Grant;

/// Declares the billing contact, a flag of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingContact {
    /// What the flag grants beside the role.
    pub grants: Vec<Grant>,
    /// Whether the creator of a workspace gets the flag.
    pub starts_with_creator: bool,
    /// The role whose holders receive invoices while there is no contact, by key.
    pub vacant_mail: Option<String>,
}

pub(crate) fn read_billing_contact(
    root: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Option<BillingContact> {
    let section = root.section("billing_contact")?;
    let vacant = section.text("vacant_mail");
    let is_known = |key: &str| roles.iter().any(|role| role.key == key);
    if let Some(role) = vacant.iter().find(|role| !is_known(&role.value)) {
        let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
        section.unknown(role, "role", &keys);
    }
    let contact = BillingContact {
        grants: read_grants(&section, "grants", context),
        starts_with_creator: section.flag("starts_with_creator").unwrap_or(true),
        vacant_mail: vacant.map(|role| role.value),
    };
    section.finish();
    Some(contact)
}
