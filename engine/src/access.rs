//! Effective access: every action of a member with its reach and where it comes from.

use std::fmt;

use crate::blueprint::Resource;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::grant_source::SourcedGrant;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::Scopes;

/// How far an action reaches for a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What the member's own grants reach, and what comes through teams but is not of a team.
    pub relations: Relations,
    /// Ids of teams whose members' records are reached through a profile, in their order.
    pub teams: Vec<String>,
    /// Whether only what may be read is reached, and reading reaches less than the rest says.
    pub within_reading: bool,
}

impl Reach {
    /// Whether nothing is granted.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.reach(ben, policy.cell("contacts", "delete").unwrap()).is_empty());
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.teams.is_empty()
    }

    /// Whether every record is reached.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.reach(anna, read).is_all());
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.relations == Relations::ALL && !self.within_reading
    }

    /// What reading leaves of it.
    fn within(self, reading: &Reach) -> Reach {
        if reading.is_empty() {
            return Reach::default();
        }
        let covers = |wide: &Reach, narrow: &Reach| {
            wide.relations.has(Relations::ALL)
                || (wide.relations.has_every(narrow.relations)
                    && narrow.teams.iter().all(|team| wide.teams.contains(team)))
        };
        if self.is_empty() || covers(reading, &self) {
            return self;
        }
        if covers(&self, reading) {
            return reading.clone();
        }
        Reach { within_reading: true, ..self }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relations = (!self.relations.is_empty() || self.teams.is_empty())
            .then(|| self.relations.to_string());
        let teams = self.teams.iter().map(|team| format!("team {team}"));
        let parts: Vec<String> = relations.into_iter().chain(teams).collect();
        f.write_str(&parts.join(" + "))?;
        if self.within_reading { f.write_str(", of what may be read") } else { Ok(()) }
    }
}

/// One action that a member may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePermission<'p> {
    /// The action.
    pub cell: Cell,
    /// How far, with what may be read taken into account.
    pub reach: Reach,
    /// Every source that grants it.
    pub sources: Vec<SourcedGrant<'p>>,
}

impl Policy {
    /// What a role grants by itself, cell by cell, as the switches say now; nothing for an unknown
    /// role. Reading bounds writing on top of it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let policy = Policy::compile(&blueprint, &Workspace::default())?;
    /// let granted = policy.granted_by_role("member");
    /// assert!(granted.contains(&("deals", "create", Scope::Own.into())));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn granted_by_role(&self, role: &str) -> Vec<(&str, &str, Scopes)> {
        let index = self.compiled.role_by_id.get(role);
        let found = index.and_then(|index| self.compiled.roles.get(*index as usize));
        let cells =
            found.into_iter().flat_map(|role| self.compiled.catalog.cells().zip(&role.scopes));
        cells
            .filter(|(_, scopes)| !scopes.is_empty())
            .map(|(cell, scopes)| {
                let (resource, action) = self.keys(cell);
                (resource, action, *scopes)
            })
            .collect()
    }

    /// How far an action reaches for a member.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "manager")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, close) = (policy.member("anna").unwrap(), policy.cell("deals", "close").unwrap());
    /// assert_eq!(policy.reach(anna, close).to_string(), "own + assigned");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn reach(&self, member: MemberIndex, cell: Cell) -> Reach {
        let granted = self.granted_reach(member, cell);
        match self.compiled.catalog.bound(cell) {
            Some(reading) => granted.within(&self.granted_reach(member, reading)),
            None => granted,
        }
    }

    fn granted_reach(&self, member: MemberIndex, cell: Cell) -> Reach {
        let Some(row) = self.member_table.rows.get(member.0).filter(|_| self.is_active(member))
        else {
            return Reach::default();
        };
        let own = self.classes.rows.get(row.class, cell.0).asked;
        let mut reach = Reach { relations: own, ..Reach::default() };
        for team in self.member_table.teams_of(row) {
            let relations = self.team_grants.pair(*team, cell.0).asked;
            reach.relations = reach.relations.union(relations.without(Relations::TEAM));
            if relations.has(Relations::TEAM) {
                reach.teams.extend(
                    self.team_grants.team_grant(*team).map(|team_grant| team_grant.id.clone()),
                );
            }
        }
        if reach.relations.has(Relations::ALL) {
            reach = Reach { relations: Relations::ALL, ..Reach::default() };
        }
        reach
    }

    /// Everything that a member may do, in the blueprint's order; what they may not is left out.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let keys: Vec<_> = policy.access(ben).iter().map(|right| policy.keys(right.cell).1).collect();
    /// assert_eq!(keys[..3], ["create", "read", "update"]);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn access(&self, member: MemberIndex) -> Vec<EffectivePermission<'_>> {
        let cells = self.cells().filter(|cell| self.decide(member, *cell, Target::Any));
        let right = |cell: Cell| EffectivePermission {
            cell,
            reach: self.reach(member, cell),
            sources: self.sources(member, cell),
        };
        cells.map(right).collect()
    }

    /// The resources that a member may open, in the blueprint's order: what the sidebar shows
    /// (HARI-114, HALO-205). The first is where they land who have chosen no page.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// let keys: Vec<_> = policy.navigation(ben).map(|resource| resource.key.as_str()).collect();
    /// assert_eq!(keys, ["contacts", "deals"]);
    /// # Ok::<(), Mistakes>(())
    /// ```
    pub fn navigation(&self, member: MemberIndex) -> impl Iterator<Item = &Resource> {
        self.resources().iter().filter(move |resource| self.may_open(member, resource))
    }

    /// A resource opens by its reading action; one that has none, and settings, by any action.
    fn may_open(&self, member: MemberIndex, resource: &Resource) -> bool {
        let opens = |index: usize| match resource.read.filter(|_| resource.scoped) {
            Some(read) => read == index,
            None => true,
        };
        let mut opening =
            resource.actions.iter().enumerate().filter(|(index, _)| opens(*index));
        opening.any(|(_, action)| {
            let cell = self.cell(&resource.key, &action.key);
            cell.is_some_and(|cell| self.decide(member, cell, Target::Any))
        })
    }
}
