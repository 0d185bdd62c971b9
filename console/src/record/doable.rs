//! What the reader may do to a record, beside what has a form of its own.

use hallpass_app::record::RecordDetails;
use hallpass_engine::Resource;

use super::kind::Kind;

/// An action that the reader may do to a record.
#[derive(Clone, Debug)]
pub(crate) struct Doable {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Whether it asks for a text first.
    pub(crate) asks: bool,
}

impl Doable {
    #[cfg(test)]
    pub(crate) fn sample() -> Doable {
        Doable { key: "reply".to_owned(), name: "<script>".to_owned(), asks: true }
    }
}

/// Whether an action has a form of its own on the page.
fn has_form(resource: &Resource, key: &str) -> bool {
    let parts = [
        resource.create,
        resource.read,
        resource.update,
        resource.delete,
        resource.reassign,
        resource.share,
    ];
    let stages = resource.stages.iter().map(|stage| stage.by);
    let mut known = parts.into_iter().chain(stages);
    known.any(|part| resource.key_of(part) == Some(key))
}

/// The actions that the reader may do to a record.
pub(crate) fn doable(kind: &Kind, details: &RecordDetails) -> Vec<Doable> {
    let resource = &kind.resource;
    let own = details.allowed.iter().filter(|key| !has_form(resource, key));
    let doable = own.map(|key| Doable {
        name: kind.action_name(key),
        asks: resource.key_of(resource.claim) != Some(key),
        key: key.clone(),
    });
    doable.collect()
}
