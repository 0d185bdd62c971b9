//! The sources of a member's grants on an action, with their scopes and restrictions.

use crate::blueprint::Level;
use crate::catalog::Cell;
use crate::class::OwnSource;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::scope::{Scope, Scopes, Sharing, Visibility};

/// Where a grant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantSource<'p> {
    /// The member's role: the key of a built-in role or the id of a custom one.
    Role(&'p str),
    /// A profile, through a team of the member.
    Profile {
        /// The profile's id.
        profile: &'p str,
        /// The team's id.
        team: &'p str,
    },
    /// The member's level on the resource.
    Level(&'p Level),
    /// The billing contact flag.
    BillingContact,
    /// A switch of the workspace, by key.
    Switch(&'p str),
    /// The blueprint, which lets every member who may read a record type read its unowned records.
    Unowned,
}

/// What restricts the scopes of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// The record sharing of the team.
    Sharing(Sharing),
    /// The visibility of the member, where it bounds the role.
    Visibility(Visibility),
}

/// A grant with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcedGrant<'p> {
    /// Where it comes from.
    pub source: GrantSource<'p>,
    /// The scopes as granted.
    pub scopes: Scopes,
    /// What restricts them, if anything does.
    pub restriction: Option<Restriction>,
}

impl Policy {
    /// The grants of a member on an action, from every source. That changing a record requires
    /// reading it is not taken into account.
    ///
    /// ```
    /// use hallpass_engine::{Blueprint, GrantSource, Member, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// # let workspace = Workspace { members: vec![Member::new("anna", "manager")], ..Workspace::default() };
    /// # let policy = Policy::compile(&blueprint, &workspace)?;
    /// let (anna, read) = (policy.member("anna").unwrap(), policy.cell("deals", "read").unwrap());
    /// let grants = policy.sources(anna, read);
    /// assert_eq!(grants[0].source, GrantSource::Role("manager"));
    /// assert_eq!(grants[0].scopes.to_string(), "own + assigned");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn sources(&self, member: MemberIndex, cell: Cell) -> Vec<SourcedGrant<'_>> {
        let mut sources = Vec::new();
        let (Some(key), Some(row)) =
            (self.class_key(member), self.member_table.rows.get(member.0))
        else {
            return sources;
        };
        let own = self.compiled.contributions(key, cell);
        sources.extend(own.filter_map(|(own, scopes)| {
            let restriction = match own {
                OwnSource::Role { is_bounded: true } => {
                    Some(Restriction::Visibility(key.visibility))
                }
                OwnSource::Role { is_bounded: false }
                | OwnSource::Level(_)
                | OwnSource::BillingContact
                | OwnSource::Switch(_) => None,
            };
            Some(SourcedGrant {
                source: self.source(own, key.role, cell)?,
                scopes,
                restriction,
            })
        }));
        let teams = self.member_table.teams_of(row).iter();
        sources.extend(teams.filter_map(|team| self.team_source(*team, cell)));
        let blueprint = &self.compiled.blueprint;
        if blueprint.unowned_is_visible
            && self.compiled.catalog.reads_records(cell)
            && !sources.is_empty()
        {
            let scopes = Scope::Unowned.into();
            sources.push(SourcedGrant {
                source: GrantSource::Unowned,
                scopes,
                restriction: None,
            });
        }
        sources
    }

    pub(crate) fn source(
        &self,
        own: OwnSource,
        role: u32,
        cell: Cell,
    ) -> Option<GrantSource<'_>> {
        Some(match own {
            OwnSource::Role { .. } => {
                GrantSource::Role(&self.compiled.roles.get(role as usize)?.id)
            }
            OwnSource::Level(count) => {
                let ladder = &self.compiled.catalog.resource(cell)?.ladder;
                GrantSource::Level(ladder.get(usize::from(count).checked_sub(1)?)?)
            }
            OwnSource::BillingContact => GrantSource::BillingContact,
            OwnSource::Switch(index) => {
                GrantSource::Switch(&self.compiled.blueprint.switches.get(index)?.key)
            }
        })
    }

    pub(crate) fn team_source(&self, team: u32, cell: Cell) -> Option<SourcedGrant<'_>> {
        let team_grant = self.team_grants.team_grant(team)?;
        let profile = self.compiled.profiles.get(team_grant.profile? as usize)?.as_ref()?;
        let resource = self.compiled.catalog.resource(cell)?;
        let scope = profile.cells.grants(resource, self.compiled.catalog.action(cell))?;
        let is_restricted = team_grant.sharing.cap(scope) != scope;
        Some(SourcedGrant {
            source: GrantSource::Profile { profile: &profile.id, team: &team_grant.id },
            scopes: scope.into(),
            restriction: is_restricted.then_some(Restriction::Sharing(team_grant.sharing)),
        })
    }
}
