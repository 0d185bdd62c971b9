//! The grants that members receive through teams: a profile under the team's record sharing.

use std::sync::Arc;

use crate::blueprint::Blueprint;
use crate::compiled_grants::{CompiledGrants, CompiledProfile};
use crate::directory::Ids;
use crate::mistake::Mistake;
use crate::relations::{BoundRelations, Relations};
use crate::scope::Sharing;
use crate::workspace::Team;

/// The number of the row of teams without a profile.
const NO_PROFILE: usize = 0;

/// A team: its profile and its record sharing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TeamGrant {
    /// The id; empty when the team was removed.
    pub(crate) id: String,
    /// The position of the profile.
    pub(crate) profile: Option<u32>,
    pub(crate) sharing: Sharing,
}

/// The teams of a workspace, and a compiled row for each profile under each record sharing.
#[derive(Clone, Debug)]
pub(crate) struct TeamGrants {
    /// The rows, one after the other; the first belongs to teams without a profile.
    rows: Arc<[BoundRelations]>,
    /// For each team the start of its row.
    row_of: Arc<[u32]>,
    team_grants: Arc<[TeamGrant]>,
    by_id: Arc<Ids>,
}

impl TeamGrants {
    pub(crate) fn new(
        compiled: &CompiledGrants,
        teams: &[Team],
    ) -> Result<TeamGrants, Vec<Mistake>> {
        let mut team_grants = TeamGrants {
            rows: Arc::from([]),
            row_of: Arc::from([]),
            team_grants: Arc::from([]),
            by_id: Arc::default(),
        };
        let mut mistakes: Vec<Mistake> =
            check_layer(&compiled.blueprint, teams).into_iter().collect();
        let mut ids = Ids::default();
        let mut resolved = Vec::with_capacity(teams.len());
        for (index, team) in (0_u32..).zip(teams) {
            if ids.insert(team.id.clone(), index).is_some() {
                mistakes.push(Mistake::duplicate("team", &team.id));
            }
            match team_grant(compiled, team) {
                Ok(team_grant) => resolved.push(team_grant),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        team_grants.by_id = Arc::new(ids);
        team_grants.set_teams(compiled, resolved);
        team_grants.recompile(compiled);
        Ok(team_grants)
    }

    fn set_teams(&mut self, compiled: &CompiledGrants, team_grants: Vec<TeamGrant>) {
        let width = compiled.catalog.len();
        let begin = |team_grant: &TeamGrant| {
            u32::try_from(row_of(team_grant) * width).unwrap_or(u32::MAX)
        };
        self.row_of = team_grants.iter().map(begin).collect();
        self.team_grants = team_grants.into();
    }

    /// The relations that a team's grants admit on a cell; none when the team does not exist.
    #[inline]
    pub(crate) fn relations(&self, team: u32, cell: u16) -> BoundRelations {
        let begin = self.row_of.get(team as usize).copied().unwrap_or(0);
        self.rows.get(begin as usize + usize::from(cell)).copied().unwrap_or_default()
    }

    pub(crate) fn team_grant(&self, team: u32) -> Option<&TeamGrant> {
        self.team_grants.get(team as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.team_grants.len()
    }

    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The teams, by id.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&String, u32)> {
        self.by_id.iter().map(|(id, index)| (id, *index))
    }

    /// Whether both share teams and rows. Equal ones that were built separately do not.
    pub(crate) fn is_same(&self, other: &TeamGrants) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
            && Arc::ptr_eq(&self.team_grants, &other.team_grants)
    }

    /// Compiles the rows of all profiles.
    fn recompile(&mut self, compiled: &CompiledGrants) {
        let none = std::iter::repeat_n(BoundRelations::default(), compiled.catalog.len());
        let rows =
            compiled.profiles.iter().flat_map(|profile| rows(compiled, profile.as_deref()));
        self.rows = none.chain(rows).collect();
    }

    /// Recompiles the rows of a profile.
    pub(crate) fn recompile_profile(&mut self, compiled: &CompiledGrants, profile: u32) {
        let profile = profile as usize;
        let width = compiled.catalog.len();
        let begin = place(profile, Sharing::Own) * width;
        if begin >= self.rows.len() {
            return self.recompile(compiled);
        }
        let compiled_profile = compiled.profiles.get(profile).and_then(Option::as_deref);
        let now = rows(compiled, compiled_profile);
        let places = Arc::make_mut(&mut self.rows).iter_mut().skip(begin);
        places.zip(now).for_each(|(place, entry)| *place = entry);
    }

    /// Adds or replaces a team; returns its position.
    pub(crate) fn put(
        &mut self,
        compiled: &CompiledGrants,
        team: &Team,
    ) -> Result<u32, Mistake> {
        if let Some(mistake) = check_layer(&compiled.blueprint, std::slice::from_ref(team)) {
            return Err(mistake);
        }
        let team_grant = team_grant(compiled, team)?;
        let mut team_grants = self.team_grants.to_vec();
        let index = self.find(&team.id).unwrap_or_else(|| {
            let next = u32::try_from(team_grants.len()).unwrap_or(u32::MAX);
            Arc::make_mut(&mut self.by_id).insert(team.id.clone(), next);
            next
        });
        match team_grants.get_mut(index as usize) {
            Some(place) => *place = team_grant,
            None => team_grants.push(team_grant),
        }
        self.set_teams(compiled, team_grants);
        Ok(index)
    }

    /// Removes a team; its position is not reused.
    pub(crate) fn remove(&mut self, compiled: &CompiledGrants, id: &str) {
        let Some(index) = Arc::make_mut(&mut self.by_id).remove(id) else { return };
        let mut team_grants = self.team_grants.to_vec();
        if let Some(place) = team_grants.get_mut(index as usize) {
            *place = TeamGrant { id: String::new(), profile: None, sharing: Sharing::All };
        }
        self.set_teams(compiled, team_grants);
    }

    /// The first team with a profile.
    pub(crate) fn team_with(&self, profile: u32) -> Option<&TeamGrant> {
        self.team_grants.iter().find(|team_grant| team_grant.profile == Some(profile))
    }
}

fn team_grant(compiled: &CompiledGrants, team: &Team) -> Result<TeamGrant, Mistake> {
    let find = |id: &String| {
        compiled.profile_by_id.get(id).copied().ok_or_else(|| Mistake::unknown("profile", id))
    };
    let profile = team.profile.as_ref().map(find).transpose()?;
    Ok(TeamGrant { id: team.id.clone(), profile, sharing: team.sharing })
}

/// Compiles the rows of a profile, one for each record sharing; empty when it was removed.
fn rows<'b>(
    compiled: &'b CompiledGrants,
    profile: Option<&'b CompiledProfile>,
) -> impl Iterator<Item = BoundRelations> + 'b {
    Sharing::EVERY.into_iter().flat_map(move |sharing| {
        let relations = compiled.catalog.every_cell().map(|cell| {
            profile.map_or(Relations::NONE, |profile| {
                compiled.team_relations(profile, sharing, cell)
            })
        });
        BoundRelations::row(&relations.collect::<Vec<_>>(), &compiled.catalog.bounds)
    })
}

fn row_of(team_grant: &TeamGrant) -> usize {
    team_grant.profile.map_or(NO_PROFILE, |profile| place(profile as usize, team_grant.sharing))
}

fn place(profile: usize, sharing: Sharing) -> usize {
    1 + profile * Sharing::EVERY.len() + sharing as usize
}

fn check_layer(blueprint: &Blueprint, teams: &[Team]) -> Option<Mistake> {
    let team = teams.first().filter(|_| blueprint.teams.is_none())?;
    let message = format!("team `{}`: the blueprint `{}` has no teams", team.id, blueprint.id);
    Some(Mistake::unplaced(message, None))
}
