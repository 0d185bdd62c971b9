//! Resolves the ids and keys of a member to a class and links.

use crate::class::ClassKey;
use crate::compiled_grants::CompiledGrants;
use crate::member_table::{ABSENT, MemberLinks};
use crate::mistake::Mistake;
use crate::scope::Visibility;
use crate::team_grants::TeamGrants;
use crate::text::suggestion;
use crate::tree::Tree;
use crate::workspace::Member;

/// What a member's ids and keys are resolved with.
pub(crate) struct Resolver<'r> {
    pub(crate) compiled: &'r CompiledGrants,
    pub(crate) team_grants: &'r TeamGrants,
    pub(crate) tree: &'r Tree,
}

impl Resolver<'_> {
    /// Resolves a member; `find` returns the position of a member by id.
    pub(crate) fn resolve(
        &self,
        member: &Member,
        find: impl Fn(&str) -> Option<u32>,
    ) -> Result<(ClassKey, MemberLinks), Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let key = self.class_key(member, &mut mistakes);
        let links = self.links(member, find, &mut mistakes);
        if mistakes.is_empty() {
            return Ok((key, links));
        }
        let about = |mistake: Mistake| {
            Mistake::unplaced(
                format!("member `{}`: {}", member.id, mistake.message),
                mistake.hint,
            )
        };
        Err(mistakes.into_iter().map(about).collect())
    }

    /// Resolves the role, visibility, flag and levels.
    fn class_key(&self, member: &Member, mistakes: &mut Vec<Mistake>) -> ClassKey {
        let role = self.compiled.role_by_id.get(&member.role).copied();
        if role.is_none() {
            mistakes.push(Mistake::unknown("role", &member.role));
        }
        let blueprint = &self.compiled.blueprint;
        if member.is_billing_contact && blueprint.billing_contact.is_none() {
            mistakes.push(self.lacks("billing contact"));
        }
        if member.visibility != Visibility::Own && blueprint.visibility.is_none() {
            mistakes.push(self.lacks("visibility"));
        }
        ClassKey {
            role: role.unwrap_or(u32::MAX),
            visibility: member.visibility,
            is_billing_contact: member.is_billing_contact,
            levels: self.levels(&member.levels, mistakes),
        }
    }

    fn lacks(&self, layer: &str) -> Mistake {
        let message = format!("the blueprint `{}` has no {layer}", self.compiled.blueprint.id);
        Mistake::unplaced(message, None)
    }

    fn levels(&self, levels: &[(String, String)], mistakes: &mut Vec<Mistake>) -> Box<[u8]> {
        if levels.is_empty() {
            return std::iter::repeat_n(0, self.compiled.ladders.len()).collect();
        }
        let resources = self.compiled.catalog.resources();
        let with_ladder: Vec<_> =
            self.compiled.ladders.iter().filter_map(|index| resources.get(*index)).collect();
        let mut counts = vec![0_u8; with_ladder.len()];
        for (key, level) in levels {
            let at = with_ladder.iter().position(|resource| resource.key == *key);
            let Some((resource, place)) =
                at.and_then(|at| Some((with_ladder.get(at)?, counts.get_mut(at)?)))
            else {
                let keys = with_ladder.iter().map(|known| known.key.as_str());
                let message = format!("`{}` has no levels", key.escape_debug());
                mistakes.push(Mistake::unplaced(message, suggestion(key, keys)));
                continue;
            };
            let count = if level == "none" {
                Some(0)
            } else {
                resource.level(level).map(|position| position + 1)
            };
            match count.and_then(|count| u8::try_from(count).ok()) {
                Some(count) => *place = count,
                None => {
                    let keys = resource.ladder.iter().map(|known| known.key.as_str());
                    let message =
                        format!("unknown level `{}` of `{key}`", level.escape_debug());
                    mistakes.push(Mistake::unplaced(message, suggestion(level, keys)));
                }
            }
        }
        counts.into()
    }

    fn links(
        &self,
        member: &Member,
        find: impl Fn(&str) -> Option<u32>,
        mistakes: &mut Vec<Mistake>,
    ) -> MemberLinks {
        let blueprint = &self.compiled.blueprint;
        if member.department.is_some() && blueprint.departments.is_none() {
            mistakes.push(self.lacks("departments"));
        }
        if member.manager.is_some() && !blueprint.has_managers {
            mistakes.push(self.lacks("managers"));
        }
        let mut teams = Vec::with_capacity(member.teams.len());
        for team in &member.teams {
            match self.team_grants.find(team) {
                Some(index) => teams.push(index),
                None => mistakes.push(Mistake::unknown("team", team)),
            }
        }
        teams.sort_unstable();
        teams.dedup();
        let manager = member
            .manager
            .as_ref()
            .map(|id| find(id).ok_or_else(|| Mistake::unknown("manager", id)));
        let department = member.department.as_ref();
        let department = department
            .map(|id| self.tree.find(id).ok_or_else(|| Mistake::unknown("department", id)));
        let mut position = |found: Option<Result<u32, Mistake>>| match found {
            None => ABSENT,
            Some(Ok(index)) => index,
            Some(Err(mistake)) => {
                mistakes.push(mistake);
                ABSENT
            }
        };
        MemberLinks {
            is_active: member.is_active,
            manager: position(manager),
            department: position(department),
            teams,
        }
    }
}
