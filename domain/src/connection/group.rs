//! Groups of an identity provider, and the roles, levels and teams that they give.
//!
//! **Invariant:** a mapping takes away only what it has given, and a role or levels that a person gave to a
//! member are not replaced.

use hallpass_engine::Blueprint;
use serde::{Deserialize, Serialize};

use crate::id::{MemberId, TeamId};
use crate::member::{MemberAccess, MemberAccessChange};
use crate::refusal::{FieldError, Refusal};

/// How many rules a mapping has at most.
pub const MOST_RULES: usize = 200;

/// How many teams a rule gives at most.
pub const MOST_TEAMS: usize = 50;

/// The longest name of a group or a claim, in bytes.
pub const LONGEST: usize = 256;

/// The claim that has the groups, where the connection does not say another.
pub const CLAIM: &str = "groups";

/// The levels that a rule gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenLevels {
    /// Those of a preset, by its key.
    Preset(String),
    /// Resource and level, by key.
    Own(Vec<(String, String)>),
}

impl GivenLevels {
    /// The levels in an access model, in order; none for a preset that it does not have.
    #[must_use]
    pub fn resolve(&self, blueprint: &Blueprint) -> Option<Vec<(String, String)>> {
        match self {
            GivenLevels::Preset(key) => Some(sorted(&blueprint.preset(key)?.levels)),
            GivenLevels::Own(levels) => Some(sorted(levels)),
        }
    }
}

/// Levels in order, without those that are none.
fn sorted(levels: &[(String, String)]) -> Vec<(String, String)> {
    let mut sorted: Vec<_> = levels.iter().filter(|(_, one)| one != "none").cloned().collect();
    sorted.sort_unstable();
    sorted
}

/// What a group of the provider gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// The group, as the provider sends it: a name or an id. Case matters.
    pub group: String,
    /// The role: the key of a built-in one, or the id.
    pub role: Option<String>,
    /// The levels.
    #[serde(default)]
    pub levels: Option<GivenLevels>,
    /// The teams.
    pub teams: Vec<TeamId>,
    /// The member who wrote it, and whose own rights limit it.
    pub author: MemberId,
}

impl GroupRule {
    /// Whether another rule says the same.
    #[must_use]
    pub fn says_the_same(&self, other: &GroupRule) -> bool {
        self.group == other.group
            && self.role == other.role
            && self.levels == other.levels
            && self.teams == other.teams
    }
}

/// The groups of a provider that give roles, levels and teams, the first rule first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMapping {
    /// The claim, or the attribute, that has the groups.
    pub claim: String,
    /// The rules, in order: of several that give a role, the first counts, and so for levels.
    pub rules: Vec<GroupRule>,
}

impl Default for GroupMapping {
    fn default() -> GroupMapping {
        GroupMapping { claim: CLAIM.to_owned(), rules: Vec::new() }
    }
}

impl GroupMapping {
    /// Checks the texts and the numbers.
    ///
    /// # Errors
    ///
    /// `Fields` with every mistake.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        let mut text = |pointer: String, value: &str| {
            let is_accepted = !value.is_empty()
                && value.len() <= LONGEST
                && value.trim() == value
                && !value.chars().any(char::is_control);
            if !is_accepted {
                let detail = format!("expected 1 to {LONGEST} bytes in one line");
                errors.push(FieldError::new(pointer, "bad_text", detail));
            }
        };
        text("/claim".to_owned(), &self.claim);
        for (at, rule) in self.rules.iter().enumerate() {
            text(format!("/rules/{at}/group"), &rule.group);
        }
        if self.rules.len() > MOST_RULES {
            let detail = format!("expected at most {MOST_RULES} rules");
            errors.push(FieldError::new("/rules", "too_many", detail));
        }
        for (at, rule) in self.rules.iter().enumerate() {
            if rule.role.is_none() && rule.levels.is_none() && rule.teams.is_empty() {
                let detail = "a rule gives a role, levels or teams";
                errors.push(FieldError::new(format!("/rules/{at}"), "gives_nothing", detail));
            }
            if rule.teams.len() > MOST_TEAMS {
                let detail = format!("expected at most {MOST_TEAMS} teams");
                errors.push(FieldError::new(format!("/rules/{at}/teams"), "too_many", detail));
            }
            let earlier = self.rules.iter().take(at);
            if earlier.into_iter().any(|other| other.group == rule.group) {
                let detail = format!("the group `{}` has a rule already", rule.group);
                errors.push(FieldError::new(format!("/rules/{at}/group"), "repeated", detail));
            }
        }
        Refusal::unless_valid(errors)
    }

    /// The rules for a person with some groups.
    pub fn matching<'m>(
        &'m self,
        groups: &'m [String],
    ) -> impl Iterator<Item = &'m GroupRule> + 'm {
        self.rules.iter().filter(|rule| groups.contains(&rule.group))
    }
}

