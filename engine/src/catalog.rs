//! The catalog of cells: every action of every resource, with a number for each.

use std::sync::Arc;

use hashbrown::HashTable;

use crate::blueprint::{Blueprint, Resource, later};
use crate::directory::hash;
use crate::grant::{ResourceKind, is_key};
use crate::mistake::Mistake;

/// The handle of an action of a resource; valid for the policy that returned it and those derived
/// from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub(crate) u16);

/// The most cells; the number of a cell has two bytes.
const MOST_CELLS: usize = 60_000;

/// The resources of a workspace, with a cell for each of their actions.
///
/// After the resources that exist comes one for each kind that represents those added later. Only
/// wildcards grant on it, so the grant ceiling tells a wildcard from a list of all present
/// resources. Outside of the ceiling nothing shows it.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    resources: Vec<Resource>,
    /// The number of resources that exist.
    existing: usize,
    /// The number of their cells.
    existing_cells: u16,
    /// For each cell the position of its resource, and of its action in the resource.
    places: Vec<(u16, u16)>,
    /// For each cell the read cell that bounds it; the cell itself where nothing does.
    pub(crate) bounds: Arc<[u16]>,
    by_name: Arc<HashTable<u16>>,
}

impl Catalog {
    pub(crate) fn new(
        blueprint: &Blueprint,
        entities: &[String],
    ) -> Result<Catalog, Vec<Mistake>> {
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
            let message = format!("the resources have {cells} actions in total");
            let hint = format!("the limit is {MOST_CELLS}");
            mistakes.push(Mistake::unplaced(message, Some(hint)));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let existing = resources.len();
        resources.extend(later::resources(blueprint));
        Ok(Catalog::of(resources, existing))
    }

    fn of(resources: Vec<Resource>, existing: usize) -> Catalog {
        let cells: usize =
            resources.iter().take(existing).map(|known| known.actions.len()).sum();
        let existing_cells = u16::try_from(cells).unwrap_or(u16::MAX);
        let (mut places, mut bounds) = (Vec::new(), Vec::new());
        for (index, resource) in (0_u16..).zip(&resources) {
            let start = places.len();
            for (number, action) in (0_u16..).zip(0..resource.actions.len()) {
                places.push((index, number));
                let read = resource.read.filter(|_| resource.is_bounded(action));
                let bound = start + read.unwrap_or(action);
                bounds.push(u16::try_from(bound).unwrap_or(u16::MAX));
            }
        }
        let mut catalog = Catalog {
            resources,
            existing,
            existing_cells,
            places,
            bounds: bounds.into(),
            by_name: Arc::default(),
        };
        let mut by_name = HashTable::with_capacity(catalog.places.len());
        for cell in catalog.every_cell() {
            by_name
                .insert_unique(catalog.hash(cell), cell.0, |other| catalog.hash(Cell(*other)));
        }
        catalog.by_name = Arc::new(by_name);
        catalog
    }

    fn hash(&self, cell: Cell) -> u64 {
        let resource = self.resource(cell).map_or("", |known| known.key.as_str());
        hash(&[resource.as_bytes(), self.action(cell).as_bytes()])
    }

    /// The resources that exist.
    pub(crate) fn resources(&self) -> &[Resource] {
        self.resources.get(..self.existing).unwrap_or_default()
    }

    /// The number of all cells, which is the width of a row.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The cells of the resources that exist.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell> {
        (0..self.existing_cells).map(Cell)
    }

    /// All cells: those of the resources that exist, then those of resources added later.
    pub(crate) fn every_cell(&self) -> impl Iterator<Item = Cell> {
        (0_u16..).zip(&self.places).map(|(index, _)| Cell(index))
    }

    /// The cell of a resource that exists.
    #[inline]
    pub(crate) fn cell(&self, resource: &str, action: &str) -> Option<Cell> {
        self.any_cell(resource, action).filter(|cell| cell.0 < self.existing_cells)
    }

    /// The cell of a resource that exists, or of one of those added later.
    #[inline]
    pub(crate) fn any_cell(&self, resource: &str, action: &str) -> Option<Cell> {
        let code = hash(&[resource.as_bytes(), action.as_bytes()]);
        let is_it = |cell: &u16| {
            let (index, number) =
                self.places.get(usize::from(*cell)).copied().unwrap_or_default();
            self.resources.get(usize::from(index)).is_some_and(|known| {
                let named = known.actions.get(usize::from(number));
                known.key == resource && named.is_some_and(|named| named.key == action)
            })
        };
        self.by_name.find(code, is_it).copied().map(Cell)
    }

    pub(crate) fn resource(&self, cell: Cell) -> Option<&Resource> {
        let (index, _) = self.places.get(usize::from(cell.0))?;
        self.resources.get(usize::from(*index))
    }

    /// The key of the cell's action.
    pub(crate) fn action(&self, cell: Cell) -> &str {
        let number =
            self.places.get(usize::from(cell.0)).map(|(_, number)| usize::from(*number));
        let action = number.and_then(|number| self.resource(cell)?.actions.get(number));
        action.map_or("", |action| action.key.as_str())
    }

    /// The position of the cell's action in its resource.
    pub(crate) fn action_index(&self, cell: Cell) -> usize {
        self.places.get(usize::from(cell.0)).map_or(0, |(_, number)| usize::from(*number))
    }

    /// The read cell that bounds a cell.
    pub(crate) fn bound(&self, cell: Cell) -> Option<Cell> {
        let bound = self.bounds.get(usize::from(cell.0)).copied().map(Cell);
        bound.filter(|bound| *bound != cell)
    }

    /// Whether the cell is the read action of a record type.
    pub(crate) fn reads_records(&self, cell: Cell) -> bool {
        self.resource(cell).is_some_and(|resource| {
            resource.kind == ResourceKind::Records
                && resource.read == Some(self.action_index(cell))
        })
    }
}

fn entity(blueprint: &Blueprint, known: &[Resource], key: &str) -> Result<Resource, Mistake> {
    let Some(rules) = &blueprint.custom_entities else {
        let message = format!("unknown record type `{}`", key.escape_debug());
        let hint = format!("the blueprint `{}` has no custom record types", blueprint.id);
        return Err(Mistake::unplaced(message, Some(hint)));
    };
    let reserved = blueprint.reserved_for(key).map(|noun| format!("the key of {noun}"));
    let added = || known.iter().any(|resource| resource.key == key);
    let problem = reserved.or_else(|| added().then(|| "already declared".to_owned()));
    if let Some(problem) = problem.or_else(|| (!is_key(key)).then(|| "no key".to_owned())) {
        let message = format!("the key `{}` of a record type is {problem}", key.escape_debug());
        return Err(Mistake::unplaced(message, Some("choose another key".to_owned())));
    }
    Ok(Resource::custom(key, &rules.actions, rules.parts))
}
