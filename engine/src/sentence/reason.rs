//! The reason of a decision as a clause, and the way by which an owner is reached.

use super::Describe;
use super::words::{relations_in_words, things_of, verb_phrase};
use crate::blueprint::Resource;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::explain::Explanation;
use crate::grant_source::GrantSource;
use crate::relations::Relations;
use crate::rule::{Deciding, Rule};
use crate::scope::Scope;
use crate::text::uncapitalized;

impl Describe<'_> {
    /// The action with what it is done to: "update deals of Ben".
    pub(super) fn act(&self, why: &Explanation<'_>, cell: Cell) -> String {
        let action = self.action(cell);
        let resource = self.resource(cell);
        let Some(resource) = resource.filter(|resource| resource.scoped) else { return action };
        let things = things(resource);
        let about = match why.target {
            Target::Any => return action,
            Target::OwnedBy(owner) if owner == why.member => format!("own {things}"),
            Target::OwnedBy(_) => format!("{things} of {}", self.owner(why)),
            Target::Unowned => format!("{things} without an owner"),
            Target::OwnedByNonMember => format!("{things} of a former member"),
        };
        self.put(cell, resource, &about)
    }

    /// The action on what a scope covers: "read own contacts".
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, Scope};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(Describe::new(&policy, &Ids).permission(read, Scope::Own), "read own contacts");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn permission(&self, cell: Cell, scope: Scope) -> String {
        let resource = self.resource(cell);
        let Some(resource) = resource.filter(|resource| resource.scoped) else {
            return self.action(cell);
        };
        let relation = match scope {
            Scope::All => Relations::ALL,
            Scope::Own => Relations::SELF,
            Scope::Assigned => Relations::ASSIGNED,
            Scope::Team => Relations::TEAM,
            Scope::Department => Relations::DEPARTMENT,
            Scope::Unowned => Relations::UNOWNED,
            Scope::Visible => {
                let about = format!("{} that visibility allows", things(resource));
                return self.put(cell, resource, &about);
            }
        };
        self.put(cell, resource, &things_of(relation, &things(resource)))
    }

    /// Joins an action with what it is done to. The names of some actions are phrases already.
    fn put(&self, cell: Cell, resource: &Resource, about: &str) -> String {
        let (_, key) = self.policy.keys(cell);
        let names = resource.actions.iter().map(|action| uncapitalized(&action.name));
        let place = resource.actions.iter().position(|action| action.key == key);
        let name = place.and_then(|at| names.clone().nth(at)).unwrap_or_default();
        let phrase = verb_phrase(&name, &things(resource), names);
        match phrase.strip_suffix(&things(resource)) {
            Some(verb) => format!("{verb}{about}"),
            None => format!("{phrase}, for {about}"),
        }
    }

    /// Why a decision allows the action.
    pub(super) fn allowing(&self, why: &Explanation<'_>) -> String {
        let (rule, member) = (&why.rule, self.member(why));
        let Deciding::Grant(source) = rule.deciding else {
            return format!("{member} is an active member");
        };
        let resource = self.resource(rule.cell).filter(|resource| resource.scoped);
        let Some(resource) = resource.filter(|_| why.target != Target::Any) else {
            return self.covering(&member, &source, rule.cell, "it");
        };
        let things = things(resource);
        match (self.owner_path(why), rule.relation) {
            (_, Relations::SELF) => self.covering(&member, &source, rule.cell, "them"),
            (_, Relations::UNOWNED) if source == GrantSource::Unowned => {
                format!(
                    "the access model shows {things} without an owner to everyone who sees {things}"
                )
            }
            (Some(path), relation) if relation != Relations::UNOWNED => {
                let covered = things_of(relation, &things);
                format!("{path}, and {}", self.covering(&member, &source, rule.cell, &covered))
            }
            (_, relation) => {
                let covered = things_of(relation, &things);
                self.covering(&member, &source, rule.cell, &covered)
            }
        }
    }

    /// A source as a clause: "the role Manager covers own deals".
    fn covering(
        &self,
        member: &str,
        source: &GrantSource<'_>,
        cell: Cell,
        what: &str,
    ) -> String {
        match source {
            GrantSource::Level(level) => {
                let on = self.resource(cell).map_or("", |known| known.name.as_str());
                format!("the level of {member} for {on} is {}", level.name)
            }
            GrantSource::BillingContact => format!("{member} is the billing contact"),
            GrantSource::Switch(_) => format!("the {} is on", lowered(&self.source(source))),
            GrantSource::Role(_) | GrantSource::Profile { .. } | GrantSource::Unowned => {
                format!("the {} covers {what}", lowered(&self.source(source)))
            }
        }
    }

    /// What limits a denied decision.
    pub(super) fn limiting(&self, why: &Explanation<'_>) -> String {
        let (rule, member) = (&why.rule, self.member(why));
        let limit = match rule.deciding {
            Deciding::Status => return format!("{member} is deactivated"),
            Deciding::Level { level, enough } => {
                let on = self.resource(rule.cell).map_or("", |known| known.name.as_str());
                let now = level.map_or_else(
                    || format!("{member} has no level for {on}"),
                    |level| format!("the level of {member} for {on} is {}", level.name),
                );
                format!("{now}, and this takes {}", enough.name)
            }
            Deciding::Visibility(_) => {
                let admitted = self.admitted(why, rule);
                format!("the visibility of {member} covers only {admitted}")
            }
            Deciding::NoTeam => format!("{member} is in no team whose profile includes it"),
            Deciding::Boundary => self.out_of_bounds(rule.cell),
            Deciding::Grant(source) => self.not_covering(why, rule, &source),
        };
        if rule.cell == why.cell {
            limit
        } else {
            format!("this also takes permission to {}, and {limit}", self.act(why, rule.cell))
        }
    }

    /// What the boundary does not cover.
    pub(super) fn out_of_bounds(&self, cell: Cell) -> String {
        let (resource, action) = self.policy.keys(cell);
        let is_own = self.policy.is_bounded_to_own(cell);
        let beyond = if is_own { " beyond own records" } else { "" };
        format!("the scopes of this API key do not include `{resource}:{action}`{beyond}")
    }

    /// What a role or a profile grants in place of what was asked for.
    fn not_covering(
        &self,
        why: &Explanation<'_>,
        rule: &Rule<'_>,
        source: &GrantSource<'_>,
    ) -> String {
        let named = lowered(&self.source(source));
        let sources = self.policy.sources(why.member, rule.cell);
        if sources.is_empty() {
            return format!("the {named} does not include it");
        }
        let admitted = self.admitted(why, rule);
        if sources
            .iter()
            .all(|grant| grant.source == *source || grant.source == GrantSource::Unowned)
        {
            format!("the {named} covers only {admitted}")
        } else {
            format!("the grants of {} cover only {admitted}", self.member(why))
        }
    }

    /// Everything of a resource that the grants of the member cover.
    fn admitted(&self, why: &Explanation<'_>, rule: &Rule<'_>) -> String {
        let relations = self.policy.granted_relations(why.member, rule.cell);
        let things = self.resource(rule.cell).map_or_else(|| "records".to_owned(), things);
        relations_in_words(relations, &things)
    }

    /// The way by which an allowed action reaches the owner: "Ben is assigned to Mona". `None` when a
    /// grant does not depend on the owner, and for a denied action.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Describe, Ids, Member, Policy, Target, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// # let anna = Member::new("anna", "manager");
    /// # let ben = Member { manager: Some("anna".into()), ..Member::new("ben", "member") };
    /// # let workspace = Workspace { members: vec![anna, ben], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// let read = policy.cell("deals", "read").unwrap();
    /// let why = policy.explain(anna, read, Target::OwnedBy(ben));
    /// let path = Describe::new(&policy, &Ids).owner_path(&why);
    /// assert_eq!(path.as_deref(), Some("ben is assigned to anna"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn owner_path(&self, why: &Explanation<'_>) -> Option<String> {
        let relation = why.rule.relation;
        if !why.allowed || why.target == Target::Any {
            return None;
        }
        let (member, owner) = (self.member(why), self.owner(why));
        let assigned = || match why.target {
            Target::OwnedBy(at) if !self.policy.is_direct_manager(why.member, at) => {
                format!("{owner} is assigned to {member} through other managers")
            }
            Target::OwnedBy(_) | Target::Any | Target::Unowned | Target::OwnedByNonMember => {
                format!("{owner} is assigned to {member}")
            }
        };
        let team = match why.rule.deciding {
            Deciding::Grant(GrantSource::Profile { team, .. }) => {
                format!("{owner} is in the team {}", self.names.team(team))
            }
            Deciding::Grant(_)
            | Deciding::Status
            | Deciding::Level { .. }
            | Deciding::Visibility(_)
            | Deciding::NoTeam
            | Deciding::Boundary => format!("{owner} is in a team of {member}"),
        };
        let department = "in the department of";
        match relation {
            Relations::SELF => Some(format!("{member} is the owner")),
            Relations::ASSIGNED => Some(assigned()),
            Relations::TEAM => Some(team),
            Relations::DEPARTMENT => {
                Some(format!("{owner} is {department} {member} or in one below it"))
            }
            Relations::ASSIGNED_IN_DEPARTMENT => {
                Some(format!("{} and is {department} {member}", assigned()))
            }
            Relations::TEAM_IN_DEPARTMENT => Some(format!("{team} and {department} {member}")),
            Relations::UNOWNED => Some("there is no owner".to_owned()),
            _ => None,
        }
    }

    pub(super) fn resource(&self, cell: Cell) -> Option<&Resource> {
        let (key, _) = self.policy.keys(cell);
        self.policy.resources().iter().find(|known| known.key == key)
    }
}

/// The records of a resource in a sentence.
fn things(resource: &Resource) -> String {
    uncapitalized(&resource.name)
}

/// The name of a source within a sentence: "role Manager".
fn lowered(source: &str) -> String {
    let mut letters = source.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
