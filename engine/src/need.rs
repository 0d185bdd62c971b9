//! What a denied action lacks: advice that turns the answer, and nothing else.
//!
//! **Invariant:** each need is what a change of the member's grants would give, computed as a
//! compilation computes it: within the bounds of visibility and record sharing, and with scopes that the
//! blueprint can grant.

use crate::catalog::Cell;
use crate::class::ClassKey;
use crate::decide::Target;
use crate::member_table::{MemberIndex, MemberTable};
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::{Scope, Scopes, Sharing, Visibility};

/// What would allow an action that no sufficient grant covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'p> {
    /// A grant of the member's role, and a wider visibility where that bounds the role.
    Grant {
        /// The action.
        cell: Cell,
        /// The scope of the grant.
        scope: Scope,
        /// The visibility that the grant needs, if the member's is too narrow for it.
        visibility: Option<Visibility>,
    },
    /// Another role, which grants it: the rules for custom roles do not let the member's role grant it.
    Role {
        /// The action.
        cell: Cell,
        /// The scope of the grant.
        scope: Scope,
    },
    /// A wider visibility: the grants of the member are enough then.
    Visibility {
        /// The action.
        cell: Cell,
        /// The visibility.
        visibility: Visibility,
    },
    /// A grant of the profile of one of the member's teams.
    Profile {
        /// The action.
        cell: Cell,
        /// The scope of the grant.
        scope: Scope,
        /// The id of the team.
        team: &'p str,
        /// Whether the team has a profile already.
        has_profile: bool,
        /// The record sharing that the grant needs, if that of the team is too narrow for it.
        sharing: Option<Sharing>,
    },
    /// A team with a profile that grants it: the member is in no team.
    Team {
        /// The action.
        cell: Cell,
        /// The scope of the grant.
        scope: Scope,
    },
}

impl Need<'_> {
    /// The action that lacks something: the requested one, or the read action that bounds it.
    #[must_use]
    pub const fn cell(&self) -> Cell {
        match self {
            Need::Grant { cell, .. }
            | Need::Role { cell, .. }
            | Need::Visibility { cell, .. }
            | Need::Profile { cell, .. }
            | Need::Team { cell, .. } => *cell,
        }
    }
}

/// Whether a need differs from another only by its scope, which is wider.
pub(crate) fn is_wider(first: &Need<'_>, next: &Need<'_>) -> bool {
    match (first, next) {
        (Need::Grant { visibility, .. }, Need::Grant { visibility: other, .. }) => {
            visibility == other
        }
        (
            Need::Profile { team, sharing, .. },
            Need::Profile { team: other, sharing: others, .. },
        ) => team == other && sharing == others,
        (
            Need::Grant { .. }
            | Need::Role { .. }
            | Need::Visibility { .. }
            | Need::Profile { .. }
            | Need::Team { .. },
            _,
        ) => false,
    }
}

impl Policy {
    /// The needs of a member on a cell whose grants do not cover a target. One of them is enough.
    pub(crate) fn needs(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Vec<Need<'_>> {
        let Some(key) = self.class_key(member) else { return Vec::new() };
        let holding = self.all_relations(member, target);
        let mut needs = if self.is_granted_by_profiles(cell) {
            self.profile_needs(member, cell, target)
        } else {
            self.role_needs(key, cell, holding)
        };
        needs.extend(self.visibility_need(key, cell, holding));
        needs
    }

    /// Whether members get grants on a cell from profiles rather than from roles that a workspace edits.
    pub(crate) fn is_granted_by_profiles(&self, cell: Cell) -> bool {
        let blueprint = &self.compiled.blueprint;
        let is_scoped = self.compiled.catalog.resource(cell).is_some_and(|known| known.scoped);
        blueprint.profiles.is_some() && blueprint.custom_roles.is_none() && is_scoped
    }

    /// The visibilities beyond that of a class, from narrow to wide.
    fn wider(&self, key: &ClassKey) -> impl Iterator<Item = Visibility> {
        let is_used = self.compiled.blueprint.visibility.is_some();
        let mine = key.visibility;
        Visibility::EVERY.into_iter().filter(move |wider| is_used && *wider > mine)
    }

