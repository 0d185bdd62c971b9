//! What an API key may do, in the words of the access model: as it is chosen and as it is listed.

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::api_key::ApiKey;
use hallpass_engine::{Boundary, Resource, ResourceKind};

use crate::form::Form;
use crate::frame::Frame;

/// The scope of a key that reads whatever its member may read.
const READ_ONLY: &str = "*:read";

/// The resources of a kind, with their actions to choose from.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) resources: Vec<Choice>,
}

/// A resource to choose actions of.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) key: String,
    pub(super) name: String,
    /// Each action with the scope that it is, its name, and whether it is chosen.
    pub(super) actions: Vec<(String, String, bool)>,
    /// Whether its records have owners, to whom a key can be limited.
    pub(super) has_owners: bool,
    /// Whether the key is limited to own records.
    pub(super) is_own: bool,
}

/// The resources of a workspace with what a form has chosen.
pub(super) fn groups(ctx: &WorkspaceContext, frame: &Frame, typed: &Form) -> Vec<Group> {
    let titles = [
        (ResourceKind::Records, "matrix-records"),
        (ResourceKind::Modules, "matrix-modules"),
        (ResourceKind::Settings, "matrix-settings"),
    ];
    let chosen: Vec<&str> = typed.every("scope").collect();
    let own: Vec<&str> = typed.every("own").collect();
    let choice = |resource: &Resource| Choice {
        key: resource.key.clone(),
        name: name(ctx, resource),
        actions: resource
            .actions
            .iter()
            .map(|action| {
                let scope = format!("{}:{}", resource.key, action.key);
                let is_chosen = chosen.contains(&scope.as_str());
                (scope, action.name.clone(), is_chosen)
            })
            .collect(),
        has_owners: resource.scoped,
        is_own: own.contains(&resource.key.as_str()),
    };
    let group = |(kind, title)| {
        let known = ctx.policy().resources().iter().filter(|known| known.kind == kind);
        Group { title: frame.t(title), resources: known.map(choice).collect() }
    };
    titles.into_iter().map(group).filter(|group| !group.resources.is_empty()).collect()
}

/// The scopes that a form asks for; none for whatever the member may do. Who ticks permissions means
/// them, so that a key never does more than what was ticked.
pub(super) fn read(form: &Form) -> Option<Vec<String>> {
    match form.text("access") {
        "read" => Some(vec![READ_ONLY.to_owned()]),
        "chosen" => Some(chosen(form)),
        _ => Some(chosen(form)).filter(|chosen| !chosen.is_empty()),
    }
}

/// The scopes that are ticked, one for each resource.
fn chosen(form: &Form) -> Vec<String> {
    let own: Vec<&str> = form.every("own").collect();
    let mut scopes: Vec<(String, Vec<&str>)> = Vec::new();
    for (resource, action) in form.every("scope").filter_map(|scope| scope.split_once(':')) {
        match scopes.iter_mut().find(|(known, _)| known == resource) {
            Some((_, actions)) => actions.push(action),
            None => scopes.push((resource.to_owned(), vec![action])),
        }
    }
    let entry = |(resource, actions): (String, Vec<&str>)| {
        let own = if own.contains(&resource.as_str()) { ":own" } else { "" };
        format!("{resource}:{}{own}", actions.join(","))
    };
    scopes.into_iter().map(entry).collect()
}

/// The boxes that a key has ticked, as fields of the form; none for a key whose scopes no boxes can say.
pub(super) fn ticked(ctx: &WorkspaceContext, key: &ApiKey) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    for entry in key.scopes.iter().flat_map(|scopes| scopes.entries()) {
        let mut parts = entry.split(':');
        let (of, actions) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let known = ctx.policy().resources().iter().find(|known| known.key == of);
        let Some(resource) = known else { return Vec::new() };
        let is_ticked =
            |action: &str| actions == "*" || actions.split(',').any(|a| a == action);
        let ticked = resource.actions.iter().filter(|action| is_ticked(&action.key));
        fields.extend(ticked.map(|action| ("scope", format!("{of}:{}", action.key))));
        if parts.next().is_some() {
            fields.push(("own", of.to_owned()));
        }
    }
    fields
}

/// What a key may do, in words; empty for whatever its member may do.
pub(super) fn describe(ctx: &WorkspaceContext, frame: &Frame, key: &ApiKey) -> Vec<String> {
    let Some(boundary) = &key.scopes else { return Vec::new() };
    boundary.entries().map(|entry| sentence(ctx, frame, boundary, &entry)).collect()
}

/// The wildcards for resources, each with the key of its words.
const WILDCARDS: [(&str, &str); 4] = [
    ("*", "api-key-all-resources"),
    ("@records", "api-key-all-records"),
    ("@modules", "api-key-all-modules"),
    ("@settings", "api-key-all-settings"),
];

/// An entry in words.
fn sentence(ctx: &WorkspaceContext, frame: &Frame, boundary: &Boundary, entry: &str) -> String {
    if entry == READ_ONLY && boundary.entries().count() == 1 {
        return frame.t("api-key-read-only");
    }
    let mut parts = entry.split(':');
    let (key, actions, own) = (parts.next(), parts.next(), parts.next());
    let mut known = ctx.policy().resources().iter();
    let resource = key.and_then(|key| known.find(|known| known.key == key));
    let wildcard = WILDCARDS.iter().find(|(wildcard, _)| key == Some(wildcard));
    let words = match (resource, wildcard) {
        (Some(resource), _) => name(ctx, resource),
        (None, Some((_, words))) => frame.t(words),
        (None, None) => return entry.to_owned(),
    };
    let Some(actions) = actions else { return entry.to_owned() };
    let action = |key: &str| {
        let found = resource
            .and_then(|resource| resource.actions.iter().find(|action| action.key == key));
        found.map_or_else(|| key.to_owned(), |action| action.name.to_lowercase())
    };
    let actions = match actions {
        "*" => frame.t("api-key-every-action"),
        actions => actions.split(',').map(action).collect::<Vec<_>>().join(", "),
    };
    match own {
        Some(_) => text!(frame.text, "api-key-scope-own", resource = words, actions = actions),
        None => text!(frame.text, "api-key-scope", resource = words, actions = actions),
    }
}

fn name(ctx: &WorkspaceContext, resource: &Resource) -> String {
    let own = ctx.snapshot().record_type(&resource.key);
    own.map_or_else(|| resource.name.clone(), |own| own.name)
}
