//! The columns of a table, listed once for the statements that read, insert and update its rows.

use std::sync::OnceLock;

use crate::query::parameters;

/// The columns of a table.
///
/// **Invariant:** `stored` begins with the key. Statements number their parameters in the order
/// `stored`, `computed`, `fixed`, `hidden`, behind the workspace where there is one; the values of
/// a row are listed in that order.
pub(crate) struct Columns {
    table: &'static str,
    in_workspace: bool,
    /// Read and updated. A column `version` goes up with each update.
    stored: &'static [&'static str],
    /// Updated but never read: keys to sort and search by.
    computed: &'static [&'static str],
    /// Read but never updated.
    fixed: &'static [&'static str],
    /// Neither read nor updated: hashes of secrets.
    hidden: &'static [&'static str],
    list: OnceLock<String>,
    select: OnceLock<String>,
    insert: OnceLock<String>,
    update: OnceLock<String>,
}

impl Columns {
    /// The columns of a table whose rows belong to no workspace.
    pub(crate) const fn global(
        table: &'static str,
        stored: &'static [&'static str],
    ) -> Columns {
        Columns {
            table,
            in_workspace: false,
            stored,
            computed: &[],
            fixed: &[],
            hidden: &[],
            list: OnceLock::new(),
            select: OnceLock::new(),
            insert: OnceLock::new(),
            update: OnceLock::new(),
        }
    }

    /// The columns of a table whose rows belong to the workspace `?1`.
    pub(crate) const fn in_workspace(
        table: &'static str,
        stored: &'static [&'static str],
    ) -> Columns {
        let mut columns = Columns::global(table, stored);
        columns.in_workspace = true;
        columns
    }

    pub(crate) const fn computed(mut self, computed: &'static [&'static str]) -> Columns {
        self.computed = computed;
        self
    }

    pub(crate) const fn fixed(mut self, fixed: &'static [&'static str]) -> Columns {
        self.fixed = fixed;
        self
    }

    pub(crate) const fn hidden(mut self, hidden: &'static [&'static str]) -> Columns {
        self.hidden = hidden;
        self
    }

    /// `SELECT id, name FROM teams`.
    pub(crate) fn select(&self) -> &str {
        self.select.get_or_init(|| format!("SELECT {} FROM {}", self.list(), self.table))
    }

    /// `id, name`.
    pub(crate) fn list(&self) -> &str {
        self.list.get_or_init(|| self.read().collect::<Vec<_>>().join(", "))
    }

    /// `t.id AS id, t.name AS name`, for a statement that joins tables.
    pub(crate) fn list_of(&self, alias: &str) -> String {
        let columns = self.read().map(|column| format!("{alias}.{column} AS {column}"));
        columns.collect::<Vec<_>>().join(", ")
    }

    /// `INSERT INTO teams (workspace_id, id, name, name_key) VALUES (?1, ?2, ?3, ?4)`.
    pub(crate) fn insert(&self) -> &str {
        self.insert.get_or_init(|| self.insert_rows(1))
    }

    /// The same for so many rows, whose values follow each other.
    pub(crate) fn insert_rows(&self, rows: usize) -> String {
        let (columns, width) = (self.all().collect::<Vec<_>>().join(", "), self.all().count());
        let workspace = self.in_workspace.then_some("?1");
        let row = |number: usize| {
            let values = parameters(self.first() + width * number, width);
            let values: Vec<&str> = workspace.into_iter().chain([values.as_str()]).collect();
            format!("({})", values.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        let workspace = if self.in_workspace { "workspace_id, " } else { "" };
        format!("INSERT INTO {} ({workspace}{columns}) VALUES {}", self.table, rows.join(", "))
    }

    /// `UPDATE teams SET name = ?3, version = version + 1 WHERE workspace_id = ?1 AND id = ?2 AND
    /// version = ?4`. It takes the first values of a row, see [`Columns::updated`].
    pub(crate) fn update(&self) -> &str {
        self.update.get_or_init(|| {
            let first = self.first();
            let (mut set, mut conditions) = (Vec::new(), Vec::new());
            if self.in_workspace {
                conditions.push("workspace_id = ?1".to_owned());
            }
            for (number, column) in (first..).zip(self.changing()) {
                match column {
                    "version" => {
                        set.push("version = version + 1".to_owned());
                        conditions.push(format!("version = ?{number}"));
                    }
                    _ if number == first => conditions.push(format!("{column} = ?{number}")),
                    _ => set.push(format!("{column} = ?{number}")),
                }
            }
            format!(
                "UPDATE {} SET {} WHERE {}",
                self.table,
                set.join(", "),
                conditions.join(" AND ")
            )
        })
    }

    /// Of the values of a row those that an update takes.
    pub(crate) fn updated<'v, V>(&self, values: &'v [V]) -> &'v [V] {
        values.get(..self.changing().count()).unwrap_or(values)
    }

    /// `name = ?7, cells = ?8`: what an update with conditions of its own changes, but for the version.
    pub(crate) fn assignments(&self, first: usize) -> String {
        let changing = (first..).zip(self.content());
        let set = changing.map(|(number, column)| format!("{column} = ?{number}"));
        set.collect::<Vec<_>>().join(", ")
    }

    /// `name = excluded.name, cells = excluded.cells`: what an upsert changes, but for the version.
    pub(crate) fn excluded(&self) -> String {
        let set = self.content().map(|column| format!("{column} = excluded.{column}"));
        set.collect::<Vec<_>>().join(", ")
    }

    fn read(&self) -> impl Iterator<Item = &'static str> {
        self.stored.iter().chain(self.fixed).copied()
    }

    fn changing(&self) -> impl Iterator<Item = &'static str> {
        self.stored.iter().chain(self.computed).copied()
    }

    /// What changes, without the key and the version.
    fn content(&self) -> impl Iterator<Item = &'static str> {
        self.changing().skip(1).filter(|column| *column != "version")
    }

    fn all(&self) -> impl Iterator<Item = &'static str> {
        self.changing().chain(self.fixed.iter().chain(self.hidden).copied())
    }

    /// The number of the first parameter.
    fn first(&self) -> usize {
        1 + usize::from(self.in_workspace)
    }
}

#[cfg(test)]
mod tests;