    /// A visibility with which the grants of a class would be enough.
    pub(crate) fn visibility_need(
        &self,
        key: &ClassKey,
        cell: Cell,
        holding: Relations,
    ) -> Option<Need<'_>> {
        let mut wider = self.wider(key);
        let visibility = wider.find(|visibility| {
            let key = ClassKey { visibility: *visibility, ..key.clone() };
            self.compiled.class_relations(&key, cell).intersects(holding)
        })?;
        Some(Need::Visibility { cell, visibility })
    }

    /// The scopes that a grant of the role would need. If none is enough for the visibility of the
    /// member, and neither is a wider visibility alone, both together.
    fn role_needs(&self, key: &ClassKey, cell: Cell, holding: Relations) -> Vec<Need<'_>> {
        let covers = |scope: Scope, visibility: Visibility| {
            let key = ClassKey { visibility, ..key.clone() };
            self.compiled.role_relations(&key, cell, scope.into()).intersects(holding)
        };
        let Some(scopes) = self.role_scopes(key, cell) else {
            return vec![Need::Role { cell, scope: Scope::All }];
        };
        let with = |visibility: Visibility| {
            let wider = Some(visibility).filter(|wider| *wider != key.visibility);
            let covering = scopes.iter().filter(move |scope| covers(*scope, visibility));
            let needs: Vec<Need<'_>> =
                covering.map(|scope| Need::Grant { cell, scope, visibility: wider }).collect();
            needs
        };
        let now = with(key.visibility);
        if !now.is_empty() || self.visibility_need(key, cell, holding).is_some() {
            return now;
        }
        // Custom roles may have no scope that covers the target, whatever the visibility.
        let with_wider = self.wider(key).map(with).find(|needs| !needs.is_empty());
        with_wider.unwrap_or_else(|| vec![Need::Role { cell, scope: Scope::All }])
    }

    /// The scopes that a role can grant on a cell: those of custom roles for a custom role, `None` if it
    /// cannot grant it at all; else those that any grant of the blueprint uses.
    fn role_scopes(&self, key: &ClassKey, cell: Cell) -> Option<Scopes> {
        let all = Scopes::from(Scope::All);
        let resource = self.compiled.catalog.resource(cell)?;
        let action = self.compiled.catalog.action(cell);
        let blueprint = &self.compiled.blueprint;
        let role = self.compiled.roles.get(key.role as usize);
        let is_custom = role.is_some_and(|role| role.is_custom);
        let Some(rules) = blueprint.custom_roles.as_ref().filter(|_| is_custom) else {
            let scopes = blueprint.granted_scopes().union(all);
            return Some(if resource.scoped { scopes } else { all });
        };
        let names = |keys: &Option<Vec<String>>, key: &str| {
            keys.as_ref().is_none_or(|keys| keys.iter().any(|known| known == key))
        };
        if !names(&rules.resources, &resource.key) || !names(&rules.actions, action) {
            return None;
        }
        let scopes: Scopes =
            rules.scopes.iter().copied().filter(|scope| *scope != Scope::Visible).collect();
        Some(if resource.scoped { scopes } else { all })
    }

    /// The grants that the profiles of the member's teams would need.
    fn profile_needs(&self, member: MemberIndex, cell: Cell, target: Target) -> Vec<Need<'_>> {
        let Some(row) = self.member_table.rows.get(member.0) else { return Vec::new() };
        let owner = match target {
            Target::OwnedBy(owner) => self.member_table.rows.get(owner.0),
            Target::Any | Target::Unowned | Target::OwnedByNonMember => None,
        };
        let common = self.all_relations(member, target).difference(Relations::TEAM);
        let mut needs = Vec::new();
        for team in self.member_table.teams_of(row) {
            let Some(grant) = self.team_grants.team_grant(*team) else { continue };
            let is_in = owner.is_some_and(|owner| {
                MemberTable::may_share_team(row, owner)
                    && self.member_table.is_in_team(owner, *team)
            });
            let holds_all = target == Target::Any;
            let holding = common.union(Relations::TEAM.when(is_in | holds_all));
            let covers = |scope: Scope, sharing: Sharing| {
                let relations = Relations::of(sharing.cap(scope).into(), Visibility::Own);
                self.compiled.with_unowned(cell, relations).intersects(holding)
            };
            let need = |scope: Scope, sharing: Option<Sharing>| Need::Profile {
                cell,
                scope,
                team: &grant.id,
                has_profile: grant.profile.is_some(),
                sharing,
            };
            let scopes = PROFILE_SCOPES.into_iter();
            let now: Vec<Need<'_>> = scopes
                .clone()
                .filter(|scope| covers(*scope, grant.sharing))
                .map(|scope| need(scope, None))
                .collect();
            if now.is_empty() {
                let wider = Sharing::EVERY.into_iter().filter(|wider| *wider > grant.sharing);
                let mut pairs =
                    wider.flat_map(|wider| PROFILE_SCOPES.map(|scope| (scope, wider)));
                let pair = pairs.find(|(scope, wider)| covers(*scope, *wider));
                needs.extend(pair.map(|(scope, wider)| need(scope, Some(wider))));
            }
            needs.extend(now);
        }
        if needs.is_empty() {
            needs.push(Need::Team { cell, scope: Scope::All });
        }
        needs
    }
}

/// The scopes that a profile can grant, from narrow to wide.
const PROFILE_SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];
