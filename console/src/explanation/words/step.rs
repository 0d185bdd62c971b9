//! The steps of a decision, and what it lacks, as sentences.

use hallpass_engine::{
    Explanation, GrantSource, Need, Relations, Restriction, Scope, SourcedGrant, Step, Target,
};

use super::Words;
use crate::format::capital;

impl Words<'_> {
    /// The steps in order, each a sentence.
    pub(in crate::explanation) fn steps(&self, why: &Explanation<'_>) -> Vec<String> {
        why.steps.iter().map(|step| self.step(why, step)).collect()
    }

    /// A step as a sentence.
    pub(super) fn step(&self, why: &Explanation<'_>, step: &Step<'_>) -> String {
        let (text, you, name) = (self.text(), self.you(), self.name());
        match step {
            Step::Status { is_active: true } => {
                text!(text, "why-step-active", you = you, name = name)
            }
            Step::Status { is_active: false } => {
                text!(text, "why-step-inactive", you = you, name = name)
            }
            Step::Requested(cell) => {
                text!(text, "why-step-requested", act = self.act(why, *cell))
            }
            Step::ReadRequired(cell) => {
                text!(text, "why-step-read", act = self.act(why, *cell))
            }
            Step::Granted(grant) => self.granted(why, grant),
            Step::NotGranted(cell) => {
                text!(
                    text,
                    "why-step-nothing",
                    you = you,
                    name = name,
                    act = self.act(why, *cell)
                )
            }
            Step::Tried { through, relation, admits } => {
                self.tried(why, *through, *relation, *admits)
            }
            Step::OutOfBounds(cell) => {
                let act = self.act(why, *cell);
                if self.policy.is_bounded_to_own(*cell) {
                    text!(text, "why-step-boundary-own", act = act)
                } else {
                    text!(text, "why-step-boundary", act = act)
                }
            }
        }
    }

    /// A grant with its source.
    fn granted(&self, why: &Explanation<'_>, grant: &SourcedGrant<'_>) -> String {
        let (text, things) = (self.text(), self.things(why.cell));
        let what = self.scopes(grant.scopes, &things);
        let step = match grant.source {
            GrantSource::Role(id) => {
                text!(text, "why-step-role", role = self.role(id), what = what)
            }
            GrantSource::Profile { profile, team } => {
                let (profile, team) = (self.names.profile(profile), self.names.team(team));
                text!(text, "why-step-profile", profile = profile, team = team, what = what)
            }
            GrantSource::Level(level) => {
                text!(text, "why-step-level", level = &level.name, what = what)
            }
            GrantSource::BillingContact => text!(text, "why-step-contact", what = what),
            GrantSource::Unowned => text!(text, "why-step-model", what = what),
            GrantSource::Switch(key) => {
                text!(text, "why-step-switch", switch = self.switch(key), what = what)
            }
        };
        match grant.restriction {
            None => step,
            Some(Restriction::Sharing(sharing)) => {
                let what = self.scope(sharing.scope(), &things);
                text!(text, "why-step-shared", step = step, what = what)
            }
            Some(Restriction::Visibility(visibility)) => {
                let what = self.scope(visibility.scope(), &things);
                text!(text, "why-step-visible", step = step, what = what)
            }
        }
    }

    /// A relation that a grant admits, and whether it holds.
    fn tried(
        &self,
        why: &Explanation<'_>,
        through: Option<&str>,
        relation: Relations,
        admits: bool,
    ) -> String {
        let (text, things) = (self.text(), self.things(why.cell));
        let team = through.map(|id| self.names.team(id));
        let records = match (relation, team) {
            (Relations::TEAM, Some(team)) => {
                text!(text, "why-named-team", things = things, team = team)
            }
            (Relations::TEAM_IN_DEPARTMENT, Some(team)) => {
                text!(text, "why-named-team-department", things = things, team = team)
            }
            (relation, _) => self.relation(relation, &things),
        };
        let target = match why.target {
            Target::Any => return text!(text, "why-step-any", records = records),
            Target::OwnedBy(owner) if owner == why.member && self.is_you => {
                text.get("why-target-you")
            }
            Target::OwnedBy(_) => text!(text, "why-target-owner", owner = self.owner(why)),
            Target::Unowned => text.get("why-target-unowned"),
            Target::OwnedByNonMember => text.get("why-target-former"),
        };
        let records = capital(&records);
        if admits {
            text!(text, "why-step-yes", records = records, target = target)
        } else {
            text!(text, "why-step-no", records = records, target = target)
        }
    }

    /// What would allow a denied decision, a sentence for each action that lacks a grant.
    pub(in crate::explanation) fn needs(&self, why: &Explanation<'_>) -> Vec<String> {
        let sentence = |needs: Vec<&Need<'_>>| {
            let words: Vec<String> = needs.into_iter().map(|need| self.need(need)).collect();
            text!(self.text(), "why-need", list = self.choice(&words))
        };
        why.alternatives().into_iter().map(sentence).collect()
    }

    /// A need as a noun: "the visibility All".
    pub(super) fn need(&self, need: &Need<'_>) -> String {
        let text = self.text();
        let act = |scope: Scope| self.permission(need.cell(), scope);
        match *need {
            Need::Grant { scope, visibility: None, .. } => {
                text!(text, "why-need-grant", act = act(scope))
            }
            Need::Grant { scope, visibility: Some(visibility), .. } => {
                let visibility = self.level(visibility.scope());
                text!(
                    text,
                    "why-need-grant-visibility",
                    act = act(scope),
                    visibility = visibility
                )
            }
            Need::Role { scope, .. } => text!(text, "why-need-role", act = act(scope)),
            Need::Visibility { visibility, .. } => {
                let visibility = self.level(visibility.scope());
                text!(text, "why-need-visibility", visibility = visibility)
            }
            Need::Profile { scope, team, has_profile, sharing, .. } => {
                let (act, team) = (act(scope), self.names.team(team));
                let need = if has_profile {
                    text!(text, "why-need-profile", act = act, team = team)
                } else {
                    text!(text, "why-need-new-profile", act = act, team = team)
                };
                let Some(sharing) = sharing else { return need };
                let sharing = self.level(sharing.scope());
                text!(text, "why-need-sharing", need = need, sharing = sharing)
            }
            Need::Team { scope, .. } => text!(text, "why-need-team", act = act(scope)),
        }
    }
}
