//! Teams as lanes: what comes to a member through each team, by its profile and its ceiling.

use std::sync::Arc;

use crate::blueprint::Blueprint;
use crate::directory::Ids;
use crate::mistake::Mistake;
use crate::rulebook::{Rulebook, twice, unknown};
use crate::scope::Sharing;
use crate::shelf::Tables;
use crate::workspace::Team;

/// The table of teams without a profile.
const NO_TABLE: u32 = 0;

/// A team: what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    /// The team's id; empty when the team was removed.
    pub(crate) id: String,
    /// Position of its profile.
    pub(crate) profile: Option<u32>,
    pub(crate) sharing: Sharing,
}

/// The teams of a workspace, and a compiled row for each profile under each ceiling.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    pub(crate) rows: Tables,
    /// For each team its row.
    row_of: Arc<[u32]>,
    lanes: Arc<[Lane]>,
    by_id: Arc<Ids>,
}

impl Lanes {
    pub(crate) fn new(book: &Rulebook, teams: &[Team]) -> Result<Lanes, Vec<Mistake>> {
        let mut lanes = Lanes {
            rows: Tables::new(book.catalog.len()),
            row_of: Arc::from([]),
            lanes: Arc::from([]),
            by_id: Arc::default(),
        };
        let mut mistakes: Vec<Mistake> =
            check_layer(&book.blueprint, teams).into_iter().collect();
        let mut ids = Ids::default();
        let mut read = Vec::with_capacity(teams.len());
        for (index, team) in (0_u32..).zip(teams) {
            if ids.insert(team.id.clone(), index).is_some() {
                mistakes.push(twice("team", &team.id));
            }
            match lane(book, team) {
                Ok(lane) => read.push(lane),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        lanes.by_id = Arc::new(ids);
        lanes.keep(read);
        lanes.rows.set(NO_TABLE, &[]);
        (0_u32..).zip(&book.profiles).for_each(|(profile, _)| lanes.recompile(book, profile));
        Ok(lanes)
    }

    fn keep(&mut self, lanes: Vec<Lane>) {
        self.row_of = lanes.iter().map(row_of).collect();
        self.lanes = lanes.into();
    }

    /// The bytes of what comes through a team: one for each cell.
    #[inline]
    pub(crate) fn arms(&self, team: u32, cell: u16) -> u8 {
        let row = self.row_of.get(team as usize).copied().unwrap_or(NO_TABLE);
        self.rows.get(row, cell)
    }

    pub(crate) fn lane(&self, team: u32) -> Option<&Lane> {
        self.lanes.get(team as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.lanes.len()
    }

    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// Compiles the rows of one profile anew.
    pub(crate) fn recompile(&mut self, book: &Rulebook, profile: u32) {
        let rule = book.profiles.get(profile as usize).and_then(Option::as_ref);
        for sharing in Sharing::EVERY {
            let arms = book
                .catalog
                .cells()
                .map(|cell| rule.map_or(0, |rule| book.team_arms(rule, sharing, cell).byte()));
            let row: Vec<u8> = arms.collect();
            self.rows.set(place(profile, sharing), &row);
        }
    }

    /// Adds or replaces a team; gives its position.
    pub(crate) fn put(&mut self, book: &Rulebook, team: &Team) -> Result<u32, Mistake> {
        if let Some(mistake) = check_layer(&book.blueprint, std::slice::from_ref(team)) {
            return Err(mistake);
        }
        let lane = lane(book, team)?;
        let mut lanes = self.lanes.to_vec();
        let index = self.find(&team.id).unwrap_or_else(|| {
            let next = u32::try_from(lanes.len()).unwrap_or(u32::MAX);
            Arc::make_mut(&mut self.by_id).insert(team.id.clone(), next);
            next
        });
        match lanes.get_mut(index as usize) {
            Some(place) => *place = lane,
            None => lanes.push(lane),
        }
        self.keep(lanes);
        Ok(index)
    }

    /// Takes a team away; its position is not used again.
    pub(crate) fn remove(&mut self, id: &str) {
        let Some(index) = Arc::make_mut(&mut self.by_id).remove(id) else { return };
        let mut lanes = self.lanes.to_vec();
        if let Some(place) = lanes.get_mut(index as usize) {
            *place = Lane { id: String::new(), profile: None, sharing: Sharing::All };
        }
        self.keep(lanes);
    }

    /// The first team that carries a profile.
    pub(crate) fn carrier(&self, profile: u32) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.profile == Some(profile))
    }
}

fn lane(book: &Rulebook, team: &Team) -> Result<Lane, Mistake> {
    let find =
        |id: &String| book.profile_by_id.get(id).copied().ok_or_else(|| unknown("profile", id));
    let profile = team.profile.as_ref().map(find).transpose()?;
    Ok(Lane { id: team.id.clone(), profile, sharing: team.sharing })
}

fn row_of(lane: &Lane) -> u32 {
    lane.profile.map_or(NO_TABLE, |profile| place(profile, lane.sharing))
}

fn place(profile: u32, sharing: Sharing) -> u32 {
    1 + profile * 3 + sharing as u32
}

fn check_layer(blueprint: &Blueprint, teams: &[Team]) -> Option<Mistake> {
    let team = teams.first().filter(|_| blueprint.teams.is_none())?;
    let message = format!("team `{}`: the blueprint `{}` has no teams", team.id, blueprint.id);
    Some(Mistake::unplaced(message, None))
}
