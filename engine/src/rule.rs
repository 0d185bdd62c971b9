//! The rule that decides an answer: the grant that allows an action, or the setting that limits it.
//!
//! **Invariant:** an answer has one deciding rule. Without the grant that it names, an allowed action is
//! denied or allowed by another rule; with the limit lifted, a denied one is allowed or denied by the next.

use crate::blueprint::Level;
use crate::catalog::Cell;
use crate::class::{ClassKey, OwnSource};
use crate::compiled_grants::CompiledGrants;
use crate::decide::Target;
use crate::grant_source::GrantSource;
use crate::member_table::{MemberIndex, MemberTable};
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::{Scopes, Visibility};

/// The rule that decides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<'p> {
    /// The cell that it is about: of the action, or of reading, which limits the action.
    pub cell: Cell,
    /// What decides.
    pub deciding: Deciding<'p>,
    /// The relation to the owner by which a grant allows it; none when it is denied.
    pub relation: Relations,
}

/// What decides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deciding<'p> {
    /// The member is inactive.
    Status,
    /// A grant allows it, or is the one that does not cover it.
    Grant(GrantSource<'p>),
    /// The member's level is too low.
    Level {
        /// The level of the member, if they have one.
        level: Option<&'p Level>,
        /// The lowest level that is enough.
        enough: &'p Level,
    },
    /// The member's visibility is too narrow.
    Visibility(Visibility),
    /// No team of the member has a profile.
    NoTeam,
    /// The boundary of the member does not cover it, and their grants do.
    Boundary,
}

impl Policy {
    /// The grants of a member on a cell with the relations by which each admits a target, of those
    /// that admit it.
    fn admitting(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Vec<(GrantSource<'_>, Relations)> {
        let mut found = Vec::new();
        let rows = (self.class_key(member), self.member_table.rows.get(member.0));
        let (Some(key), Some(row)) = rows else { return found };
        let holding = self.all_relations(member, target);
        let mut is_granted = false;
        for (own, scopes) in self.compiled.contributions(key, cell) {
            is_granted = true;
            let relations = CompiledGrants::relations_of(key, (own, scopes));
            if let Some(source) = self.source(own, key.role, cell)
                && relations.intersects(holding)
            {
                found.push((source, relations.intersection(holding)));
            }
        }
        let owner = match target {
            Target::OwnedBy(owner) => self.member_table.rows.get(owner.0),
            Target::Any | Target::Unowned | Target::OwnedByNonMember => None,
        };
        let common = holding.difference(Relations::TEAM);
        for team in self.member_table.teams_of(row) {
            let Some(grant) = self.team_source(*team, cell) else { continue };
            is_granted = true;
            let is_in = owner.is_some_and(|owner| {
                MemberTable::may_share_team(row, owner)
                    && self.member_table.is_in_team(owner, *team)
            });
            let team_holds = Relations::TEAM.when(is_in || target == Target::Any);
            let sharing = self.team_grants.team_grant(*team).map(|team| team.sharing);
            let scopes: Scopes = grant
                .scopes
                .iter()
                .map(|scope| sharing.map_or(scope, |sharing| sharing.cap(scope)))
                .collect();
            let admitted = Relations::of(scopes, Visibility::Own);
            let relations = admitted.intersection(common.union(team_holds));
            if !relations.is_empty() {
                found.push((grant.source, relations));
            }
        }
        let shows_unowned =
            self.compiled.with_unowned(cell, Relations::NONE).intersects(holding);
        if is_granted && shows_unowned {
            found.push((GrantSource::Unowned, Relations::UNOWNED));
        }
        found
    }

    /// The grant that allows an action: that which the member has on their own records, or the first.
    pub(crate) fn allowing_rule(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Option<Rule<'_>> {
        let admitting = self.admitting(member, cell, target);
        let is_own = |(_, relations): &&(GrantSource<'_>, Relations)| {
            target != Target::Any && relations.contains(Relations::SELF)
        };
        let own = admitting.iter().find(is_own);
        let (source, relations) = own.or(admitting.first())?;
        let relation = if own.is_some() {
            Relations::SELF
        } else {
            relations.iter().next().unwrap_or_default()
        };
        Some(Rule { cell, deciding: Deciding::Grant(*source), relation })
    }

    /// The relation to the owner by which a grant allows an action; none when it is denied.
    ///
    /// ```
    /// use hallpass_engine::{Relations, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (ben, read) = (policy.member("ben").unwrap(), policy.cell("contacts", "read").unwrap());
    /// assert_eq!(policy.relation(ben, read, Target::OwnedBy(ben)), Relations::SELF);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn relation(&self, member: MemberIndex, cell: Cell, target: Target) -> Relations {
        if !self.decide(member, cell, target) {
            return Relations::NONE;
        }
        self.allowing_rule(member, cell, target).map_or(Relations::NONE, |rule| rule.relation)
    }

