//! Undoes entries of the audit log: the access of a workspace as it was after an earlier one.
//!
//! **Invariant:** the result is the earlier state, or there is none. An entry is undone only where the
//! workspace is as the entry left it, and each revision in between needs an entry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hallpass_engine::{Blueprint, CustomRole, Department, Member, Profile, Team, Workspace};
use serde_json::{Map, Value};

use super::Entry;
use crate::model::Model;
use crate::refusal::Refusal;
use view::{Why, bools, department, member, profile, role, team, texts};

mod view;

/// How many entries are undone at most.
pub const MOST_UNDONE: usize = 10_000;

/// The actions that increase the revision of a workspace.
pub const UNDONE: [&str; 39] = [
    "account.delete",
    "billing.release",
    "billing.transfer",
    "blueprint.replace",
    "department.create",
    "department.delete",
    "department.update",
    "entity.create",
    "entity.delete",
    "entity.update",
    "invitation.accept",
    "member.create",
    "member.deactivate",
    "member.leave",
    "member.reactivate",
    "member.remove",
    "member.update",
    "ownership.transfer",
    "profile.create",
    "profile.delete",
    "profile.update",
    "role.create",
    "role.delete",
    "role.update",
    "settings.authentication",
    "settings.branding",
    "settings.general",
    "settings.integrations",
    "settings.intelligence",
    "settings.modules",
    "settings.security",
    "settings.switches",
    "team.create",
    "team.delete",
    "team.join",
    "team.quit",
    "team.update",
    "workspace.restore",
    "workspace.update",
];

/// The access of a workspace while entries are undone, the latest first.
#[derive(Clone, Debug)]
pub struct Undo {
    blueprint: Arc<Blueprint>,
    switches: BTreeMap<String, bool>,
    entities: BTreeSet<String>,
    roles: BTreeMap<String, CustomRole>,
    profiles: BTreeMap<String, Profile>,
    teams: BTreeMap<String, Team>,
    departments: BTreeMap<String, Department>,
    members: BTreeMap<String, Member>,
    modules: Map<String, Value>,
    /// The lowest revision of which an entry was undone.
    revision: i64,
}

impl Undo {
    /// Begins with a workspace at a revision: its model, the record types that it added, and the settings
    /// of its modules.
    #[must_use]
    pub fn new(
        model: &Model,
        entities: Vec<String>,
        modules: Map<String, Value>,
        revision: i64,
    ) -> Undo {
        let workspace = model.to_workspace(model.blueprint(), entities);
        let members = workspace.members.into_iter().map(view::sorted);
        Undo {
            blueprint: Arc::clone(model.blueprint()),
            switches: workspace.switches.into_iter().collect(),
            entities: workspace.entities.into_iter().collect(),
            roles: by_id(workspace.roles, |role| &role.id),
            profiles: by_id(workspace.profiles, |profile| &profile.id),
            teams: by_id(workspace.teams, |team| &team.id),
            departments: by_id(workspace.departments, |department| &department.id),
            members: by_id(members, |member| &member.id),
            modules,
            // No entry of the present revision has been undone.
            revision: revision.saturating_add(1),
        }
    }

    /// Undoes an entry. The entries of every revision after the earlier state are needed, the latest first.
    ///
    /// # Errors
    ///
    /// `HistoryIncomplete` where the entry does not say what was before, or an entry is missing.
    pub fn undo(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let is_next = entry.revision == self.revision || entry.revision + 1 == self.revision;
        if !is_next {
            return Err(self.incomplete());
        }
        self.revision = entry.revision;
        self.apply(entry).map_err(|why| Refusal::HistoryIncomplete {
            why: format!("the entry `{}` ({}) {why}", entry.id, entry.action),
        })
    }

    /// The model at a revision, and the settings of the modules, once every later entry is undone.
    ///
    /// # Errors
    ///
    /// `HistoryIncomplete` when an entry is missing, or the result does not compile.
    pub fn finish(self, revision: i64) -> Result<(Model, Map<String, Value>), Refusal> {
        if self.revision > revision.saturating_add(1) {
            return Err(self.incomplete());
        }
        let workspace = Workspace {
            switches: self.switches.into_iter().collect(),
            entities: self.entities.into_iter().collect(),
            roles: self.roles.into_values().collect(),
            profiles: self.profiles.into_values().collect(),
            teams: self.teams.into_values().collect(),
            departments: self.departments.into_values().collect(),
            members: self.members.into_values().collect(),
        };
        let model = Model::compile(&self.blueprint, workspace).map_err(|mistakes| {
            Refusal::HistoryIncomplete {
                why: format!("what it gives does not fit: {mistakes}"),
            }
        })?;
        Ok((model, self.modules))
    }

    fn incomplete(&self) -> Refusal {
        let why = format!("no entry says what led to revision {}", self.revision - 1);
        Refusal::HistoryIncomplete { why }
    }

