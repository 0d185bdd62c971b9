//! Sentences: the one place where decisions become words for people.

use crate::blueprint::title;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::explain::{Explanation, Step};
use crate::grant_source::{GrantSource, Restriction, SourcedGrant};
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::{Scope, Scopes};

/// The names of people and groups; an id where there is none. The engine knows only ids.
pub trait Names {
    /// A member's name.
    fn member(&self, id: &str) -> String {
        id.to_owned()
    }
    /// A team's name.
    fn team(&self, id: &str) -> String {
        id.to_owned()
    }
    /// A profile's name.
    fn profile(&self, id: &str) -> String {
        id.to_owned()
    }
    /// A custom role's name.
    fn role(&self, id: &str) -> String {
        id.to_owned()
    }
}

/// No names: ids stand for themselves.
pub struct Ids;

impl Names for Ids {}

/// Makes sentences about one policy.
pub struct Describe<'p> {
    policy: &'p Policy,
    names: &'p dyn Names,
}

impl<'p> Describe<'p> {
    /// A speaker who knows these names.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Ids, Member, Policy, Describe, Target, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("Anna", "member")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, read) = (policy.member("Anna").unwrap(), policy.cell("contacts", "read").unwrap());
    /// let why = policy.explain(anna, read, Target::OwnedBy(anna));
    /// let speaker = Describe::new(&policy, &Ids);
    /// assert_eq!(speaker.summary(&why), "Anna may read contacts because Anna owns the record");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn new(policy: &'p Policy, names: &'p dyn Names) -> Describe<'p> {
        Describe { policy, names }
    }

    /// The answer and its reason in one sentence.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let why = policy.explain(ben, read, Target::OwnedBy(ben));
    /// assert!(Describe::new(&policy, &Ids).summary(&why).ends_with("ben owns the record"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn summary(&self, why: &Explanation<'_>) -> String {
        let member = self.member(why);
        let deed = self.deed(why.cell);
        if why.allowed {
            return format!("{member} may {deed} because {}", self.admitted(why));
        }
        let reason = match why.steps.as_slice() {
            [Step::Status { is_active: false }, ..] => format!("{member} is not active"),
            steps => self.lacking(why, steps),
        };
        format!("{member} may not {deed}: {reason}")
    }

    /// What a denied decision lacks: a grant, reach, or the reading that bounds it.
    fn lacking(&self, why: &Explanation<'_>, steps: &[Step<'_>]) -> String {
        let asked = steps.iter().take_while(|step| !matches!(step, Step::ReadRequired(_)));
        let reaches = |step: &Step<'_>| matches!(step, Step::Tried { admits: true, .. });
        let (section, about) = if asked.clone().any(reaches) {
            let bound = steps.iter().skip_while(|step| !matches!(step, Step::ReadRequired(_)));
            (bound.collect::<Vec<_>>(), "what may not be read may not be changed, and ")
        } else {
            (asked.collect(), "")
        };
        if section.iter().any(|step| matches!(step, Step::NotGranted(_))) {
            let what = if about.is_empty() { "it" } else { "reading" };
            return format!("{about}nothing grants {what} to {}", self.member(why));
        }
        format!("{about}what is granted does not reach it, as {}", self.target(why))
    }

    /// What admitted the target on the cell that was asked for.
    fn admitted(&self, why: &Explanation<'_>) -> String {
        let asked = why.steps.iter().take_while(|step| !matches!(step, Step::ReadRequired(_)));
        let admitting = asked.filter_map(|step| match step {
            Step::Tried { through, relation, admits: true } => Some((*through, *relation)),
            Step::Tried { .. }
            | Step::Status { .. }
            | Step::Requested(_)
            | Step::ReadRequired(_)
            | Step::Granted(_)
            | Step::NotGranted(_) => None,
        });
        let relations: Vec<_> = admitting.collect();
        // Owning a record says more than being on its owner's team.
        let told = relations
            .iter()
            .find(|(_, relation)| *relation == Relations::ME)
            .or(relations.first());
        match told {
            Some(_) if why.target == Target::Any => "it is granted".to_owned(),
            Some((through, relation)) => self.way(why, *through, *relation),
            None => "it is granted".to_owned(),
        }
    }

    /// The way in which an arm reaches the target.
    fn way(&self, why: &Explanation<'_>, through: Option<&str>, relation: Relations) -> String {
        let (member, owner) = (self.member(why), self.owner(why));
        let team = through.map_or_else(
            || format!("a team of {member}"),
            |id| format!("team {}", self.names.team(id)),
        );
        match relation {
            Relations::ALL => "every record is reached".to_owned(),
            Relations::ME => format!("{member} owns the record"),
            Relations::ASSIGNED => format!("{owner} is assigned to {member}"),
            Relations::TEAM => format!("{owner} is in {team}"),
            Relations::DEPARTMENT => {
                format!("{owner} is in the department of {member}, or below it")
            }
            Relations::ASSIGNED_IN_DEPARTMENT => {
                format!("{owner} is assigned to {member} and in their department")
            }
            Relations::TEAM_IN_DEPARTMENT => {
                format!("{owner} is in {team} and in their department")
            }
            Relations::UNOWNED => "nobody owns the record".to_owned(),
            _ => "it is granted".to_owned(),
        }
    }

    /// A step as a sentence.
    #[must_use]
    pub fn step(&self, why: &Explanation<'_>, step: &Step<'_>) -> String {
        match step {
            Step::Status { is_active: true } => {
                format!("{} is an active member", self.member(why))
            }
            Step::Status { is_active: false } => {
                format!("{} is not active, and may do nothing", self.member(why))
            }
            Step::Requested(cell) => format!("To {}:", self.deed(*cell)),
            Step::ReadRequired(cell) => {
                format!("What may not be read may not be changed; to {}:", self.deed(*cell))
            }
            Step::Granted(grant_source) => self.grant(grant_source),
            Step::NotGranted(cell) => {
                format!("Nothing grants {} to {}", self.deed(*cell), self.member(why))
            }
            Step::Tried { through, relation, admits } => {
                self.tried(why, *through, *relation, *admits)
            }
        }
    }

    /// A source and what it gives: "Role Manager grants it for own records and assigned users".
    #[must_use]
    pub fn grant(&self, grant_source: &SourcedGrant<'_>) -> String {
        let scopes = scopes_in_words(grant_source.scopes);
        let source = self.source(&grant_source.source);
        match grant_source.restriction {
            None => format!("{source} grants it for {scopes}"),
            Some(Restriction::Sharing(sharing)) => {
                let ceiling = scopes_in_words(sharing.scope().into());
                format!("{source} grants it for {scopes}; the team shares {ceiling} at most")
            }
            Some(Restriction::Visibility(level)) => {
                let bound = scopes_in_words(level.scope().into());
                format!("{source} grants it for {scopes}; visibility bounds that to {bound}")
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
            GrantSource::Level(level) => format!("Level {}", title(level)),
            GrantSource::BillingContact => "Being the billing contact".to_owned(),
            GrantSource::Unowned => "The workspace's access model".to_owned(),
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
            || "my teams".to_owned(),
            |id| format!("team {}", self.names.team(id)),
        );
        let way = match relation {
            Relations::ALL => "Every record".to_owned(),
            Relations::ME => "Own records".to_owned(),
            Relations::ASSIGNED => "Assigned users".to_owned(),
            Relations::TEAM => format!("Members of {team}"),
            Relations::DEPARTMENT => "Own department and those below it".to_owned(),
            Relations::ASSIGNED_IN_DEPARTMENT => "Assigned users in the department".to_owned(),
            Relations::TEAM_IN_DEPARTMENT => format!("Members of {team} in the department"),
            Relations::UNOWNED => "Records that nobody owns".to_owned(),
            _ => "Anything".to_owned(),
        };
        let target = self.target(why);
        match (why.target, admits) {
            (Target::Any, _) => format!("{way}: granted"),
            (Target::OwnedBy(_) | Target::Unowned | Target::OwnedByNonMember, true) => {
                format!("{way}: yes, {target}")
            }
            (Target::OwnedBy(_) | Target::Unowned | Target::OwnedByNonMember, false) => {
                format!("{way}: no, {target}")
            }
        }
    }

    /// What would be needed, or nothing when allowed: one sentence for each cell that is lacking.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let why = policy.explain(ben, read, Target::OwnedBy(anna));
    /// assert_eq!(Describe::new(&policy, &Ids).needs(&why), ["It would need `contacts:read:all`"]);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn needs(&self, why: &Explanation<'_>) -> Vec<String> {
        let mut cells: Vec<Cell> = why.would_need.iter().map(|(cell, _)| *cell).collect();
        cells.dedup();
        let need = |cell: &Cell| {
            let (resource, action) = self.policy.keys(*cell);
            let scopes = why.would_need.iter().filter(|(needed, _)| needed == cell);
            let grants: Vec<String> =
                scopes.map(|(_, scope)| format!("`{resource}:{action}:{scope}`")).collect();
            format!("It would need {}", grants.join(" or "))
        };
        cells.iter().map(need).collect()
    }

    fn deed(&self, cell: Cell) -> String {
        let (resource, action) = self.policy.keys(cell);
        let known = self.policy.resources().iter().find(|known| known.key == resource);
        let noun = known.map_or_else(|| resource.to_owned(), |known| known.name.to_lowercase());
        format!("{} {noun}", action.replace('_', " "))
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
            Target::Any => "anything".to_owned(),
            Target::OwnedBy(_) => format!("the owner is {}", self.owner(why)),
            Target::Unowned => "nobody owns it".to_owned(),
            Target::OwnedByNonMember => "the owner is no member any more".to_owned(),
        }
    }
}

/// "own records and assigned users' records".
fn scopes_in_words(scopes: Scopes) -> String {
    if scopes.contains(Scope::All) {
        return "all records".to_owned();
    }
    let words: Vec<&str> = scopes.iter().map(words_of).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn words_of(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own records",
        Scope::Assigned => "assigned users' records",
        Scope::Team => "the team's records",
        Scope::Department => "the department's records",
        Scope::Visible => "what visibility says",
        Scope::Unowned => "unowned records",
        Scope::All => "all records",
    }
}
