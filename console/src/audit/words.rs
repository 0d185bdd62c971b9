//! Actions of the audit log in words.

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::audit::{ACTIONS, RECORD_VERBS};
use hallpass_domain::setting::Area;
use hallpass_engine::{Resource, ResourceKind};

use crate::format::capital;
use crate::text::{IntoValue as _, Text};

/// An action in words: `member.update` is “Member changed”, `opportunities.create` “Opportunity created”, and
/// `opportunities:delete`, which was denied, “Delete: Opportunities”.
pub(crate) fn in_words(ctx: &WorkspaceContext, text: Text, action: &str) -> String {
    let resources = ctx.policy().resources();
    if let Some((resource, verb)) = action.split_once(':') {
        let known = resources.iter().find(|known| known.key == resource);
        let name = known.map_or(resource, |known| known.name.as_str());
        return format!("{}: {name}", verb_in_words(known, verb));
    }
    let Some((noun, verb)) = action.split_once('.') else { return label(action) };
    if ACTIONS.contains(&action) || (noun == "settings" && Area::parse(verb).is_some()) {
        return text.get(&key(action));
    }
    let records = resources.iter().filter(|known| known.kind == ResourceKind::Records);
    let known = records.into_iter().find(|known| known.key == noun);
    let one = known.map_or_else(|| label(noun), |known| known.one.clone());
    if RECORD_VERBS.contains(&verb) {
        let values = [("one", one.as_str().into_value())];
        return text.with(&key(&format!("record.{verb}")), &values.into_iter().collect());
    }
    format!("{one}: {}", verb_in_words(known, verb))
}

/// An action of [`ACTIONS`] in words; none for another one.
pub(crate) fn action_in_words(text: Text, action: &str) -> Option<String> {
    ACTIONS.contains(&action).then(|| text.get(&key(action)))
}

/// The key of the text of one of [`ACTIONS`], or of a change of an area of settings.
fn key(action: &str) -> String {
    format!("audit-{}", action.replace(['.', '_'], "-"))
}

/// The name of an action of a resource, or the key of one that is no more.
fn verb_in_words(resource: Option<&Resource>, verb: &str) -> String {
    let found = resource.and_then(|known| known.actions.get(known.action(verb)?));
    found.map_or_else(|| label(verb), |found| found.name.clone())
}

/// A key of the API as a label: `api_key` is “API key”.
pub(crate) fn label(key: &str) -> String {
    capital(&key.replace('_', " ")).replacen("Api ", "API ", 1)
}

/// The keys of the texts of this file: tests look for them in every language.
#[cfg(test)]
pub(crate) fn keys() -> impl Iterator<Item = String> {
    let areas = Area::EVERY.iter().map(|area| format!("settings.{}", area.word()));
    let records = RECORD_VERBS.iter().map(|verb| format!("record.{verb}"));
    ACTIONS
        .iter()
        .map(|action| (*action).to_owned())
        .chain(areas)
        .chain(records)
        .map(|one| key(&one))
}
