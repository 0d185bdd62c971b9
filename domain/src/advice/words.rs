//! Acts as sentences: "An Admin or the Owner can add Ben to the team North".

use hallpass_engine::{Describe, Holders, Names, Scope};

use super::Act;
use super::edit::Edit;
use crate::id::MemberId;
use crate::model::Model;

impl Act {
    /// The act as a sentence, with who may do it.
    #[must_use]
    pub fn sentence(&self, model: &Model, names: &dyn Names) -> String {
        let grantors = capitalized(&self.grantors(model, names));
        format!("{grantors} can {}", self.edit.phrase(model, names))
    }

    /// The roles whose holders may do it: "an Admin or the Owner".
    #[must_use]
    pub fn grantors(&self, model: &Model, names: &dyn Names) -> String {
        let named = self.roles.iter().rev().map(|role| with_article(model, names, role));
        let named: Vec<String> = named.collect();
        match named.as_slice() {
            [] => "the operator".to_owned(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        }
    }
}

impl Edit {
    /// The edit as a verb phrase.
    #[must_use]
    pub fn phrase(&self, model: &Model, names: &dyn Names) -> String {
        let member = |id: &MemberId| names.member(&id.to_string());
        let describe = Describe::new(model.policy(), names);
        let permissions = |cells: &[(String, String)], scope: Scope| {
            let known = cells.iter().filter_map(|(resource, action)| {
                let cell = model.policy().cell(resource, action)?;
                Some(describe.permission(cell, scope))
            });
            known.collect::<Vec<_>>().join(" and ")
        };
        match self {
            Edit::Level { member: id, resource, level } => {
                let resources = model.policy().resources();
                let resource = resources.iter().find(|known| known.key == *resource);
                let on = resource.map_or("", |known| known.name.as_str());
                let at = resource.and_then(|known| known.ladder.get(known.level(level)?));
                let to = at.map_or(level.as_str(), |level| level.name.as_str());
                format!("set the level of {} for {on} to {to}", member(id))
            }
            Edit::Visibility { member: id, visibility } => {
                let to = capitalized(visibility.scope().word());
                format!("set the visibility of {} to {to}", member(id))
            }
            Edit::Reactivate { member: id } => format!("reactivate {}", member(id)),
            Edit::Join { member: id, team } => {
                format!("add {} to the team {}", member(id), names.team(&team.to_string()))
            }
            Edit::Role { member: id, role } => {
                format!("give {} the role {}", member(id), role_name(model, names, role))
            }
            Edit::Assign { member: id, manager } => {
                format!("assign {} to {}", member(id), member(manager))
            }
            Edit::Department { member: id, other } => {
                format!("move {} to the department of {}", member(id), member(other))
            }
            Edit::Sharing { team, sharing } => {
                let to = capitalized(sharing.scope().word());
                let team = names.team(&team.to_string());
                format!("set the record sharing of the team {team} to {to}")
            }
            Edit::Profile { profile, cells, scope } => {
                let profile = names.profile(&profile.to_string());
                format!("let the profile {profile} {}", permissions(cells, *scope))
            }
            Edit::Grants { role, cells, scope } => {
                let role = names.role(&role.to_string());
                format!("let the role {role} {}", permissions(cells, *scope))
            }
            Edit::Module { key } => {
                let mut known = model.policy().resources().iter();
                let known = known.find(|known| known.key == *key);
                format!("switch {} on", known.map_or(key.as_str(), |known| known.name.as_str()))
            }
            Edit::Switch { key, on } => {
                let mut known = model.blueprint().switches.iter();
                let switch = known.find(|known| known.key == *key);
                let name = switch.map_or(key.as_str(), |known| known.name.as_str());
                format!("turn the switch \"{name}\" {}", if *on { "on" } else { "off" })
            }
        }
    }
}

fn role_name(model: &Model, names: &dyn Names, role: &str) -> String {
    let built_in = model.blueprint().role(role).map(|role| role.name.clone());
    built_in.unwrap_or_else(|| names.role(role))
}

fn with_article(model: &Model, names: &dyn Names, role: &str) -> String {
    let name = role_name(model, names, role);
    let is_one = model.blueprint().role(role).is_some_and(|role| role.holders == Holders::One);
    let is_vowel = name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']);
    let article = match (is_one, is_vowel) {
        (true, _) => "the",
        (false, true) => "an",
        (false, false) => "a",
    };
    format!("{article} {name}")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
