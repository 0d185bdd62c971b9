//! A workspace: the tenant.

use hallpass_engine::Blueprint;

use crate::id::WorkspaceId;
use crate::name::Name;
use crate::slug::Slug;
use crate::time::{Span, Timestamp};

/// How long a deleted workspace can be restored.
pub const GRACE: Span = Span::days(30);

/// A workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Workspace {
    /// The id.
    pub id: WorkspaceId,
    /// How it is named in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Goes up with each change of access.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted, while it can be restored.
    pub deleted_at: Option<Timestamp>,
    /// What people set, by area.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// The SHA-256 of its blueprint's text.
    pub blueprint_hash: Vec<u8>,
}

/// Whether an area of the product is open to members at all: deleting and exporting can be kept
/// for the operator (AMB-HARMONY-1), whatever a role grants.
#[must_use]
pub fn is_self_serve(blueprint: &Blueprint, area: &str, verb: &str) -> bool {
    let self_serve = blueprint.membership.self_serve;
    match (area, verb) {
        ("workspace", "delete") => self_serve.delete,
        ("workspace", "export" | "import") => self_serve.export,
        _ => true,
    }
}
