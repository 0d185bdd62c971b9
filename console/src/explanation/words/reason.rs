//! The reason of a decision as a sentence, and the way by which an owner is reached.

use hallpass_engine::{
    Cell, Deciding, Explanation, GrantSource, Level, Relations, Rule, Target,
};

use super::Words;

impl Words<'_> {
    /// The decision and its reason in one sentence.
    pub(in crate::explanation) fn summary(&self, why: &Explanation<'_>) -> String {
        let (text, you, name, act) =
            (self.text(), self.you(), self.name(), self.act(why, why.cell));
        if why.allowed {
            let reason = self.allowing(why);
            text!(text, "why-allowed", you = you, name = name, act = act, reason = reason)
        } else {
            let reason = self.limiting(why);
            text!(text, "why-denied", you = you, name = name, act = act, reason = reason)
        }
    }

    /// Why a decision allows the action.
    fn allowing(&self, why: &Explanation<'_>) -> String {
        let (rule, text) = (&why.rule, self.text());
        let Deciding::Grant(source) = rule.deciding else {
            return text!(text, "why-active", you = self.you(), name = self.name());
        };
        let resource = self.resource(rule.cell).filter(|resource| resource.scoped);
        if resource.is_none() || why.target == Target::Any {
            return self.covering(&source, rule.cell, &text.get("why-it"));
        }
        let things = self.things(rule.cell);
        match (self.path(why), rule.relation) {
            (_, Relations::SELF) => self.covering(&source, rule.cell, &text.get("why-them")),
            (_, Relations::UNOWNED) if source == GrantSource::Unowned => {
                text!(text, "why-shown-unowned", things = things)
            }
            (Some(path), relation) if relation != Relations::UNOWNED => {
                let covered = self.relation(relation, &things);
                let reason = self.covering(&source, rule.cell, &covered);
                text!(text, "why-path-and", path = path, reason = reason)
            }
            (_, relation) => {
                self.covering(&source, rule.cell, &self.relation(relation, &things))
            }
        }
    }

    /// A source as a clause: "the role Manager covers own deals".
    fn covering(&self, source: &GrantSource<'_>, cell: Cell, what: &str) -> String {
        let text = self.text();
        match source {
            GrantSource::Role(id) => {
                text!(text, "why-by-role", role = self.role(id), what = what)
            }
            GrantSource::Profile { profile, team } => {
                let (profile, team) = (self.names.profile(profile), self.names.team(team));
                text!(text, "why-by-profile", profile = profile, team = team, what = what)
            }
            GrantSource::Unowned => text!(text, "why-by-model", what = what),
            GrantSource::Level(level) => {
                let (you, name, resource) = (self.you(), self.name(), self.title_of(cell));
                let level = &level.name;
                text!(
                    text,
                    "why-by-level",
                    you = you,
                    name = name,
                    resource = resource,
                    level = level
                )
            }
            GrantSource::BillingContact => {
                text!(text, "why-by-contact", you = self.you(), name = self.name())
            }
            GrantSource::Switch(key) => {
                text!(text, "why-by-switch", switch = self.switch(key))
            }
        }
    }

    fn title_of(&self, cell: Cell) -> String {
        self.resource(cell).map_or_else(String::new, |known| self.title(&known.key))
    }

    /// What limits a denied decision.
    fn limiting(&self, why: &Explanation<'_>) -> String {
        let (rule, text) = (&why.rule, self.text());
        let (you, name) = (self.you(), self.name());
        let limit = match rule.deciding {
            Deciding::Status => return text!(text, "why-inactive", you = you, name = name),
            Deciding::Level { level, enough } => self.low_level(rule.cell, level, enough),
            Deciding::Visibility(_) => {
                let what = self.admitted(why, rule);
                text!(text, "why-visibility", you = you, name = name, what = what)
            }
            Deciding::NoTeam => text!(text, "why-no-team", you = you, name = name),
            Deciding::Boundary if self.policy.is_bounded_to_own(rule.cell) => {
                text.get("why-boundary-own")
            }
            Deciding::Boundary => text.get("why-boundary"),
            Deciding::Grant(source) => self.not_covering(why, rule, &source),
        };
        if rule.cell == why.cell {
            return limit;
        }
        text!(text, "why-also", act = self.act(why, rule.cell), reason = limit)
    }

    fn low_level(&self, cell: Cell, level: Option<&Level>, enough: &Level) -> String {
        let (text, you, name) = (self.text(), self.you(), self.name());
        let (resource, enough) = (self.title_of(cell), &enough.name);
        match level {
            None => text!(
                text,
                "why-no-level",
                you = you,
                name = name,
                resource = resource,
                enough = enough
            ),
            Some(level) => text!(
                text,
                "why-low-level",
                you = you,
                name = name,
                resource = resource,
                level = &level.name,
                enough = enough
            ),
        }
    }

    /// What a role or a profile grants in place of what was asked for.
    fn not_covering(
        &self,
        why: &Explanation<'_>,
        rule: &Rule<'_>,
        source: &GrantSource<'_>,
    ) -> String {
        let (text, you, name) = (self.text(), self.you(), self.name());
        let sources = self.policy.sources(why.member, rule.cell);
        let is_only = sources
            .iter()
            .all(|grant| grant.source == *source || grant.source == GrantSource::Unowned);
        let what = if sources.is_empty() { None } else { Some(self.admitted(why, rule)) };
        match (source, what) {
            (GrantSource::Role(id), None) => {
                text!(text, "why-role-lacks", role = self.role(id))
            }
            (GrantSource::Role(id), Some(what)) if is_only => {
                text!(text, "why-role-covers", role = self.role(id), what = what)
            }
            (GrantSource::Profile { profile, team }, None) => {
                let (profile, team) = (self.names.profile(profile), self.names.team(team));
                text!(text, "why-profile-lacks", profile = profile, team = team)
            }
            (GrantSource::Profile { profile, team }, Some(what)) if is_only => {
                let (profile, team) = (self.names.profile(profile), self.names.team(team));
                text!(text, "why-profile-covers", profile = profile, team = team, what = what)
            }
            (_, None) => text!(text, "why-lacks", you = you, name = name),
            (_, Some(what)) => text!(text, "why-covers", you = you, name = name, what = what),
        }
    }

    /// Everything of a resource that the grants of the member cover.
    fn admitted(&self, why: &Explanation<'_>, rule: &Rule<'_>) -> String {
        let relations = self.policy.granted_relations(why.member, rule.cell);
        self.relations(relations, &self.things(rule.cell))
    }

    /// The way by which an allowed action reaches the owner, as a sentence; none when a grant does not depend on the owner.
    pub(in crate::explanation) fn owner_path(&self, why: &Explanation<'_>) -> Option<String> {
        self.path(why).map(|path| Words::begin(&path))
    }

    fn path(&self, why: &Explanation<'_>) -> Option<String> {
        if !why.allowed || why.target == Target::Any {
            return None;
        }
        let department = || self.in_department(why);
        let both = |path: String| {
            text!(self.text(), "why-path-both", path = path, other = department())
        };
        match why.rule.relation {
            Relations::SELF => {
                Some(text!(self.text(), "why-path-self", you = self.you(), name = self.name()))
            }
            Relations::ASSIGNED => Some(self.assigned(why)),
            Relations::TEAM => Some(self.in_team(why)),
            Relations::DEPARTMENT => Some(department()),
            Relations::ASSIGNED_IN_DEPARTMENT => Some(both(self.assigned(why))),
            Relations::TEAM_IN_DEPARTMENT => Some(both(self.in_team(why))),
            Relations::UNOWNED => Some(self.text().get("why-path-unowned")),
            _ => None,
        }
    }

    fn assigned(&self, why: &Explanation<'_>) -> String {
        let (text, you, name, owner) = (self.text(), self.you(), self.name(), self.owner(why));
        match why.target {
            Target::OwnedBy(at) if !self.policy.is_direct_manager(why.member, at) => {
                text!(text, "why-path-managed", you = you, name = name, owner = owner)
            }
            Target::OwnedBy(_) | Target::Any | Target::Unowned | Target::OwnedByNonMember => {
                text!(text, "why-path-assigned", you = you, name = name, owner = owner)
            }
        }
    }

    fn in_team(&self, why: &Explanation<'_>) -> String {
        let (text, owner) = (self.text(), self.owner(why));
        match why.rule.deciding {
            Deciding::Grant(GrantSource::Profile { team, .. }) => {
                let team = self.names.team(team);
                text!(text, "why-path-named-team", owner = owner, team = team)
            }
            Deciding::Grant(_)
            | Deciding::Status
            | Deciding::Level { .. }
            | Deciding::Visibility(_)
            | Deciding::NoTeam
            | Deciding::Boundary => {
                let (you, name) = (self.you(), self.name());
                text!(text, "why-path-team", you = you, name = name, owner = owner)
            }
        }
    }

    fn in_department(&self, why: &Explanation<'_>) -> String {
        let (you, name, owner) = (self.you(), self.name(), self.owner(why));
        text!(self.text(), "why-path-department", you = you, name = name, owner = owner)
    }
}
