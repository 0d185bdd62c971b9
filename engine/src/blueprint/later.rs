//! Resources that are added later, one for each kind: only wildcards grant on them.

use super::Blueprint;
use super::action::Action;
use super::resource::Resource;
use crate::grant::ResourceKind;

/// For each kind of resource one that represents those added later, by a workspace or by another
/// version of the access model. It has every action of its kind. Its key, such as `@records`, is
/// the wildcard that grants on it; no resource can have that key.
pub(crate) fn resources(blueprint: &Blueprint) -> impl Iterator<Item = Resource> {
    ResourceKind::EVERY.into_iter().filter_map(|kind| resource(blueprint, kind))
}

fn resource(blueprint: &Blueprint, kind: ResourceKind) -> Option<Resource> {
    let of_kind = || blueprint.resources.iter().filter(move |known| known.kind == kind);
    let added = blueprint.custom_entities.iter().filter(|_| kind == ResourceKind::Records);
    let declared = added.flat_map(|rules| &rules.actions);
    let mut actions: Vec<Action> = Vec::new();
    for action in declared.chain(of_kind().flat_map(|known| &known.actions)) {
        if !actions.iter().any(|known| known.key == action.key) {
            actions.push(action.clone());
        }
    }
    if actions.is_empty() {
        return None;
    }
    let scoped = kind == ResourceKind::Records || of_kind().any(|known| known.scoped);
    let key = format!("@{}", kind.word());
    let mut resource = Resource { kind, scoped, ..Resource::custom(&key, &actions) };
    let reads = of_kind().filter_map(|known| known.actions.get(known.read?));
    resource.read =
        reads.map(|read| resource.action(&read.key)).next().unwrap_or(resource.read);
    Some(resource)
}
