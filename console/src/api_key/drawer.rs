//! The drawer in which an API key is edited.

use super::scope::Group;
use crate::faults::Faults;

/// The drawer.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(super) title: String,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) name: String,
    /// The expiries to choose from, with their names, and whether one is chosen.
    pub(super) expiries: Vec<(String, String, bool)>,
    /// What it may do now, in words; empty for whatever its member may do.
    pub(super) scopes: Vec<String>,
    /// What it may do then: `keep`, `all`, `read` or `chosen`.
    pub(super) access: String,
    pub(super) groups: Vec<Group>,
    /// The boxes that are ticked by what is saved, as fields of the form.
    pub(super) ticked: Vec<(&'static str, String)>,
    pub(super) networks: String,
    pub(super) version: String,
    pub(super) made_from: String,
    pub(super) faults: Faults,
}

#[cfg(test)]
impl Edit {
    pub(super) fn sample(groups: Vec<Group>) -> Edit {
        Edit {
            title: "<script>".into(),
            action: "#".into(),
            back: "#".into(),
            name: "<script>".into(),
            expiries: vec![("keep".into(), "<script>".into(), true)],
            scopes: vec!["<script>: read".into()],
            access: "chosen".into(),
            groups,
            ticked: vec![("scope", "contacts:read".into())],
            networks: "<script>".into(),
            version: "1".into(),
            made_from: "name=x".into(),
            faults: Faults::field("name", "<script>".into()),
        }
    }
}
