//! The elevator rule: one noun, one name, one file on each floor.
//!
//! A noun that the API speaks of is acted on by the file of the same name below it; a noun that the
//! store remembers is acted on, or at least known to the rules, under the same name.

use super::Violation;
use crate::tree::File;

/// Files of a floor that are about no noun: what it is built of.
const GROUND: [(&str, &[&str]); 4] = [
    ("domain/src/", &["lib", "id", "time", "name", "refusal", "model", "folder"]),
    (
        "store/src/",
        &[
            "lib",
            "db",
            "dialect",
            "error",
            "migration",
            "postgres",
            "query",
            "sqlite",
            "tx",
            "value",
        ],
    ),
    (
        "app/src/",
        &[
            "lib", "caller", "error", "gate", "hasher", "house", "mailer", "outside", "secret",
            "snapshot", "visit",
        ],
    ),
    ("web/src/rest/", &["blueprint"]),
];

pub(super) fn check(files: &[File]) -> Vec<Violation> {
    let nouns = |floor: &str| -> Vec<(&File, &str)> {
        files.iter().filter_map(|file| Some((file, noun(file, floor)?))).collect()
    };
    let (domain, store) = (nouns("domain/src/"), nouns("store/src/"));
    let (app, web) = (nouns("app/src/"), nouns("web/src/rest/"));
    let mut found = Vec::new();
    for (file, noun) in &web {
        if !has(&app, noun) {
            let message = format!("`{noun}` has no `app/src/{noun}.rs`: who acts on it?");
            found.push(Violation::new(file, 1, message));
        }
    }
    for (file, noun) in &store {
        if !has(&app, noun) && !has(&domain, noun) {
            let message =
                format!("`{noun}` is remembered, but no `app/src/{noun}.rs` acts on it");
            found.push(Violation::new(file, 1, message));
        }
    }
    let all = domain.iter().chain(&store).chain(&app).chain(&web);
    for (file, noun) in all {
        let singular = noun.strip_suffix('s').filter(|rest| !rest.ends_with('s'));
        let Some(singular) = singular.filter(|word| *word != "acces") else { continue };
        let message = format!("nouns are singular in file names: `{singular}.rs`");
        found.push(Violation::new(file, 1, message));
    }
    found
}

fn has(floor: &[(&File, &str)], noun: &str) -> bool {
    floor.iter().any(|(_, known)| *known == noun)
}

/// The noun that a file at the top of a floor is about.
fn noun<'f>(file: &'f File, floor: &str) -> Option<&'f str> {
    let name = file.path.strip_prefix(floor)?.strip_suffix(".rs")?;
    let ground = GROUND.iter().find(|(known, _)| *known == floor);
    let is_ground = ground.is_some_and(|(_, names)| names.contains(&name));
    (!name.contains('/') && !is_ground).then_some(name)
}

#[cfg(test)]
mod tests;