    /// What limits an active member who has no sufficient grant on a cell.
    pub(crate) fn limiting_rule(
        &self,
        member: MemberIndex,
        cell: Cell,
        target: Target,
    ) -> Rule<'_> {
        let deciding = self.limit(member, cell, target).unwrap_or(Deciding::NoTeam);
        Rule { cell, deciding, relation: Relations::NONE }
    }

    fn limit(&self, member: MemberIndex, cell: Cell, target: Target) -> Option<Deciding<'_>> {
        let key = self.class_key(member)?;
        let holding = self.all_relations(member, target);
        if self.visibility_need(key, cell, holding).is_some() {
            return Some(Deciding::Visibility(key.visibility));
        }
        if let Some((level, enough)) = self.level_need(key, cell, holding) {
            return Some(Deciding::Level { level, enough });
        }
        if !self.is_granted_by_profiles(cell) {
            let role = &self.compiled.roles.get(key.role as usize)?.id;
            return Some(Deciding::Grant(GrantSource::Role(role)));
        }
        let row = self.member_table.rows.get(member.0)?;
        let teams = self.member_table.teams_of(row).iter();
        let granting = teams.clone().find_map(|team| self.team_source(*team, cell));
        let carrying = || {
            teams.clone().find_map(|team| {
                let team = self.team_grants.team_grant(*team)?;
                let profile = self.compiled.profiles.get(team.profile? as usize)?.as_ref()?;
                Some(GrantSource::Profile { profile: &profile.id, team: &team.id })
            })
        };
        let profile = granting.map(|grant| grant.source).or_else(carrying);
        Some(profile.map_or(Deciding::NoTeam, Deciding::Grant))
    }

    /// The level of a class and the lowest one with which its grants on a cell would be enough.
    fn level_need(
        &self,
        key: &ClassKey,
        cell: Cell,
        holding: Relations,
    ) -> Option<(Option<&Level>, &Level)> {
        let role = self.compiled.roles.get(key.role as usize)?;
        let resource = self.compiled.catalog.resource(cell).filter(|_| role.has_levels)?;
        let resources = self.compiled.catalog.resources();
        let ladder = self.compiled.ladders.iter().position(|index| {
            resources.get(*index).is_some_and(|other| other.key == resource.key)
        })?;
        let count = usize::from(*key.levels.get(ladder)?);
        let action = self.compiled.catalog.action_index(cell);
        let enough = resource.ladder.iter().skip(count).find(|level| {
            let scopes = level.scope.into();
            let granted = (OwnSource::Level(0), scopes);
            level.actions.contains(&action)
                && self
                    .compiled
                    .with_unowned(cell, CompiledGrants::relations_of(key, granted))
                    .intersects(holding)
        })?;
        Some((count.checked_sub(1).and_then(|at| resource.ladder.get(at)), enough))
    }

    /// Everything that the grants of a member admit on a cell, own and through teams.
    ///
    /// ```
    /// use hallpass_engine::Relations;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (ben, read) = (policy.member("ben").unwrap(), policy.cell("contacts", "read").unwrap());
    /// assert_eq!(policy.granted_relations(ben, read), Relations::SELF);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn granted_relations(&self, member: MemberIndex, cell: Cell) -> Relations {
        let (Some(key), Some(row)) =
            (self.class_key(member), self.member_table.rows.get(member.0))
        else {
            return Relations::NONE;
        };
        let own = self.compiled.class_relations(key, cell);
        let teams = self.member_table.teams_of(row).iter();
        let through = teams.map(|team| self.team_grants.relations(*team, cell.0).action);
        through.fold(own, Relations::union)
    }

    /// Whether a member is the direct manager of another.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// assert!(!policy.is_direct_manager(anna, ben));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_direct_manager(&self, manager: MemberIndex, member: MemberIndex) -> bool {
        let row = self.member_table.rows.get(member.0);
        row.is_some_and(|row| row.manager == manager.0)
    }
}
