//! The grounds of a right: which source grants an action, how far, and what narrows it.

use crate::catalog::Cell;
use crate::class::Own;
use crate::policy::Policy;
use crate::roster::MemberIndex;
use crate::scope::{Scope, Scopes, Sharing, Visibility};

/// Where a grant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'p> {
    /// The member's role: the key of a built-in one or the id of a custom one.
    Role(&'p str),
    /// A profile, through a team that carries it.
    Profile {
        /// The profile's id.
        profile: &'p str,
        /// The team's id.
        team: &'p str,
    },
    /// The member's level on the resource, by key.
    Level(&'p str),
    /// The flag.
    BillingContact,
    /// A switch of the workspace, by key.
    Switch(&'p str),
    /// The blueprint: what nobody owns is visible to everyone who may read its record type.
    Unowned,
}

/// What makes a grant reach less than it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrowing {
    /// The team's record sharing.
    Sharing(Sharing),
    /// The member's visibility, where it bounds the role.
    Visibility(Visibility),
}

/// One source that grants an action, with the scopes that it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground<'p> {
    /// Where it comes from.
    pub source: Source<'p>,
    /// The scopes as granted.
    pub scopes: Scopes,
    /// What narrows them, if anything does.
    pub narrowing: Option<Narrowing>,
}

impl Policy {
    /// Everything that grants an action to a member, with nothing taken off for what may be read.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Source, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let workspace = Workspace { members: vec![Member::new("anna", "manager")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, read) = (policy.member("anna").unwrap(), policy.cell("deals", "read").unwrap());
    /// let grounds = policy.grounds(anna, read);
    /// assert_eq!(grounds[0].source, Source::Role("manager"));
    /// assert_eq!(grounds[0].scopes.to_string(), "own + assigned");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn grounds(&self, member: MemberIndex, cell: Cell) -> Vec<Ground<'_>> {
        let mut grounds = Vec::new();
        let (Some(key), Some(row)) = (self.class_key(member), self.roster.rows.get(member.0))
        else {
            return grounds;
        };
        let own = self.book.contributions(key, cell);
        grounds.extend(own.filter_map(|(own, scopes)| {
            let narrowing = match own {
                Own::Role { is_bounded: true } => Some(Narrowing::Visibility(key.visibility)),
                Own::Role { is_bounded: false }
                | Own::Level(_)
                | Own::BillingContact
                | Own::Switch(_) => None,
            };
            Some(Ground { source: self.source(own, key.role, cell)?, scopes, narrowing })
        }));
        let teams = self.roster.teams_of(row).iter();
        grounds.extend(teams.filter_map(|team| self.team_ground(*team, cell)));
        let blueprint = &self.book.blueprint;
        if blueprint.unowned_is_visible
            && self.book.catalog.reads_records(cell)
            && !grounds.is_empty()
        {
            let scopes = Scope::Unowned.into();
            grounds.push(Ground { source: Source::Unowned, scopes, narrowing: None });
        }
        grounds
    }

    fn source(&self, own: Own, role: u32, cell: Cell) -> Option<Source<'_>> {
        Some(match own {
            Own::Role { .. } => Source::Role(&self.book.roles.get(role as usize)?.id),
            Own::Level(climbed) => {
                let ladder = &self.book.catalog.resource(cell)?.ladder;
                Source::Level(&ladder.get(usize::from(climbed).checked_sub(1)?)?.key)
            }
            Own::BillingContact => Source::BillingContact,
            Own::Switch(index) => Source::Switch(&self.book.blueprint.switches.get(index)?.key),
        })
    }

    fn team_ground(&self, team: u32, cell: Cell) -> Option<Ground<'_>> {
        let lane = self.lanes.lane(team)?;
        let profile = self.book.profiles.get(lane.profile? as usize)?.as_ref()?;
        let resource = self.book.catalog.resource(cell)?;
        let scope = profile.cells.grants(resource, self.book.catalog.action(cell))?;
        let is_narrowed = lane.sharing.cap(scope) != scope;
        Some(Ground {
            source: Source::Profile { profile: &profile.id, team: &lane.id },
            scopes: scope.into(),
            narrowing: is_narrowed.then_some(Narrowing::Sharing(lane.sharing)),
        })
    }
}
