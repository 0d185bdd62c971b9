//! Describes decisions in English sentences.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::explain::{Explanation, Step};
use crate::grant_source::{GrantSource, Restriction, SourcedGrant};
use crate::need::Need;
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::{Scope, Scopes};

/// The names of members, teams, profiles and custom roles. The engine knows only their ids, which
/// are the default.
pub trait Names {
    /// The name of a member.
    fn member(&self, id: &str) -> String {
        id.to_owned()
    }
    /// The name of a team.
    fn team(&self, id: &str) -> String {
        id.to_owned()
    }
    /// The name of a profile.
    fn profile(&self, id: &str) -> String {
        id.to_owned()
    }
    /// The name of a custom role.
    fn role(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// Uses ids as names.
pub struct Ids;

impl Names for Ids {}

/// Describes the decisions of a policy in sentences.
pub struct Describe<'p> {
    policy: &'p Policy,
    names: &'p dyn Names,
}

impl<'p> Describe<'p> {
    /// Describes the decisions of a policy with names.
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (ben, read) = (policy.member("ben").unwrap(), policy.cell("contacts", "read").unwrap());
    /// let why = policy.explain(ben, read, Target::OwnedBy(ben));
    /// let describe = Describe::new(&policy, &Ids);
    /// assert_eq!(describe.summary(&why), "ben may read contacts because ben owns the record");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn new(policy: &'p Policy, names: &'p dyn Names) -> Describe<'p> {
        Describe { policy, names }
    }

