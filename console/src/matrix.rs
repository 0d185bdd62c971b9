//! The matrix: rows of resources, columns of actions, a badge or a choice of reach in each cell.
//!
//! Actions that most resources of a kind share are columns; the others follow in a line below.

use hallpass_app::context::WorkspaceContext;
use hallpass_engine::{Action, Resource, ResourceKind};

use crate::frame::Frame;
use crate::reach::Reach;
use crate::text::Text;

/// The columns of shared actions at most.
const MOST_COLUMNS: usize = 5;

/// A matrix: a table for each kind of resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matrix {
    /// The tables.
    pub(crate) parts: Vec<Part>,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What its rows are.
    pub(crate) title: String,
    /// The names of the shared actions.
    pub(crate) columns: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The resource, profile or role.
    pub(crate) name: String,
    /// The line under the name.
    pub(crate) second: String,
    /// Where the name leads.
    pub(crate) href: Option<String>,
    /// Whether it is switched off.
    pub(crate) is_off: bool,
    /// The shared actions.
    pub(crate) cells: Vec<Option<Cell>>,
    /// The others.
    pub(crate) more: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The name of the action.
    pub(crate) name: String,
    /// Whether the cell names the action, because the column does not.
    pub(crate) shows_name: bool,
    /// The reach.
    pub(crate) reach: Reach,
    /// The name of the control.
    pub(crate) field: String,
    /// Its label.
    pub(crate) label: String,
    /// The reaches to choose from; empty where the cell cannot be changed.
    pub(crate) choices: Vec<Choice>,
    /// Why it cannot be changed, or what gives the reach.
    pub(crate) note: String,
    /// Whether the rules of the access model lock it.
    pub(crate) is_locked: bool,
}

/// A reach to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The value.
    pub(crate) value: String,
    /// The badge.
    pub(crate) reach: Reach,
    /// Whether it is chosen.
    pub(crate) is_chosen: bool,
    /// Whether it is what is saved.
    pub(crate) was: bool,
}

/// What a cell shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    /// The scopes or relations, as the engine writes them.
    pub(crate) reach: String,
    /// What is saved, where that differs.
    pub(crate) was: Option<String>,
    /// The scopes to choose from.
    pub(crate) choices: Vec<String>,
    /// The line under the badge.
    pub(crate) note: String,
    /// Whether the rules of the access model lock it.
    pub(crate) is_locked: bool,
}

