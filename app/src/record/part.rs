//! The actions of a record type that play a part in the product, by key.
//!
//! A record type without an action for a part has none of the default key either, so the default
//! names an action that no policy grants.

use hallpass_engine::Resource;

/// Returns the action that creates records.
pub(crate) fn creating(resource: &Resource) -> &str {
    resource.key_of(resource.create).unwrap_or("create")
}

/// Returns the action that changes the fields of a record.
pub(crate) fn updating(resource: &Resource) -> &str {
    resource.key_of(resource.update).unwrap_or("update")
}

/// Returns the action that deletes a record.
pub(crate) fn deleting(resource: &Resource) -> &str {
    resource.key_of(resource.delete).unwrap_or("delete")
}

/// Returns the action that shares a record.
pub(crate) fn sharing(resource: &Resource) -> &str {
    resource.key_of(resource.share).unwrap_or_else(|| reading(resource))
}

/// Returns the action that reads records.
pub(crate) fn reading(resource: &Resource) -> &str {
    resource.key_of(resource.read).unwrap_or("read")
}

/// Returns the action that changes the owner of a record.
pub(crate) fn reassigning(resource: &Resource) -> &str {
    resource.key_of(resource.reassign).unwrap_or_else(|| updating(resource))
}

/// Returns the action that changes the owner of a record, where the access model has one for nothing
/// else.
pub(crate) fn assigning(resource: &Resource) -> Option<&str> {
    resource.key_of(resource.reassign.filter(|_| resource.reassign != resource.update))
}

/// Whether an action takes an unowned record.
pub(crate) fn claims(resource: &Resource, action: &str) -> bool {
    resource.key_of(resource.claim) == Some(action)
}