    /// The decision and its reason in one sentence.
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (ben, delete) = (policy.member("ben").unwrap(), policy.cell("deals", "delete").unwrap());
    /// let why = policy.explain(ben, delete, Target::OwnedBy(ben));
    /// let summary = Describe::new(&policy, &Ids).summary(&why);
    /// assert_eq!(summary, "ben may not delete deals: ben has no grant for it");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn summary(&self, why: &Explanation<'_>) -> String {
        let member = self.member(why);
        let action = self.action(why.cell);
        if why.allowed {
            return format!("{member} may {action} because {}", self.admitted(why));
        }
        let reason = match why.steps.as_slice() {
            [Step::Status { is_active: false }, ..] => format!("{member} is not active"),
            steps => self.lacking(why, steps),
        };
        format!("{member} may not {action}: {reason}")
    }

    /// What a denied decision lacks: a grant on the action or on the read action, or its scope.
    fn lacking(&self, why: &Explanation<'_>, steps: &[Step<'_>]) -> String {
        let is_read = |step: &&Step<'_>| matches!(step, Step::ReadRequired(_));
        let requested: Vec<_> = steps.iter().take_while(|step| !is_read(step)).collect();
        let read: Vec<_> = steps.iter().skip_while(|step| !is_read(step)).collect();
        let admits = |step: &&Step<'_>| matches!(step, Step::Tried { admits: true, .. });
        let (steps, prefix) = match read.first() {
            Some(Step::ReadRequired(cell)) if requested.iter().any(admits) => {
                (read, format!("this also requires permission to {}, and ", self.action(*cell)))
            }
            Some(_) | None => (requested, String::new()),
        };
        let member = self.member(why);
        if steps.iter().any(|step| matches!(step, Step::NotGranted(_))) {
            return format!("{prefix}{member} has no grant for it");
        }
        let records = match why.target {
            Target::Any => "any record".to_owned(),
            Target::OwnedBy(_) => format!("the records of {}", self.owner(why)),
            Target::Unowned => "records without an owner".to_owned(),
            Target::OwnedByNonMember => "records of non-members".to_owned(),
        };
        format!("{prefix}the grants of {member} do not cover {records}")
    }

    /// Why a grant admits the target.
    fn admitted(&self, why: &Explanation<'_>) -> String {
        let requested =
            why.steps.iter().take_while(|step| !matches!(step, Step::ReadRequired(_)));
        let admitting = requested.filter_map(|step| match step {
            Step::Tried { through, relation, admits: true } => Some((*through, *relation)),
            Step::Tried { .. }
            | Step::Status { .. }
            | Step::Requested(_)
            | Step::ReadRequired(_)
            | Step::Granted(_)
            | Step::NotGranted(_) => None,
        });
        let relations: Vec<_> = admitting.collect();
        // That the member owns the record is the most specific reason.
        let own = relations.iter().find(|(_, relation)| *relation == Relations::SELF);
        match own.or(relations.first()) {
            Some((through, relation)) if why.target != Target::Any => {
                self.holding(why, *through, *relation)
            }
            Some(_) | None => "a grant allows it".to_owned(),
        }
    }

    /// A relation that holds, as a clause.
    fn holding(
        &self,
        why: &Explanation<'_>,
        through: Option<&str>,
        relation: Relations,
    ) -> String {
        let (member, owner) = (self.member(why), self.owner(why));
        let team = through.map_or_else(
            || format!("a team of {member}"),
            |id| format!("team {}", self.names.team(id)),
        );
        match relation {
            Relations::ALL => "a grant covers every record".to_owned(),
            Relations::SELF => format!("{member} owns the record"),
            Relations::ASSIGNED => format!("{owner} is assigned to {member}"),
            Relations::TEAM => format!("{owner} is in {team}"),
            Relations::DEPARTMENT => {
                format!("{owner} is in the department of {member}, or below it")
            }
            Relations::ASSIGNED_IN_DEPARTMENT => {
                format!("{owner} is assigned to {member} and in their department")
            }
            Relations::TEAM_IN_DEPARTMENT => {
                format!("{owner} is in {team} and in the department of {member}")
            }
            Relations::UNOWNED => "the record has no owner".to_owned(),
            _ => "a grant allows it".to_owned(),
        }
    }

    /// A step in one sentence.
    #[must_use]
    pub fn step(&self, why: &Explanation<'_>, step: &Step<'_>) -> String {
        let member = self.member(why);
        match step {
            Step::Status { is_active: true } => format!("{member} is an active member"),
            Step::Status { is_active: false } => {
                format!("{member} is not active, so every action is denied")
            }
            Step::Requested(cell) => format!("To {}:", self.action(*cell)),
            Step::ReadRequired(cell) => {
                format!(
                    "Changing a record also requires reading it. To {}:",
                    self.action(*cell)
                )
            }
            Step::Granted(grant) => self.grant(grant),
            Step::NotGranted(cell) => {
                format!("{member} has no grant to {}", self.action(*cell))
            }
            Step::Tried { through, relation, admits } => {
                self.tried(why, *through, *relation, *admits)
            }
        }
    }

    /// A grant with its source: "Role Manager grants it for own records and assigned users' records".
    #[must_use]
    pub fn grant(&self, grant: &SourcedGrant<'_>) -> String {
        let scopes = scopes_in_words(grant.scopes);
        let source = self.source(&grant.source);
        match grant.restriction {
            None => format!("{source} grants it for {scopes}"),
            Some(Restriction::Sharing(sharing)) => {
                let ceiling = scopes_in_words(sharing.scope().into());
                format!("{source} grants it for {scopes}; the team shares {ceiling} at most")
            }
            Some(Restriction::Visibility(level)) => {
                let bound = scopes_in_words(level.scope().into());
                format!("{source} grants it for {scopes}; visibility limits that to {bound}")
            }
        }
    }

    /// The name of a source: "Role Manager", "Profile Finance of team Billing".
    #[must_use]
    pub fn source(&self, source: &GrantSource<'_>) -> String {
        let blueprint = self.policy.blueprint();
        match source {
            GrantSource::Role(id) => {
                let built_in = blueprint.role(id).map(|role| role.name.clone());
                format!("Role {}", built_in.unwrap_or_else(|| self.names.role(id)))
            }
            GrantSource::Profile { profile, team } => {
                format!(
                    "Profile {} of team {}",
                    self.names.profile(profile),
                    self.names.team(team)
                )
            }
            GrantSource::Level(level) => format!("Level {}", level.name),
            GrantSource::BillingContact => "The billing contact flag".to_owned(),
            GrantSource::Unowned => format!("The blueprint {}", blueprint.name),
            GrantSource::Switch(key) => {
                let named = blueprint.switches.iter().find(|switch| switch.key == **key);
                format!("Switch \"{}\"", named.map_or(*key, |switch| switch.name.as_str()))
            }
        }
    }

    fn tried(
        &self,
        why: &Explanation<'_>,
        through: Option<&str>,
        relation: Relations,
        admits: bool,
    ) -> String {
        let team = through.map_or_else(
            || "their teams".to_owned(),
            |id| format!("team {}", self.names.team(id)),
        );
        let records = match relation {
            Relations::ALL => "Every record".to_owned(),
            Relations::SELF => "Own records".to_owned(),
            Relations::ASSIGNED => "Assigned users".to_owned(),
            Relations::TEAM => format!("Members of {team}"),
            Relations::DEPARTMENT => "Own department and those below it".to_owned(),
            Relations::ASSIGNED_IN_DEPARTMENT => "Assigned users in the department".to_owned(),
            Relations::TEAM_IN_DEPARTMENT => format!("Members of {team} in the department"),
            Relations::UNOWNED => "Records without an owner".to_owned(),
            _ => "Any record".to_owned(),
        };
        if why.target == Target::Any {
            return format!("{records}: granted");
        }
        let answer = if admits { "yes" } else { "no" };
        format!("{records}: {answer}, {}", self.target(why))
    }

    /// What would allow a denied decision: one sentence for each action that lacks a sufficient grant.
    /// Empty when the decision is allowed.
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let (ben, read) = (policy.member("ben").unwrap(), policy.cell("contacts", "read").unwrap());
    /// let why = policy.explain(ben, read, Target::OwnedBy(anna));
    /// let needs = Describe::new(&policy, &Ids).needs(&why);
    /// assert_eq!(needs, ["It would need a team whose profile has `contacts:read:all`"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn needs(&self, why: &Explanation<'_>) -> Vec<String> {
        let mut cells: Vec<Cell> = why.would_need.iter().map(Need::cell).collect();
        cells.dedup();
        let need = |cell: &Cell| {
            let needs = why.would_need.iter().filter(|need| need.cell() == *cell);
            let needs: Vec<String> = needs.map(|need| self.need(need)).collect();
            format!("It would need {}", needs.join(" or "))
        };
        cells.iter().map(need).collect()
    }

    fn need(&self, need: &Need<'_>) -> String {
        let (resource, action) = self.policy.keys(need.cell());
        let grant = |scope: &Scope| format!("`{resource}:{action}:{scope}`");
        match need {
            Need::Grant { scope, visibility: None, .. } => grant(scope),
            Need::Grant { scope, visibility: Some(visibility), .. } => {
                format!("{} with the visibility `{visibility}`", grant(scope))
            }
            Need::Role { scope, .. } => format!("a role with {}", grant(scope)),
            Need::Visibility { visibility, .. } => format!("the visibility `{visibility}`"),
            Need::Profile { scope, team, has_profile, sharing, .. } => {
                let (grant, team) = (grant(scope), self.names.team(team));
                let place = if *has_profile {
                    format!("{grant} in the profile of team {team}")
                } else {
                    format!("a profile of team {team} with {grant}")
                };
                match sharing {
                    None => place,
                    Some(sharing) => format!("{place} and the record sharing `{sharing}`"),
                }
            }
            Need::Team { scope, .. } => format!("a team whose profile has {}", grant(scope)),
        }
    }

    /// An action as a verb phrase, in the names of the blueprint: "read contacts".
    fn action(&self, cell: Cell) -> String {
        let (resource_key, action_key) = self.policy.keys(cell);
        let resource = self.policy.resources().iter().find(|known| known.key == resource_key);
        let Some(resource) = resource else { return action_key.to_owned() };
        let names = resource.actions.iter().map(|action| uncapitalized(&action.name));
        let action = resource.actions.iter().position(|action| action.key == action_key);
        let action = action.and_then(|at| names.clone().nth(at)).unwrap_or_default();
        verb_phrase(&action, &uncapitalized(&resource.name), names)
    }

    fn member(&self, why: &Explanation<'_>) -> String {
        self.names.member(self.policy.id(why.member))
    }

    fn owner(&self, why: &Explanation<'_>) -> String {
        match why.target {
            Target::OwnedBy(owner) => self.names.member(self.policy.id(owner)),
            Target::Any | Target::Unowned | Target::OwnedByNonMember => "the owner".to_owned(),
        }
    }

    fn target(&self, why: &Explanation<'_>) -> String {
        match why.target {
            Target::Any => "any record".to_owned(),
            Target::OwnedBy(_) => format!("the owner is {}", self.owner(why)),
            Target::Unowned => "it has no owner".to_owned(),
            Target::OwnedByNonMember => "the owner is not a member".to_owned(),
        }
    }
}

/// Joins the names of an action and a resource. Some names are phrases already, as in the action
/// "Send broadcasts" or the resource "Delete organization", and need another form.
fn verb_phrase(
    action: &str,
    resource: &str,
    mut actions: impl Iterator<Item = String>,
) -> String {
    let first = resource.split(' ').next().unwrap_or_default();
    if first == action {
        return resource.to_owned();
    }
    if action.contains(' ') && action.split(' ').any(|word| word == resource) {
        return action.to_owned();
    }
    if action.contains(' ') || actions.any(|action| action == first) {
        return format!("{action} in {resource}");
    }
    format!("{action} {resource}")
}

/// Lowers the first letter, except in words such as "AI" and "API".
fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return name.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

fn scopes_in_words(scopes: Scopes) -> String {
    if scopes.contains(Scope::All) {
        return "all records".to_owned();
    }
    let words: Vec<&str> = scopes.iter().map(records_of).collect();
    match words.as_slice() {
        [] => "no records".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn records_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own records",
        Scope::Assigned => "assigned users' records",
        Scope::Team => "the team's records",
        Scope::Department => "the department's records",
        Scope::Visible => "the records that visibility allows",
        Scope::Unowned => "unowned records",
        Scope::All => "all records",
    }
}
