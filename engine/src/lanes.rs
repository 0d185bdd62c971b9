//! Teams as lanes: what comes to a member through each team, by its profile and its ceiling.

use std::sync::Arc;

use crate::arms::{Arms, Pair};
use crate::blueprint::Blueprint;
use crate::directory::Ids;
use crate::mistake::Mistake;
use crate::rulebook::{RuleProfile, Rulebook, twice, unknown};
use crate::scope::Sharing;
use crate::workspace::Team;

/// The row of teams without a profile.
const NO_PROFILE: usize = 0;

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
    /// The rows, one behind the other; the first is that of teams without a profile.
    rows: Arc<[Pair]>,
    /// For each team where its row begins.
    row_of: Arc<[u32]>,
    lanes: Arc<[Lane]>,
    by_id: Arc<Ids>,
}

impl Lanes {
    pub(crate) fn new(book: &Rulebook, teams: &[Team]) -> Result<Lanes, Vec<Mistake>> {
        let mut lanes = Lanes {
            rows: Arc::from([]),
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
        lanes.keep(book, read);
        lanes.recompile(book);
        Ok(lanes)
    }

    fn keep(&mut self, book: &Rulebook, lanes: Vec<Lane>) {
        let width = book.catalog.len();
        let begin = |lane: &Lane| u32::try_from(row_of(lane) * width).unwrap_or(u32::MAX);
        self.row_of = lanes.iter().map(begin).collect();
        self.lanes = lanes.into();
    }

    /// What comes through a team on a cell; nothing through a team that there is not.
    #[inline]
    pub(crate) fn pair(&self, team: u32, cell: u16) -> Pair {
        let begin = self.row_of.get(team as usize).copied().unwrap_or(0);
        self.rows.get(begin as usize + usize::from(cell)).copied().unwrap_or_default()
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

    /// Compiles the rows of every profile.
    fn recompile(&mut self, book: &Rulebook) {
        let none = std::iter::repeat_n(Pair::default(), book.catalog.len());
        let rows = book.profiles.iter().flat_map(|profile| rows(book, profile.as_deref()));
        self.rows = none.chain(rows).collect();
    }

    /// Compiles the rows of one profile anew.
    pub(crate) fn recompile_profile(&mut self, book: &Rulebook, profile: u32) {
        let profile = profile as usize;
        let width = book.catalog.len();
        let begin = place(profile, Sharing::Own) * width;
        if begin >= self.rows.len() {
            return self.recompile(book);
        }
        let rule = book.profiles.get(profile).and_then(Option::as_deref);
        let now = rows(book, rule);
        let places = Arc::make_mut(&mut self.rows).iter_mut().skip(begin);
        places.zip(now).for_each(|(place, pair)| *place = pair);
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
        self.keep(book, lanes);
        Ok(index)
    }

    /// Takes a team away; its position is not used again.
    pub(crate) fn remove(&mut self, book: &Rulebook, id: &str) {
        let Some(index) = Arc::make_mut(&mut self.by_id).remove(id) else { return };
        let mut lanes = self.lanes.to_vec();
        if let Some(place) = lanes.get_mut(index as usize) {
            *place = Lane { id: String::new(), profile: None, sharing: Sharing::All };
        }
        self.keep(book, lanes);
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

/// The rows of a profile, one for each ceiling; empty where there is no profile any more.
fn rows<'b>(
    book: &'b Rulebook,
    profile: Option<&'b RuleProfile>,
) -> impl Iterator<Item = Pair> + 'b {
    Sharing::EVERY.into_iter().flat_map(move |sharing| {
        let arms = book.catalog.cells().map(|cell| {
            profile.map_or(Arms::NONE, |profile| book.team_arms(profile, sharing, cell))
        });
        Pair::row(&arms.collect::<Vec<_>>(), &book.catalog.bounds)
    })
}

fn row_of(lane: &Lane) -> usize {
    lane.profile.map_or(NO_PROFILE, |profile| place(profile as usize, lane.sharing))
}

fn place(profile: usize, sharing: Sharing) -> usize {
    1 + profile * Sharing::EVERY.len() + sharing as usize
}

fn check_layer(blueprint: &Blueprint, teams: &[Team]) -> Option<Mistake> {
    let team = teams.first().filter(|_| blueprint.teams.is_none())?;
    let message = format!("team `{}`: the blueprint `{}` has no teams", team.id, blueprint.id);
    Some(Mistake::unplaced(message, None))
}
