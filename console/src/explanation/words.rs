//! Decisions in the words of pages: from the data of the engine, in the language of the reader.
//!
//! **Invariant:** a sentence has names that pages show, and no key or id where a name exists.

use std::collections::HashMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::MemberId;
use hallpass_engine::text::uncapitalized;
use hallpass_engine::{
    Cell, Describe, Explanation, Ids, Names, PhraseForm, Policy, Relations, Resource, Scope,
    Scopes, Target,
};

use crate::effect::names;
use crate::format::capital;
use crate::frame::Frame;
use crate::text::{Language, Text};

/// What the sentences about a member name.
pub(super) struct Words<'w> {
    pub(super) frame: &'w Frame,
    pub(super) policy: &'w Policy,
    /// The names of members, teams, profiles and custom roles.
    pub(super) names: &'w dyn Names,
    /// The names of resources, by key, where the workspace has another one.
    pub(super) titles: HashMap<String, String>,
    /// The id of the member.
    pub(super) subject: String,
    /// Whether the member is the reader.
    pub(super) is_you: bool,
}

/// The names that a workspace has for what the engine knows by id.
pub(super) struct KnownNames<'c> {
    pub(super) ctx: &'c WorkspaceContext,
    pub(super) text: Text,
}

impl Names for KnownNames<'_> {
    fn member(&self, id: &str) -> String {
        let known = id.parse::<MemberId>().ok();
        let known = known.and_then(|id| self.ctx.known_name(id));
        known.map_or_else(|| self.text.get("records-other-owner"), str::to_owned)
    }

    fn team(&self, id: &str) -> String {
        self.ctx.snapshot().name(id)
    }

    fn profile(&self, id: &str) -> String {
        self.ctx.snapshot().name(id)
    }

    fn role(&self, id: &str) -> String {
        self.ctx.snapshot().name(id)
    }
}

