//! Effective permissions: every action that a member may do, with its reach and its sources.

use std::fmt;

use crate::blueprint::Resource;
use crate::catalog::Cell;
use crate::decide::Target;
use crate::grant_source::SourcedGrant;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::relations::Relations;
use crate::scope::Scopes;

/// The reach of an action for a member: which owners' records it covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The relations that the grants admit, except `TEAM` in grants of teams.
    pub relations: Relations,
    /// The ids of the teams whose profile covers the records of the team's members, in order.
    pub teams: Vec<String>,
    /// Whether the reach is further limited to what the member may read. False when the other fields
    /// take that into account.
    pub within_reading: bool,
}

impl Reach {
    /// Whether the action is not granted.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// assert!(policy.reach(ben, policy.cell("contacts", "delete").unwrap()).is_empty());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.teams.is_empty()
    }

    /// Whether every record is covered.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.reach(anna, read).is_all());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.relations == Relations::ALL && !self.within_reading
    }

    /// Limits the reach to that of the read action.
    fn within(self, reading: &Reach) -> Reach {
        if reading.is_empty() {
            return Reach::default();
        }
        let covers = |wide: &Reach, narrow: &Reach| {
            wide.relations.contains(Relations::ALL)
                || (wide.relations.contains(narrow.relations)
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
        if self.within_reading { f.write_str(", limited to readable records") } else { Ok(()) }
    }
}

/// An action that a member may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePermission<'p> {
    /// The action.
    pub cell: Cell,
    /// The reach, limited to what the member may read.
    pub reach: Reach,
    /// The grants, with their sources.
    pub sources: Vec<SourcedGrant<'p>>,
}

impl Policy {
    /// The grants of a role under the current switches: resource key, action key and scopes. Empty
    /// for an unknown role. That changing a record requires reading it is not taken into account.
    ///
    /// ```
    /// use hallpass_engine::Scope;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let granted = policy.granted_by_role("member");
    /// assert!(granted.contains(&("deals", "create", Scope::Own.into())));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
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

    /// The reach of an action for a member.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
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
        let limit = self.limit_on(member, cell);
        let own = limit.cap(self.classes.rows.get(row.class, cell.0).action);
        let mut reach = Reach { relations: own, ..Reach::default() };
        for team in self.member_table.teams_of(row) {
            let relations = limit.cap(self.team_grants.relations(*team, cell.0).action);
            reach.relations = reach.relations.union(relations.difference(Relations::TEAM));
            if relations.contains(Relations::TEAM) {
                reach.teams.extend(
                    self.team_grants.team_grant(*team).map(|team_grant| team_grant.id.clone()),
                );
            }
        }
        if reach.relations.contains(Relations::ALL) {
            reach = Reach { relations: Relations::ALL, ..Reach::default() };
        }
        reach
    }

    /// Lists everything that a member may do, in the order of the blueprint.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// let keys: Vec<_> = policy.access(ben).iter().map(|right| policy.keys(right.cell).1).collect();
    /// assert_eq!(keys[..3], ["create", "read", "update"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
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

    /// Lists the resources that a member may open, in the order of the blueprint: the navigation of
    /// the console (HARI-114, HALO-205). The first is the default start page.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// let keys: Vec<_> = policy.navigation(ben).map(|resource| resource.key.as_str()).collect();
    /// assert_eq!(keys, ["contacts", "deals"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn navigation(&self, member: MemberIndex) -> impl Iterator<Item = &Resource> {
        self.resources().iter().filter(move |resource| self.may_open(member, resource))
    }

    /// Whether a member may open a resource: by its read action if it has owners, else by any action.
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
