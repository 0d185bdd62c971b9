//! Describes decisions in English sentences.

use crate::catalog::Cell;
use crate::decide::Target;
use crate::explain::{Explanation, Step};
use crate::grant_source::{GrantSource, Restriction, SourcedGrant};
use crate::need::Need;
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::Scope;
use crate::text::uncapitalized;

mod reason;
mod words;

pub use words::PhraseForm;
use words::{scopes_in_words, verb_phrase};

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
    /// assert_eq!(describe.summary(&why), "ben can read own contacts because the role Member covers them");
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
    /// assert_eq!(summary, "ben cannot delete own deals: ben is in no team whose profile includes it");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn summary(&self, why: &Explanation<'_>) -> String {
        let (member, act) = (self.member(why), self.act(why, why.cell));
        let (verb, reason) = if why.allowed {
            ("can", format!(" because {}", self.allowing(why)))
        } else {
            ("cannot", format!(": {}", self.limiting(why)))
        };
        format!("{member} {verb} {act}{reason}")
    }

    /// Why a member may not do what a verb phrase describes.
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (ben, create) = (policy.member("ben").unwrap(), policy.cell("members", "create").unwrap());
    /// let why = policy.explain(ben, create, Target::Any);
    /// let denial = Describe::new(&policy, &Ids).denial(&why, "invite people");
    /// assert_eq!(denial, "ben cannot invite people: the role Member does not include it");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn denial(&self, why: &Explanation<'_>, phrase: &str) -> String {
        format!("{} cannot {phrase}: {}", self.member(why), self.limiting(why))
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
                format!("No rule lets {member} {}", self.action(*cell))
            }
            Step::Tried { through, relation, admits } => {
                self.tried(why, *through, *relation, *admits)
            }
            Step::OutOfBounds(cell) => self.out_of_bounds(*cell),
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
            Relations::ASSIGNED => "Assigned members".to_owned(),
            Relations::TEAM => format!("Members of {team}"),
            Relations::DEPARTMENT => "Own department and those below it".to_owned(),
            Relations::ASSIGNED_IN_DEPARTMENT => {
                "Assigned members in the department".to_owned()
            }
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
    /// assert_eq!(needs, ["It would need a team whose profile gives permission to read all contacts"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn needs(&self, why: &Explanation<'_>) -> Vec<String> {
        let alternatives = why.alternatives().into_iter().map(|needs| {
            let needs: Vec<String> = needs.into_iter().map(|need| self.need(need)).collect();
            format!("It would need {}", needs.join(" or "))
        });
        alternatives.collect()
    }

    fn need(&self, need: &Need<'_>) -> String {
        let grant =
            |scope: &Scope| format!("permission to {}", self.permission(need.cell(), *scope));
        match need {
            Need::Grant { scope, visibility: None, .. } => grant(scope),
            Need::Grant { scope, visibility: Some(visibility), .. } => {
                format!("{} with the visibility {visibility}", grant(scope))
            }
            Need::Role { scope, .. } => format!("a role with {}", grant(scope)),
            Need::Visibility { visibility, .. } => format!("the visibility {visibility}"),
            Need::Profile { scope, team, has_profile, sharing, .. } => {
                let (grant, team) = (grant(scope), self.names.team(team));
                let place = if *has_profile {
                    format!("{grant} in the profile of team {team}")
                } else {
                    format!("a profile of team {team} with {grant}")
                };
                match sharing {
                    None => place,
                    Some(sharing) => format!("{place} and the record sharing {sharing}"),
                }
            }
            Need::Team { scope, .. } => {
                format!("a team whose profile gives {}", grant(scope))
            }
        }
    }

    /// An action as a verb phrase, in the names of the blueprint: "read contacts".
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(Describe::new(&policy, &Ids).action(read), "read contacts");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn action(&self, cell: Cell) -> String {
        let (resource_key, action_key) = self.policy.keys(cell);
        let resource = self.policy.resources().iter().find(|known| known.key == resource_key);
        let Some(resource) = resource else {
            let kind = resource_key.trim_start_matches('@');
            return format!("{action_key} {kind} of types added later");
        };
        let names = resource.actions.iter().map(|action| uncapitalized(&action.name));
        let action = resource.actions.iter().position(|action| action.key == action_key);
        let action = action.and_then(|at| names.clone().nth(at)).unwrap_or_default();
        verb_phrase(&action, &uncapitalized(&resource.name), names)
    }

    /// How the names of an action and of its resource make a phrase; none for resources that a workspace does not have yet.
    ///
    /// ```
    /// use hallpass_engine::{Describe, Ids, PhraseForm};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(Describe::new(&policy, &Ids).phrase_form(read), Some(PhraseForm::Object));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn phrase_form(&self, cell: Cell) -> Option<PhraseForm> {
        let resource = self.resource(cell)?;
        let (_, key) = self.policy.keys(cell);
        let names = resource.actions.iter().map(|action| uncapitalized(&action.name));
        let place = resource.actions.iter().position(|action| action.key == key)?;
        let name = names.clone().nth(place)?;
        Some(PhraseForm::of(&name, &uncapitalized(&resource.name), names))
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