/// What a mapping gives a member, by the rules that are in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The role.
    pub role: Option<String>,
    /// The levels, in order.
    #[serde(default)]
    pub levels: Option<Vec<(String, String)>>,
    /// The teams, in order.
    pub teams: Vec<TeamId>,
}

impl Assignment {
    /// What rules give together in an access model: the role of the first that has one, the levels of the
    /// first that has some, and the teams of all.
    #[must_use]
    pub fn of<'r>(
        blueprint: &Blueprint,
        rules: impl IntoIterator<Item = &'r GroupRule>,
    ) -> Assignment {
        let mut assignment = Assignment::default();
        for rule in rules {
            assignment.role = assignment.role.or_else(|| rule.role.clone());
            let levels = || rule.levels.as_ref()?.resolve(blueprint);
            assignment.levels = assignment.levels.or_else(levels);
            assignment.teams.extend(&rule.teams);
        }
        assignment.teams.sort_unstable();
        assignment.teams.dedup();
        assignment
    }

    /// What follows for a member to whom the mapping gave `before`, and gives this now.
    #[must_use]
    pub fn follow(&self, before: &Assignment, access: &MemberAccess) -> Following {
        let is_managed = before.role.as_ref() == Some(&access.role);
        if is_managed && self.role.is_none() {
            return Following::Ends;
        }
        let present_levels = sorted(&access.levels);
        // Levels that a person chose stay; who has none gets those of the groups.
        let follows =
            present_levels.is_empty() || before.levels.as_ref() == Some(&present_levels);
        let levels = self.levels.clone().filter(|_| follows);
        let next_levels = levels.clone().or_else(|| follows.then(Vec::new));
        let given = Assignment {
            role: self.role.clone().filter(|_| is_managed),
            levels,
            // A team that a person gave stays when the group is left.
            teams: self
                .teams
                .iter()
                .filter(|team| before.teams.contains(team) || !access.teams.contains(team))
                .copied()
                .collect(),
        };
        let mut present = access.teams.clone();
        present.sort_unstable();
        let mut teams = present.clone();
        teams.retain(|team| self.teams.contains(team) || !before.teams.contains(team));
        teams.extend(&self.teams);
        teams.sort_unstable();
        teams.dedup();
        let change = MemberAccessChange {
            role: given.role.clone().filter(|role| *role != access.role),
            levels: next_levels.filter(|levels| *levels != present_levels),
            teams: Some(teams).filter(|teams| *teams != present),
            ..MemberAccessChange::default()
        };
        Following::Goes { change: Box::new(change), given }
    }
}

/// What follows from the groups of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Following {
    /// They are a member as before, or with another role, other levels or other teams.
    Goes {
        /// What changes; it may be nothing.
        change: Box<MemberAccessChange>,
        /// What the mapping has given them afterwards.
        given: Assignment,
    },
    /// The mapping gave the role, and gives none any more: the membership ends.
    Ends,
}

#[cfg(test)]
mod tests;
