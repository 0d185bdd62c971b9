//! The reference: a slow and plain implementation of the access rules, in sets of owners.
//! **Invariant:** it shares no code with the engine, so that both do not share a defect.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::model::Permission;
use crate::model::Person;
use crate::model::Resource;
use crate::model::ResourceKind;
use crate::model::Scope;
use crate::model::Switch;
use crate::model::VisibilityLevel;
use crate::model::World;

/// The owner of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RecordOwner {
    /// The person at this index of the world.
    Person(usize),
    Unowned,
    /// Someone who is not a member, or no longer.
    NonMember,
}

/// The reach of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Whether it is granted at all, even if it covers no owner now.
    pub(crate) granted: bool,
    pub(crate) owners: BTreeSet<RecordOwner>,
}

/// Deliberate defects of a reference, to check that the comparison detects them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    ReadingBoundsNothing,
    ReadingBoundsCreating,
    CeilingIgnored,
    DepartmentWithoutSubtree,
    UnownedIsEditable,
    UnownedForEveryone,
    ProfileReachesAllMyTeams,
    InactiveMayAct,
    InactiveOwnersForgotten,
    IndirectReportsAlwaysCount,
    VisibilityBoundsNoRole,
    VisibilityBoundsEverySource,
    NonMembersAreUnowned,
    EveryBeatsTheCell,
    LevelAlone,
    LevelsForEveryRole,
    SwitchesStayAsTheyStart,
    BillingForEveryone,
    AllReachesMembersOnly,
}

/// Every flaw.
pub(crate) const FLAWS: [Flaw; 19] = [
    Flaw::ReadingBoundsNothing,
    Flaw::ReadingBoundsCreating,
    Flaw::CeilingIgnored,
    Flaw::DepartmentWithoutSubtree,
    Flaw::UnownedIsEditable,
    Flaw::UnownedForEveryone,
    Flaw::ProfileReachesAllMyTeams,
    Flaw::InactiveMayAct,
    Flaw::InactiveOwnersForgotten,
    Flaw::IndirectReportsAlwaysCount,
    Flaw::VisibilityBoundsNoRole,
    Flaw::VisibilityBoundsEverySource,
    Flaw::NonMembersAreUnowned,
    Flaw::EveryBeatsTheCell,
    Flaw::LevelAlone,
    Flaw::LevelsForEveryRole,
    Flaw::SwitchesStayAsTheyStart,
    Flaw::BillingForEveryone,
    Flaw::AllReachesMembersOnly,
];

/// Decides for a model and a world.
pub(crate) struct Reference<'w> {
    model: &'w Model,
    world: &'w World,
    flaw: Option<Flaw>,
    pub(crate) resources: Vec<Resource>,
}