impl Matrix {
    /// Makes the matrix of the resources that a filter admits.
    pub(crate) fn new(
        ctx: &WorkspaceContext,
        frame: &Frame,
        is_shown: impl Fn(&Resource) -> bool,
        content: impl Fn(&Resource, &Action) -> Content,
    ) -> Matrix {
        let titles = [
            (ResourceKind::Records, "matrix-records"),
            (ResourceKind::Modules, "matrix-modules"),
            (ResourceKind::Settings, "matrix-settings"),
        ];
        let parts = titles.into_iter().filter_map(|(kind, title)| {
            let known = ctx.policy().resources().iter();
            let known: Vec<&Resource> =
                known.filter(|one| one.kind == kind && is_shown(one)).collect();
            let columns = columns(&known);
            let row = |resource: &&Resource| Row::of(ctx, frame, resource, &columns, &content);
            let rows: Vec<Row> = known.iter().map(row).collect();
            let columns = columns.into_iter().map(|(_, name)| name).collect();
            let part = Part { title: frame.t(title), columns, rows };
            (!part.rows.is_empty()).then_some(part)
        });
        Matrix { parts: parts.collect() }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Matrix {
        let text = Text::default();
        let cell = |name: &str, words: &str, is_locked: bool| Cell {
            name: name.to_owned(),
            shows_name: false,
            reach: Reach::of(text, words),
            field: format!("cell.contacts.{name}"),
            label: format!("Contacts: {name}"),
            choices: if is_locked {
                Vec::new()
            } else {
                let content = Content {
                    reach: words.to_owned(),
                    was: Some("all".to_owned()),
                    choices: vec!["none".to_owned(), "own".to_owned(), "all".to_owned()],
                    ..Content::default()
                };
                choices(text, true, &content)
            },
            note: "<script>".to_owned(),
            is_locked,
        };
        let row = Row {
            name: "Contacts <script>".to_owned(),
            second: "2 teams".to_owned(),
            href: Some("#".to_owned()),
            is_off: true,
            cells: vec![Some(cell("Read", "team", false)), None],
            more: vec![cell("Export", "none", true)],
        };
        let columns = vec!["Read".to_owned(), "Create".to_owned()];
        let title = "Records".to_owned();
        Matrix { parts: vec![Part { title, columns, rows: vec![row] }] }
    }
}

impl Row {
    fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        resource: &Resource,
        columns: &[(String, String)],
        content: &impl Fn(&Resource, &Action) -> Content,
    ) -> Row {
        let own = ctx.snapshot().record_type(&resource.key);
        let name = own.map_or_else(|| resource.name.clone(), |own| own.name);
        let cell = |action: &Action| {
            let content = content(resource, action);
            let field = format!("cell.{}.{}", resource.key, action.key);
            Cell::new(frame.text, resource.scoped, (&name, action), field, content)
        };
        let mut cells: Vec<Option<Cell>> = Vec::new();
        for (key, column) in columns {
            let action = resource.actions.iter().find(|action| action.key == *key);
            cells.push(
                action
                    .map(|action| Cell { shows_name: action.name != *column, ..cell(action) }),
            );
        }
        let is_column = |action: &&Action| columns.iter().any(|(key, _)| *key == action.key);
        let others = resource.actions.iter().filter(|action| !is_column(action));
        let more = others.map(|action| Cell { shows_name: true, ..cell(action) }).collect();
        let is_off = !ctx.snapshot().is_on(&resource.key);
        Row { name, second: String::new(), href: None, is_off, cells, more }
    }
}

impl Cell {
    /// Makes a cell of a row and an action.
    pub(crate) fn new(
        text: Text,
        is_scoped: bool,
        (row, action): (&str, &Action),
        field: String,
        content: Content,
    ) -> Cell {
        Cell {
            name: action.name.clone(),
            shows_name: false,
            reach: Reach::of_cell(text, is_scoped, &content.reach),
            field,
            label: format!("{row}: {}", action.name),
            choices: choices(text, is_scoped, &content),
            note: content.note,
            is_locked: content.is_locked,
        }
    }
}

/// The reaches to choose from, with the one that is saved and the one that is chosen.
fn choices(text: Text, is_scoped: bool, content: &Content) -> Vec<Choice> {
    if content.choices.is_empty() {
        return Vec::new();
    }
    let was = content.was.as_deref().unwrap_or(&content.reach);
    let mut values: Vec<&str> = content.choices.iter().map(String::as_str).collect();
    for value in [was, content.reach.as_str()] {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let choice = |value: &str| Choice {
        value: value.to_owned(),
        reach: Reach::of_cell(text, is_scoped, value),
        is_chosen: value == content.reach,
        was: value == was,
    };
    values.into_iter().map(choice).collect()
}

/// The actions that are columns, with their names: those of most resources, reading first.
fn columns(resources: &[&Resource]) -> Vec<(String, String)> {
    let mut counted: Vec<(&Action, bool, usize)> = Vec::new();
    for resource in resources {
        for (place, action) in resource.actions.iter().enumerate() {
            let reads = resource.read == Some(place);
            match counted.iter_mut().find(|(known, ..)| known.key == action.key) {
                Some((_, is_read, n)) => {
                    *is_read |= reads;
                    *n += 1;
                }
                None => counted.push((action, reads, 1)),
            }
        }
    }
    let least = if resources.len() > 2 { resources.len().div_ceil(3).max(2) } else { 1 };
    counted.retain(|(_, _, n)| *n >= least);
    counted.truncate(MOST_COLUMNS);
    counted.sort_by_key(|(_, reads, _)| !reads);
    let column =
        |(action, ..): (&Action, bool, usize)| (action.key.clone(), action.name.clone());
    counted.into_iter().map(column).collect()
}
