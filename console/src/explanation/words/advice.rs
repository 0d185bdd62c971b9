//! Acts that would allow what is denied, as sentences.

use hallpass_app::access::explanation::ProposedAct;
use hallpass_domain::advice::Edit;
use hallpass_domain::id::MemberId;
use hallpass_engine::{Level, Scope};

use super::Words;

impl Words<'_> {
    /// An act with who may do it.
    pub(in crate::explanation) fn proposal(&self, act: &ProposedAct) -> String {
        let (text, what) = (self.text(), self.edit(&act.edit));
        if act.roles.is_empty() {
            return text!(text, "why-operator", what = what);
        }
        let roles: Vec<String> = act.roles.iter().rev().cloned().collect();
        let roles = self.choice(&roles);
        text!(text, "why-holder", roles = roles, what = what)
    }

    /// An edit as a phrase: "add Ben to the team North".
    pub(super) fn edit(&self, edit: &Edit) -> String {
        let text = self.text();
        let who = |id: &MemberId| {
            let id = id.to_string();
            let you = if id == self.subject { self.you() } else { "no" };
            (you, self.names.member(&id))
        };
        match edit {
            Edit::Level { member, resource, level } => {
                let (you, name) = who(member);
                let level = self.level_name(resource, level);
                text!(
                    text,
                    "why-edit-level",
                    you = you,
                    name = name,
                    resource = self.title(resource),
                    level = level
                )
            }
            Edit::Visibility { member, visibility } => {
                let ((you, name), visibility) = (who(member), self.level(visibility.scope()));
                text!(
                    text,
                    "why-edit-visibility",
                    you = you,
                    name = name,
                    visibility = visibility
                )
            }
            Edit::Reactivate { member } => {
                let (you, name) = who(member);
                text!(text, "why-edit-reactivate", you = you, name = name)
            }
            Edit::Join { member, team } => {
                let ((you, name), team) = (who(member), self.names.team(&team.to_string()));
                text!(text, "why-edit-join", you = you, name = name, team = team)
            }
            Edit::Role { member, role } => {
                let ((you, name), role) = (who(member), self.role(role));
                text!(text, "why-edit-role", you = you, name = name, role = role)
            }
            Edit::Assign { member, manager } => {
                let ((you, name), (_, other)) = (who(member), who(manager));
                text!(text, "why-edit-assign", you = you, name = name, other = other)
            }
            Edit::Department { member, other } => {
                let ((you, name), (_, other)) = (who(member), who(other));
                text!(text, "why-edit-department", you = you, name = name, other = other)
            }
            Edit::Sharing { team, sharing } => {
                let team = self.names.team(&team.to_string());
                let sharing = self.level(sharing.scope());
                text!(text, "why-edit-sharing", team = team, sharing = sharing)
            }
            Edit::Profile { profile, cells, scope } => {
                let profile = self.names.profile(&profile.to_string());
                let acts = self.permissions(cells, *scope);
                text!(text, "why-edit-profile", profile = profile, acts = acts)
            }
            Edit::Grants { role, cells, scope } => {
                let role = self.names.role(&role.to_string());
                let acts = self.permissions(cells, *scope);
                text!(text, "why-edit-grants", role = role, acts = acts)
            }
            Edit::Module { key } => {
                text!(text, "why-edit-module", resource = self.title(key))
            }
            Edit::Switch { key, on: true } => {
                text!(text, "why-edit-switch-on", switch = self.switch(key))
            }
            Edit::Switch { key, on: false } => {
                text!(text, "why-edit-switch-off", switch = self.switch(key))
            }
        }
    }

    fn permissions(&self, cells: &[(String, String)], scope: Scope) -> String {
        let known = cells.iter().filter_map(|(resource, action)| {
            Some(self.permission(self.policy.cell(resource, action)?, scope))
        });
        self.list(&known.collect::<Vec<_>>())
    }

    fn level_name(&self, resource: &str, level: &str) -> String {
        let known = self.policy.resources().iter().find(|known| known.key == resource);
        let level: Option<&Level> =
            known.and_then(|known| known.ladder.iter().find(|known| known.key == level));
        level.map_or_else(String::new, |level| level.name.clone())
    }
}