impl<'w> Reference<'w> {
    pub(crate) fn new(model: &'w Model, world: &'w World) -> Reference<'w> {
        let resources = model.resources_with(&world.entities);
        Reference { model, world, flaw: None, resources }
    }

    pub(crate) fn with_flaw(model: &'w Model, world: &'w World, flaw: Flaw) -> Reference<'w> {
        Reference { flaw: Some(flaw), ..Reference::new(model, world) }
    }

    pub(crate) fn people(&self) -> &'w [Person] {
        &self.world.people
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// The reach of an action for a person.
    pub(crate) fn reach(&self, me: usize, resource: &Resource, action: &str) -> Reach {
        if !self.people()[me].active && !self.has(Flaw::InactiveMayAct) {
            return Reach::default();
        }
        let mut reach = self.granted(me, resource, action);
        if let Some(read) =
            resource.read.as_deref().filter(|_| self.is_bounded(resource, action))
        {
            let reading = self.granted(me, resource, read);
            reach.granted &= reading.granted;
            reach.owners.retain(|owner| reading.owners.contains(owner));
        }
        reach
    }

    /// Reading bounds every action except creating, on resources with owners.
    fn is_bounded(&self, resource: &Resource, action: &str) -> bool {
        resource.scoped
            && resource.read.as_deref() != Some(action)
            && (action != "create" || self.has(Flaw::ReadingBoundsCreating))
            && !self.has(Flaw::ReadingBoundsNothing)
    }

    /// The union of what the sources grant.
    fn granted(&self, me: usize, resource: &Resource, action: &str) -> Reach {
        let reads_records =
            resource.kind == ResourceKind::Records && resource.read.as_deref() == Some(action);
        let mut reach = Reach::default();
        let mut any_source = false;
        for (scope, bounded) in self.own_scopes(me, resource, action) {
            let bounded = (bounded && reads_records && !self.has(Flaw::VisibilityBoundsNoRole))
                || (reads_records && self.has(Flaw::VisibilityBoundsEverySource));
            let mut owners = self.owners(me, scope);
            if bounded {
                let seen = self.seen(me);
                owners.retain(|owner| seen.contains(owner));
            }
            any_source = true;
            reach.granted |= !bounded || self.can_remain(me, scope);
            reach.owners.extend(owners);
        }
        for team in &self.people()[me].teams {
            if let Some(owners) = self.through_team(me, team, resource, action) {
                any_source = true;
                reach.granted = true;
                reach.owners.extend(owners);
            }
        }
        let unowned_rule = self.model.unowned_is_visible
            && (reads_records || self.has(Flaw::UnownedIsEditable))
            && (any_source || self.has(Flaw::UnownedForEveryone));
        if unowned_rule {
            reach.granted = true;
            reach.owners.insert(RecordOwner::Unowned);
        }
        if self.has(Flaw::NonMembersAreUnowned) && reach.owners.contains(&RecordOwner::Unowned)
        {
            reach.owners.insert(RecordOwner::NonMember);
        }
        reach
    }

    /// Whether a scope can cover any record within the person's visibility, in any world: a person is
    /// never assigned to themselves, and only the visibility `all` includes unowned records.
    fn can_remain(&self, me: usize, scope: Scope) -> bool {
        match self.people()[me].sight {
            VisibilityLevel::All => true,
            VisibilityLevel::Department => scope != Scope::Unowned,
            VisibilityLevel::Own => scope != Scope::Unowned && scope != Scope::Assigned,
        }
    }

    /// The scopes from role, levels, flag and switches, each with whether visibility bounds it.
    fn own_scopes(&self, me: usize, resource: &Resource, action: &str) -> Vec<(Scope, bool)> {
        let person = &self.people()[me];
        let (from_role, bounded, has_levels) = self.role_scopes(person, resource, action);
        let mut scopes: Vec<(Scope, bool)> =
            from_role.into_iter().map(|scope| (scope, bounded)).collect();
        if has_levels || self.has(Flaw::LevelsForEveryRole) {
            let levels = self.level_scopes(person, resource, action);
            scopes.extend(levels.into_iter().map(|scope| (scope, false)));
        }
        let flag = self.model.billing.iter().flatten();
        let flag = flag.filter(|_| person.billing || self.has(Flaw::BillingForEveryone));
        let added = self.model.switches.iter().filter(|switch| self.is_on(switch));
        let added = added.flat_map(|switch| &switch.adds);
        let both = flag
            .chain(added)
            .filter(|permission| permission.is_on(resource) && permission.allows(action));
        scopes.extend(both.map(|permission| (permission.scope, false)));
        scopes
    }

    fn role_scopes(
        &self,
        person: &Person,
        resource: &Resource,
        action: &str,
    ) -> (Vec<Scope>, bool, bool) {
        let of = |grants: &[Permission]| -> Vec<Scope> {
            let on = grants.iter().filter(|one| one.is_on(resource) && one.allows(action));
            on.map(|one| one.scope).collect()
        };
        if let Some(role) = self.model.roles.iter().find(|role| role.key == person.role) {
            let mut grants = &role.grants;
            for switch in self.model.switches.iter().filter(|switch| self.is_on(switch)) {
                for (key, instead) in &switch.replaces {
                    if *key == role.key {
                        grants = instead;
                    }
                }
            }
            return (of(grants), role.bounded, role.levels);
        }
        let rule = self.model.custom.as_ref().unwrap();
        let (_, grants) = self.world.roles.iter().find(|(id, _)| *id == person.role).unwrap();
        let may_grant =
            rule.actions.is_empty() || rule.actions.iter().any(|known| known == action);
        let scopes = if may_grant { of(grants) } else { Vec::new() };
        (scopes, rule.bounded, rule.levels)
    }

    fn level_scopes(&self, person: &Person, resource: &Resource, action: &str) -> Vec<Scope> {
        let Some((_, level)) = person.levels.iter().find(|(key, _)| *key == resource.key)
        else {
            return Vec::new();
        };
        let Some(top) = resource.ladder.iter().position(|known| known.level == *level) else {
            return Vec::new();
        };
        let lowest = if self.has(Flaw::LevelAlone) { top } else { 0 };
        let levels = resource.ladder[lowest..=top].iter();
        levels
            .filter(|known| known.actions.iter().any(|key| key == action))
            .map(|known| known.scope)
            .collect()
    }

    /// The owners that a team of the person grants, if it grants any.
    fn through_team(
        &self,
        me: usize,
        team: &str,
        resource: &Resource,
        action: &str,
    ) -> Option<BTreeSet<RecordOwner>> {
        let team = self.world.teams.iter().find(|known| known.id == team).unwrap();
        let profile = team.profile.as_ref()?;
        let profile = self.world.profiles.iter().find(|known| known.id == *profile).unwrap();
        let cell = |key: &str| {
            let mut cells = profile.cells.iter();
            cells.find(|(row, column, _)| row == key && column == action).map(|cell| cell.2)
        };
        let every = cell("every").filter(|_| resource.kind == ResourceKind::Records);
        let scope = match (cell(&resource.key), every) {
            (Some(own), Some(every)) if self.has(Flaw::EveryBeatsTheCell) => own.max(every)?,
            (Some(own), _) => own?,
            (None, every) => every.flatten()?,
        };
        if !resource.scoped {
            return None;
        }
        let scope =
            if self.has(Flaw::CeilingIgnored) { scope } else { scope.min(team.ceiling) };
        Some(match scope {
            Scope::All => self.owners(me, Scope::All),
            Scope::Team if self.has(Flaw::ProfileReachesAllMyTeams) => {
                self.owners(me, Scope::Team)
            }
            Scope::Team => self.persons(|other| other.teams.contains(&team.id)),
            Scope::Own => BTreeSet::from([RecordOwner::Person(me)]),
            Scope::Assigned | Scope::Department | Scope::Visible | Scope::Unowned => {
                panic!("a profile says own, team or all, not {scope:?}")
            }
        })
    }

    fn is_on(&self, switch: &Switch) -> bool {
        if self.has(Flaw::SwitchesStayAsTheyStart) {
            return switch.starts_on;
        }
        let given = self.world.switches.iter().find(|(key, _)| *key == switch.key);
        given.map_or(switch.starts_on, |(_, on)| *on)
    }

    /// The people who meet a condition.
    fn persons(&self, is_true: impl Fn(&Person) -> bool) -> BTreeSet<RecordOwner> {
        let counts = |other: &Person| other.active || !self.has(Flaw::InactiveOwnersForgotten);
        let people = self.people().iter().enumerate();
        people
            .filter(|(_, other)| counts(other) && is_true(other))
            .map(|(place, _)| RecordOwner::Person(place))
            .collect()
    }

    /// The owners in a scope, other than one of a profile.
    fn owners(&self, me: usize, scope: Scope) -> BTreeSet<RecordOwner> {
        let person = &self.people()[me];
        let mut owners = match scope {
            Scope::Own => BTreeSet::new(),
            Scope::Assigned => return self.assigned(me),
            Scope::Team => {
                self.persons(|other| other.teams.iter().any(|team| person.teams.contains(team)))
            }
            Scope::Department => match &person.department {
                None => BTreeSet::new(),
                Some(mine) => self.persons(|other| {
                    other.department.as_ref().is_some_and(|its| self.is_at_or_below(its, mine))
                }),
            },
            Scope::Visible => return self.seen(me),
            Scope::Unowned => return BTreeSet::from([RecordOwner::Unowned]),
            Scope::All => {
                let mut all = self.persons(|_| true);
                if !self.has(Flaw::AllReachesMembersOnly) {
                    all.extend([RecordOwner::Unowned, RecordOwner::NonMember]);
                }
                all
            }
        };
        owners.insert(RecordOwner::Person(me));
        owners
    }

    /// The owners within the person's visibility.
    fn seen(&self, me: usize) -> BTreeSet<RecordOwner> {
        match self.people()[me].sight {
            VisibilityLevel::Own => self.owners(me, Scope::Own),
            VisibilityLevel::Department => self.owners(me, Scope::Department),
            VisibilityLevel::All => self.owners(me, Scope::All),
        }
    }

    /// The people assigned to a person: directly and, if a switch says so, indirectly.
    fn assigned(&self, me: usize) -> BTreeSet<RecordOwner> {
        let mut switches = self.model.switches.iter();
        let indirect = self.has(Flaw::IndirectReportsAlwaysCount)
            || switches.any(|switch| switch.counts_indirect_reports && self.is_on(switch));
        let mut managers = BTreeSet::from([self.people()[me].id.clone()]);
        loop {
            let found = self.persons(|other| {
                other.manager.as_ref().is_some_and(|manager| managers.contains(manager))
            });
            let before = managers.len();
            managers.extend(found.iter().filter_map(|owner| match owner {
                RecordOwner::Person(place) => Some(self.people()[*place].id.clone()),
                RecordOwner::Unowned | RecordOwner::NonMember => None,
            }));
            if !indirect || managers.len() == before {
                return found;
            }
        }
    }

    fn is_at_or_below(&self, department: &str, above: &str) -> bool {
        if department == above || self.has(Flaw::DepartmentWithoutSubtree) {
            return department == above;
        }
        let found = self.world.departments.iter().find(|(id, _)| id == department);
        found.unwrap().1.as_ref().is_some_and(|parent| self.is_at_or_below(parent, above))
    }
}
