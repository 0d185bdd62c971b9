//! Resources that are added later, one for each kind: only wildcards grant on them.

use super::Blueprint;
use super::action::Action;
use super::part::Parts;
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
    let position = |key: &str| actions.iter().position(|action| action.key == key);
    // The actions of custom record types come first, so that their positions are the same.
    let declared = blueprint.custom_entities.iter().filter(|_| kind == ResourceKind::Records);
    let declared = declared.map(|rules| rules.parts).next().unwrap_or_default();
    let part = |of: fn(&Resource) -> Option<usize>, key: &str, default: Option<usize>| {
        let named = of_kind().find_map(|known| known.key_of(of(known)).and_then(position));
        named.or(default).or_else(|| position(key))
    };
    let parts = Parts {
        create: part(|known| known.create, "create", declared.create),
        read: part(|known| known.read, "read", declared.read),
        ..declared
    };
    Some(Resource { kind, scoped, ..Resource::custom(&key, &actions, parts) })
}
