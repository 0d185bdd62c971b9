//! How a workspace is found by its slug.

/// The id of the workspace with a slug, or else of the one that had it.
pub(crate) fn by_slug(parameter: &str) -> String {
    format!(
        "COALESCE((SELECT id FROM workspaces WHERE slug = {parameter}), \
         (SELECT workspace_id FROM former_slugs WHERE slug = {parameter}))"
    )
}
