//! One noun, one file in each layer.
//!
//! A noun of the API has a file of the same name in `app`; a noun of the store has one in `app` or in
//! `domain`.

use super::repository::{Repository, Violation};
use crate::tree::File;

/// Files of a layer that are not about a noun: its infrastructure.
const GROUND: [(&str, &[&str]); 4] = [
    ("domain/src/", &["lib", "id", "time", "name", "refusal", "model", "folder"]),
    (
        "store/src/",
        &[
            "lib",
            "checkup",
            "columns",
            "copy",
            "counter_cache",
            "db",
            "dialect",
            "error",
            "load",
            "file",
            "highest_id",
            "migration",
            "open",
            "options",
            "part",
            "postgres",
            "query",
            "reader",
            "row",
            "sqlite",
            "secret",
            "server_lock",
            "statement",
            "share",
            "throttle",
            "tx",
            "value",
            "workspace_tx",
        ],
    ),
    (
        "app/src/",
        &[
            "lib",
            "app",
            "context",
            "environment",
            "error",
            "gate",
            "hasher",
            "mailer",
            "principal",
            "secret",
            "snapshot",
        ],
    ),
    ("web/src/rest/", &["blueprint"]),
];

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    let nouns = |layer: &str| -> Vec<(&File, &str)> {
        let files = all.rust.iter().map(|source| &source.file);
        files.filter_map(|file| Some((file, noun(file, layer)?))).collect()
    };
    let (domain, store) = (nouns("domain/src/"), nouns("store/src/"));
    let (app, web) = (nouns("app/src/"), nouns("web/src/rest/"));
    let mut found = Vec::new();
    for (file, noun) in &web {
        if !has(&app, noun) {
            let message = format!("the API has `{noun}`, but there is no `app/src/{noun}.rs`");
            found.push(Violation::new(file, 1, message));
        }
    }
    for (file, noun) in &store {
        if !has(&app, noun) && !has(&domain, noun) {
            let message = format!(
                "the store has `{noun}`, but neither `app/src/` nor `domain/src/` does"
            );
            found.push(Violation::new(file, 1, message));
        }
    }
    let layers = domain.iter().chain(&store).chain(&app).chain(&web);
    for (file, noun) in layers {
        let singular = noun.strip_suffix('s').filter(|rest| !rest.ends_with('s'));
        let Some(singular) = singular.filter(|word| *word != "acces") else { continue };
        let message = format!("nouns are singular in file names: `{singular}.rs`");
        found.push(Violation::new(file, 1, message));
    }
    found
}

fn has(layer: &[(&File, &str)], noun: &str) -> bool {
    layer.iter().any(|(_, known)| *known == noun)
}

/// Returns the noun of a file directly in the folder of a layer.
fn noun<'f>(file: &'f File, layer: &str) -> Option<&'f str> {
    let name = file.path.strip_prefix(layer)?.strip_suffix(".rs")?;
    let ground = GROUND.iter().find(|(known, _)| *known == layer);
    let is_ground = ground.is_some_and(|(_, names)| names.contains(&name));
    (!name.contains('/') && !is_ground).then_some(name)
}

#[cfg(test)]
mod tests;
