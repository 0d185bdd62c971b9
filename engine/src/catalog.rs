//! Every cell that can be asked about: the actions of the blueprint's resources and the workspace's.

use std::sync::Arc;

use crate::blueprint::{Blueprint, Resource};
use crate::directory::Directory;
use crate::grant::{Kind, is_key};
use crate::mistake::Mistake;

/// A resource and one of its actions, resolved; valid for the policy that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub(crate) u16);

/// No cell: an action that nothing bounds.
pub(crate) const UNBOUNDED: u16 = u16::MAX;

/// At most this many cells; an index has two bytes.
const MOST_CELLS: usize = 60_000;

/// The resources of a workspace, and a number for each of their actions.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    pub(crate) resources: Vec<Resource>,
    first: Vec<u16>,
    places: Vec<(u16, u16)>,
    /// For each cell the cell of reading that bounds it.
    pub(crate) bounds: Arc<[u16]>,
    directory: Directory,
}

impl Catalog {
    pub(crate) fn new(blueprint: &Blueprint, entities: &[String]) -> Result<Catalog, Vec<Mistake>> {
        let mut resources = blueprint.resources.clone();
        let mut mistakes = Vec::new();
        for key in entities {
            match entity(blueprint, &resources, key) {
                Ok(resource) => resources.push(resource),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let cells: usize = resources.iter().map(|resource| resource.actions.len()).sum();
        if cells > MOST_CELLS {
            let message = format!("{cells} actions of all resources together are too many");
            mistakes.push(Mistake::unplaced(message, Some(format!("at most {MOST_CELLS}"))));
        }
        if mistakes.is_empty() { Ok(Catalog::of(resources)) } else { Err(mistakes) }
    }

    fn of(resources: Vec<Resource>) -> Catalog {
        let (mut first, mut places, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        let mut directory = Directory::new();
        let key_of = |position: u32| resources.get(position as usize).map(|known| known.key.as_bytes());
        for (index, resource) in (0_u16..).zip(&resources) {
            let start = u16::try_from(places.len()).unwrap_or(UNBOUNDED);
            first.push(start);
            for (number, action) in (0_u16..).zip(0..resource.actions.len()) {
                places.push((index, number));
                let read = resource.read.filter(|_| resource.is_bounded(action));
                let read = read.and_then(|read| u16::try_from(read).ok());
                bounds.push(read.map_or(UNBOUNDED, |read| start + read));
            }
            directory.insert(resource.key.as_bytes(), u32::from(index), key_of);
        }
        Catalog { first, places, bounds: bounds.into(), directory, resources }
    }

    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> {
        (0_u16..).zip(&self.places).map(|(index, _)| Cell(index))
    }

    #[inline]
    pub(crate) fn cell(&self, resource: &str, action: &str) -> Option<Cell> {
        let key_of = |position: u32| self.resources.get(position as usize).map(|known| known.key.as_bytes());
        let index = self.directory.find(resource.as_bytes(), key_of)? as usize;
        let number = self.resources.get(index)?.action(action)?;
        Some(Cell(self.first.get(index)? + u16::try_from(number).ok()?))
    }

    pub(crate) fn resource(&self, cell: Cell) -> Option<&Resource> {
        let (index, _) = self.places.get(usize::from(cell.0))?;
        self.resources.get(usize::from(*index))
    }

    /// The key of the cell's action.
    pub(crate) fn action(&self, cell: Cell) -> &str {
        let number = self.places.get(usize::from(cell.0)).map(|(_, number)| usize::from(*number));
        let action = number.and_then(|number| self.resource(cell)?.actions.get(number));
        action.map_or("", |action| action.key.as_str())
    }

    /// The position of the cell's action in its resource.
    pub(crate) fn number(&self, cell: Cell) -> usize {
        self.places.get(usize::from(cell.0)).map_or(0, |(_, number)| usize::from(*number))
    }

    /// The cell of reading that bounds a cell.
    #[inline]
    pub(crate) fn bound(&self, cell: Cell) -> Option<Cell> {
        let bound = self.bounds.get(usize::from(cell.0)).copied().unwrap_or(UNBOUNDED);
        (bound != UNBOUNDED).then_some(Cell(bound))
    }

    /// Whether the cell is reading a record type.
    pub(crate) fn reads_records(&self, cell: Cell) -> bool {
        self.resource(cell).is_some_and(|resource| {
            resource.kind == Kind::Records && resource.read == Some(self.number(cell))
        })
    }
}

fn entity(blueprint: &Blueprint, known: &[Resource], key: &str) -> Result<Resource, Mistake> {
    let Some(rules) = &blueprint.custom_entities else {
        let message = format!("`{key}` is no record type of the blueprint `{}`", blueprint.id);
        let hint = "and it lets workspaces add none".to_owned();
        return Err(Mistake::unplaced(message, Some(hint)));
    };
    if !is_key(key) || known.iter().any(|resource| resource.key == key) {
        let message = format!("`{}` cannot be a new record type", key.escape_debug());
        let hint = "take a key of lower-case letters that is not in use".to_owned();
        return Err(Mistake::unplaced(message, Some(hint)));
    }
    Ok(Resource::custom(key, &rules.actions))
}