impl<'w> Words<'w> {
    pub(super) fn new(
        ctx: &'w WorkspaceContext,
        frame: &'w Frame,
        names: &'w KnownNames<'w>,
        member: MemberId,
    ) -> Words<'w> {
        let resources = ctx.policy().resources().iter();
        let titles =
            resources.map(|known| (known.key.clone(), self::names(ctx, &known.key, "").0));
        Words {
            frame,
            policy: ctx.policy(),
            names,
            titles: titles.collect(),
            subject: member.to_string(),
            is_you: ctx.member_id() == Some(member),
        }
    }

    pub(super) fn text(&self) -> Text {
        self.frame.text
    }

    /// The value that selects the sentence to the reader, or about another member.
    pub(super) fn you(&self) -> &'static str {
        if self.is_you { "yes" } else { "no" }
    }

    /// The name of the member.
    pub(super) fn name(&self) -> String {
        self.names.member(&self.subject)
    }

    /// The name of the owner of a decision.
    pub(super) fn owner(&self, why: &Explanation<'_>) -> String {
        match why.target {
            Target::OwnedBy(owner) => self.names.member(self.policy.id(owner)),
            Target::Any | Target::Unowned | Target::OwnedByNonMember => String::new(),
        }
    }

    pub(super) fn resource(&self, cell: Cell) -> Option<&'w Resource> {
        let (key, _) = self.policy.keys(cell);
        self.policy.resources().iter().find(|known| known.key == key)
    }

    /// The name of a resource, as a title.
    pub(super) fn title(&self, key: &str) -> String {
        let known = self.policy.resources().iter().find(|known| known.key == key);
        let own = self.titles.get(key).cloned();
        own.or_else(|| known.map(|known| known.name.clone())).unwrap_or_default()
    }

    /// The name of a role.
    pub(super) fn role(&self, id: &str) -> String {
        let built_in = self.policy.blueprint().role(id).map(|role| role.name.clone());
        built_in.unwrap_or_else(|| self.names.role(id))
    }

    /// The name of a switch.
    pub(super) fn switch(&self, key: &str) -> String {
        let mut known = self.policy.blueprint().switches.iter();
        known
            .find(|known| known.key == key)
            .map_or_else(String::new, |known| known.name.clone())
    }

    /// The word of a visibility, or of what a team shares.
    pub(super) fn level(&self, scope: Scope) -> String {
        self.frame.word(&format!("scope_{}", scope.word()))
    }

    /// The records of the resource of a cell, in a sentence.
    pub(super) fn things(&self, cell: Cell) -> String {
        match self.resource(cell).filter(|resource| resource.scoped) {
            Some(resource) => self.lowered(&self.title(&resource.key)),
            None => self.text().get("why-record-things"),
        }
    }

    /// The action with the records of a decision: "update deals of Ben".
    pub(super) fn act(&self, why: &Explanation<'_>, cell: Cell) -> String {
        let text = self.text();
        let things = self.things(cell);
        let about = match why.target {
            Target::Any => None,
            Target::OwnedBy(owner) if owner == why.member => {
                Some(text!(text, "why-own", things = things))
            }
            Target::OwnedBy(_) => {
                Some(text!(text, "why-of", things = things, owner = self.owner(why)))
            }
            Target::Unowned => Some(text!(text, "why-unowned", things = things)),
            Target::OwnedByNonMember => Some(text!(text, "why-former", things = things)),
        };
        self.phrase(cell, about)
    }

    /// The action on what a scope covers: "read own contacts".
    pub(super) fn permission(&self, cell: Cell, scope: Scope) -> String {
        self.phrase(cell, Some(self.scope(scope, &self.things(cell))))
    }

    /// Joins an action with what it is done to, which is left out where nothing has an owner.
    fn phrase(&self, cell: Cell, about: Option<String>) -> String {
        let text = self.text();
        let Some(resource) = self.resource(cell) else { return text.get("why-later-types") };
        let about = about.filter(|_| resource.scoped);
        let title = self.lowered(&self.title(&resource.key));
        let (_, key) = self.policy.keys(cell);
        let action = resource.actions.iter().find(|action| action.key == key);
        let action = action.map_or_else(String::new, |action| self.lowered(&action.name));
        let form = Describe::new(self.policy, &Ids).phrase_form(cell);
        let phrase = match form.unwrap_or(PhraseForm::Object) {
            PhraseForm::Object => {
                let things = about.unwrap_or(title);
                return text!(text, "why-act", action = action, things = things);
            }
            PhraseForm::In => {
                let things = about.unwrap_or(title);
                return text!(text, "why-act-in", action = action, things = things);
            }
            PhraseForm::Action => action,
            PhraseForm::Resource => title,
        };
        match about {
            None => text!(text, "why-act-name", phrase = phrase),
            Some(things) => text!(text, "why-act-name-for", phrase = phrase, things = things),
        }
    }

    /// Lowers the first letter of a name in an English sentence; German writes nouns with a capital letter.
    pub(super) fn lowered(&self, name: &str) -> String {
        match self.text().language {
            Language::English => uncapitalized(name),
            Language::German => name.to_owned(),
        }
    }

    /// What a scope covers.
    pub(super) fn scope(&self, scope: Scope, things: &str) -> String {
        let relation = match scope {
            Scope::All => Relations::ALL,
            Scope::Own => Relations::SELF,
            Scope::Assigned => Relations::ASSIGNED,
            Scope::Team => Relations::TEAM,
            Scope::Department => Relations::DEPARTMENT,
            Scope::Unowned => Relations::UNOWNED,
            Scope::Visible => return text!(self.text(), "why-visible", things = things),
        };
        self.relation(relation, things)
    }

    /// What scopes cover, in one phrase.
    pub(super) fn scopes(&self, scopes: Scopes, things: &str) -> String {
        if scopes.contains(Scope::All) {
            return self.scope(Scope::All, things);
        }
        let words = scopes.iter().map(|scope| self.scope(scope, things));
        self.all_of(&words.collect::<Vec<_>>(), things)
    }

    /// What relations admit, in one phrase.
    pub(super) fn relations(&self, relations: Relations, things: &str) -> String {
        let words = relations.iter().map(|relation| self.relation(relation, things));
        self.all_of(&words.collect::<Vec<_>>(), things)
    }

    fn all_of(&self, words: &[String], things: &str) -> String {
        if words.is_empty() {
            return text!(self.text(), "why-none", things = things);
        }
        self.list(words)
    }

    /// What one relation admits.
    pub(super) fn relation(&self, relation: Relations, things: &str) -> String {
        let text = self.text();
        match relation {
            Relations::ALL => text!(text, "why-all", things = things),
            Relations::SELF => text!(text, "why-own", things = things),
            Relations::ASSIGNED => text!(text, "why-assigned", things = things),
            Relations::TEAM => text!(text, "why-team", things = things),
            Relations::DEPARTMENT => text!(text, "why-department", things = things),
            Relations::ASSIGNED_IN_DEPARTMENT => {
                text!(text, "why-assigned-department", things = things)
            }
            Relations::TEAM_IN_DEPARTMENT => {
                text!(text, "why-team-department", things = things)
            }
            Relations::UNOWNED => text!(text, "why-unowned", things = things),
            _ => things.to_owned(),
        }
    }

    /// "own deals, deals of the team and deals without an owner".
    pub(super) fn list(&self, words: &[String]) -> String {
        match words {
            [most @ .., last] if !most.is_empty() => {
                text!(self.text(), "why-and", most = most.join(", "), last = last)
            }
            _ => words.concat(),
        }
    }

    /// "a role with permission to read all deals or the visibility All".
    pub(super) fn choice(&self, words: &[String]) -> String {
        match words {
            [most @ .., last] if !most.is_empty() => {
                text!(self.text(), "why-or", most = most.join(", "), last = last)
            }
            _ => words.concat(),
        }
    }

    /// A clause that begins a sentence.
    pub(super) fn begin(clause: &str) -> String {
        format!("{}.", capital(clause))
    }
}

mod advice;
mod list;
mod reason;
mod step;

#[cfg(test)]
mod tests;