    fn apply(&mut self, entry: &Entry) -> Result<(), Why> {
        if !UNDONE.contains(&entry.action.as_str()) {
            return Err("is of an unknown kind".to_owned());
        }
        let (noun, verb) = entry.action.split_once('.').unwrap_or_default();
        let id = entry.subject.as_str();
        let (was, is) = (&entry.before, &entry.after);
        match (noun, verb) {
            ("account", "delete") | ("member", "remove" | "leave") => {
                turn(&mut self.members, id, member(id, was)?, member(id, is)?.as_ref())?;
                self.assign(id, was)
            }
            ("invitation", "accept") => {
                let joined = entry.actor.map(|id| id.to_string()).unwrap_or_default();
                let joined = self.members.remove(&joined);
                joined.map(drop).ok_or_else(|| "does not say who joined".to_owned())
            }
            ("member" | "ownership", _)
            | ("billing", "transfer" | "release")
            | ("team", "join" | "quit") => {
                turn(&mut self.members, id, member(id, was)?, member(id, is)?.as_ref())
            }
            ("role", _) => turn(&mut self.roles, id, role(id, was)?, role(id, is)?.as_ref()),
            ("profile", _) => {
                turn(&mut self.profiles, id, profile(id, was)?, profile(id, is)?.as_ref())
            }
            ("team", _) => turn(&mut self.teams, id, team(id, was)?, team(id, is)?.as_ref()),
            ("department", _) => turn(
                &mut self.departments,
                id,
                department(id, was)?,
                department(id, is)?.as_ref(),
            ),
            ("entity", "create") if self.entities.remove(id) => Ok(()),
            ("entity", "delete") if self.entities.insert(id.to_owned()) => Ok(()),
            ("entity", "create" | "delete") => Err(other_state()),
            ("settings", "switches") => turn_all(&mut self.switches, bools(was)?, &bools(is)?),
            ("settings", "modules") => {
                let (was, is) = (was.as_object().cloned(), is.as_object().cloned());
                turn_all(&mut self.modules, was.unwrap_or_default(), &is.unwrap_or_default())
            }
            ("blueprint", "replace") => self.replace(was, is),
            // The others change no access.
            _ => Ok(()),
        }
    }

    /// Assigns those to a removed member again who were assigned to them.
    fn assign(&mut self, manager: &str, was: &Value) -> Result<(), Why> {
        let Some(reports) = was.get("reports") else {
            let is_complete = !self.blueprint.has_managers;
            return is_complete
                .then_some(())
                .ok_or_else(|| "does not say who was assigned to the member".to_owned());
        };
        for report in texts(reports)? {
            let report = self.members.get_mut(&report).ok_or_else(other_state)?;
            if report.manager.as_deref().is_some_and(|known| known != manager) {
                return Err(other_state());
            }
            report.manager = Some(manager.to_owned());
        }
        Ok(())
    }

    fn replace(&mut self, was: &Value, is: &Value) -> Result<(), Why> {
        let parse = |value: &Value| {
            let text = value.get("text").and_then(Value::as_str);
            let parsed = text.and_then(|text| Blueprint::parse(text).ok());
            parsed.ok_or_else(|| "has an access model that does not parse".to_owned())
        };
        if parse(is)? != *self.blueprint {
            return Err(other_state());
        }
        let before = parse(was)?;
        match (was.get("switches"), is.get("switches")) {
            (Some(was), Some(is)) => {
                turn_all(&mut self.switches, bools(was)?, &bools(is)?)?;
            }
            _ => {
                let has = |key: &str| self.blueprint.switches.iter().any(|one| one.key == key);
                if before.switches.iter().any(|switch| !has(&switch.key)) {
                    return Err("does not say which switches were on".to_owned());
                }
            }
        }
        self.blueprint = Arc::new(before);
        Ok(())
    }
}

/// Puts what was before in the place of what is, if that is there.
fn turn<T: PartialEq>(
    all: &mut BTreeMap<String, T>,
    id: &str,
    was: Option<T>,
    is: Option<&T>,
) -> Result<(), Why> {
    if all.get(id) != is {
        return Err(other_state());
    }
    match was {
        Some(was) => all.insert(id.to_owned(), was),
        None => all.remove(id),
    };
    Ok(())
}

fn turn_all<T: PartialEq>(all: &mut T, was: T, is: &T) -> Result<(), Why> {
    if all != is {
        return Err(other_state());
    }
    *all = was;
    Ok(())
}

fn other_state() -> Why {
    "has left another state than the one that was found".to_owned()
}

fn by_id<T>(
    all: impl IntoIterator<Item = T>,
    id: impl Fn(&T) -> &String,
) -> BTreeMap<String, T> {
    all.into_iter().map(|one| (id(&one).clone(), one)).collect()
}

#[cfg(test)]
mod tests;
