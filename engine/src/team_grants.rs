//! Teams as lanes: what comes to a member through each team, by its profile and its ceiling.

use std::sync::Arc;

use crate::blueprint::Blueprint;
use crate::compiled_grants::{CompiledGrants, CompiledProfile, twice, unknown};
use crate::directory::Ids;
use crate::mistake::Mistake;
use crate::relations::{Pair, Relations};
use crate::scope::Sharing;
use crate::workspace::Team;

/// The row of teams without a profile.
const NO_PROFILE: usize = 0;

/// A team: what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TeamGrant {
    /// The team's id; empty when the team was removed.
    pub(crate) id: String,
    /// Position of its profile.
    pub(crate) profile: Option<u32>,
    pub(crate) sharing: Sharing,
}

/// The teams of a workspace, and a compiled row for each profile under each ceiling.
#[derive(Clone, Debug)]
pub(crate) struct TeamGrants {
    /// The rows, one behind the other; the first is that of teams without a profile.
    rows: Arc<[Pair]>,
    /// For each team where its row begins.
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
        let mut read = Vec::with_capacity(teams.len());
        for (index, team) in (0_u32..).zip(teams) {
            if ids.insert(team.id.clone(), index).is_some() {
                mistakes.push(twice("team", &team.id));
            }
            match team_grant(compiled, team) {
                Ok(team_grant) => read.push(team_grant),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        team_grants.by_id = Arc::new(ids);
        team_grants.keep(compiled, read);
        team_grants.recompile(compiled);
        Ok(team_grants)
    }

    fn keep(&mut self, compiled: &CompiledGrants, team_grants: Vec<TeamGrant>) {
        let width = compiled.catalog.len();
        let begin = |team_grant: &TeamGrant| {
            u32::try_from(row_of(team_grant) * width).unwrap_or(u32::MAX)
        };
        self.row_of = team_grants.iter().map(begin).collect();
        self.team_grants = team_grants.into();
    }

    /// What comes through a team on a cell; nothing through a team that there is not.
    #[inline]
    pub(crate) fn pair(&self, team: u32, cell: u16) -> Pair {
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

    /// Compiles the rows of every profile.
    fn recompile(&mut self, compiled: &CompiledGrants) {
        let none = std::iter::repeat_n(Pair::default(), compiled.catalog.len());
        let rows =
            compiled.profiles.iter().flat_map(|profile| rows(compiled, profile.as_deref()));
        self.rows = none.chain(rows).collect();
    }

    /// Compiles the rows of one profile anew.
    pub(crate) fn recompile_profile(&mut self, compiled: &CompiledGrants, profile: u32) {
        let profile = profile as usize;
        let width = compiled.catalog.len();
        let begin = place(profile, Sharing::Own) * width;
        if begin >= self.rows.len() {
            return self.recompile(compiled);
        }
        let rule = compiled.profiles.get(profile).and_then(Option::as_deref);
        let now = rows(compiled, rule);
        let places = Arc::make_mut(&mut self.rows).iter_mut().skip(begin);
        places.zip(now).for_each(|(place, pair)| *place = pair);
    }

    /// Adds or replaces a team; gives its position.
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
        self.keep(compiled, team_grants);
        Ok(index)
    }

    /// Takes a team away; its position is not used again.
    pub(crate) fn remove(&mut self, compiled: &CompiledGrants, id: &str) {
        let Some(index) = Arc::make_mut(&mut self.by_id).remove(id) else { return };
        let mut team_grants = self.team_grants.to_vec();
        if let Some(place) = team_grants.get_mut(index as usize) {
            *place = TeamGrant { id: String::new(), profile: None, sharing: Sharing::All };
        }
        self.keep(compiled, team_grants);
    }

    /// The first team that carries a profile.
    pub(crate) fn carrier(&self, profile: u32) -> Option<&TeamGrant> {
        self.team_grants.iter().find(|team_grant| team_grant.profile == Some(profile))
    }
}

fn team_grant(compiled: &CompiledGrants, team: &Team) -> Result<TeamGrant, Mistake> {
    let find = |id: &String| {
        compiled.profile_by_id.get(id).copied().ok_or_else(|| unknown("profile", id))
    };
    let profile = team.profile.as_ref().map(find).transpose()?;
    Ok(TeamGrant { id: team.id.clone(), profile, sharing: team.sharing })
}

/// The rows of a profile, one for each ceiling; empty where there is no profile any more.
fn rows<'b>(
    compiled: &'b CompiledGrants,
    profile: Option<&'b CompiledProfile>,
) -> impl Iterator<Item = Pair> + 'b {
    Sharing::EVERY.into_iter().flat_map(move |sharing| {
        let relations = compiled.catalog.cells().map(|cell| {
            profile.map_or(Relations::NONE, |profile| {
                compiled.team_relations(profile, sharing, cell)
            })
        });
        Pair::row(&relations.collect::<Vec<_>>(), &compiled.catalog.bounds)
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
