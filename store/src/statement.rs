//! What is known of each statement, worked out once for each text.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::dialect::Dialect;
use crate::row::Header;
use crate::value::Value;

/// The most statements of which something is remembered.
const CAPACITY: usize = 1_024;

/// A statement as an engine reads it.
pub(crate) struct Statement {
    /// The text, with the parameters as the engine writes them.
    pub(crate) text: Box<str>,
    /// The table that it is about.
    pub(crate) table: Box<str>,
    /// Its first word: `SELECT`, `INSERT`.
    pub(crate) operation: Box<str>,
    /// Whether it binds the workspace's id, `?1`.
    pub(crate) names_workspace: bool,
    /// How a server plans it.
    pub(crate) planning: Planning,
    /// Whether SQLite may do much in one of its steps, as its full-text search does.
    pub(crate) has_long_steps: bool,
    /// A hash of its text.
    pub(crate) key: u64,
    /// The columns that it returns, once it has run.
    header: OnceLock<Arc<Header>>,
}

impl Statement {
    fn new(dialect: Dialect, sql: &str) -> Statement {
        Statement {
            text: dialect.statement(sql).into(),
            table: table(sql).unwrap_or("?").into(),
            operation: sql.split_whitespace().next().unwrap_or_default().into(),
            names_workspace: names_workspace(sql),
            planning: Planning::of(sql),
            has_long_steps: sql.contains(" MATCH "),
            key: {
                let mut hasher = DefaultHasher::new();
                sql.hash(&mut hasher);
                hasher.finish()
            },
            header: OnceLock::new(),
        }
    }

    /// The header of its rows.
    pub(crate) fn header<'n, N: Iterator<Item = &'n str>>(
        &self,
        columns: impl FnOnce() -> N,
    ) -> &Arc<Header> {
        self.header.get_or_init(|| Arc::new(Header::new(&self.table, columns())))
    }
}

/// How a server plans a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Planning {
    /// Once, for every value that it is run with.
    Once,
    /// For its values each time: the best plan for a tenant with a million rows reads all the rows of
    /// another tenant for one with twenty.
    ForValues,
}

/// How the names of tables begin of which a tenant has a few rows or a million.
const GROWING: [&str; 4] = ["record", "timeline", "audit", "members"];

/// What a statement has that reads as many rows as there are until enough of them fit. Without any, it is
/// a lookup, or a page in the order of an index, whose plan is the same for every tenant.
const SEARCHING: [&str; 6] =
    [" LIKE ", "strpos(", "count(", "sum(", " stage = ", " is_open = "];

impl Planning {
    /// How a statement is planned.
    pub(crate) fn of(sql: &str) -> Planning {
        let reads = sql.starts_with("SELECT") || sql.starts_with("WITH");
        let of_growing = |word: &str| GROWING.iter().any(|table| word.starts_with(table));
        let mut words = sql.split_whitespace();
        let grows = std::iter::from_fn(|| {
            words.find(|word| matches!(*word, "FROM" | "JOIN"))?;
            words.next()
        })
        .any(of_growing);
        let searches = SEARCHING.iter().any(|part| sql.contains(part));
        let is_for_values = reads && grows && searches && names_workspace(sql);
        if is_for_values { Planning::ForValues } else { Planning::Once }
    }
}

/// A statement with the values that it binds.
pub(crate) struct Call<'c> {
    pub(crate) statement: &'c Arc<Statement>,
    /// The workspace's id, which is the first parameter.
    pub(crate) workspace: Option<&'c Value>,
    pub(crate) values: &'c [Value],
}

impl Call<'_> {
    /// Everything that it binds.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.workspace.into_iter().chain(self.values)
    }

    /// Everything that it binds, for another thread.
    pub(crate) fn owned(&self) -> Vec<Value> {
        self.parameters().cloned().collect()
    }

    /// The workspace; the nil id for what belongs to none.
    pub(crate) fn workspace_id(&self) -> Uuid {
        match self.workspace {
            Some(Value::Id(id)) => *id,
            Some(_) | None => Uuid::nil(),
        }
    }
}

/// The statements of a database.
pub(crate) struct Statements {
    dialect: Dialect,
    known: Cache<String, Arc<Statement>>,
    /// How many have begun to run.
    ran: AtomicU64,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect) -> Statements {
        Statements { dialect, known: Cache::new(CAPACITY), ran: AtomicU64::new(0) }
    }

    /// Counts one that begins to run.
    pub(crate) fn count(&self) {
        self.ran.fetch_add(1, Ordering::Relaxed);
    }

    /// How many have begun to run.
    pub(crate) fn ran(&self) -> u64 {
        self.ran.load(Ordering::Relaxed)
    }

    pub(crate) fn find(&self, sql: &str) -> Arc<Statement> {
        if let Some(known) = self.known.get(sql) {
            return known;
        }
        let statement = Arc::new(Statement::new(self.dialect, sql));
        self.known.insert(sql.to_owned(), Arc::clone(&statement));
        statement
    }
}

/// The first table that a statement names.
fn table(sql: &str) -> Option<&str> {
    let mut words = sql.split_whitespace();
    while let Some(word) = words.next() {
        if matches!(word, "FROM" | "INTO" | "UPDATE") {
            let next = words.next()?;
            let end = next.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, rest) = next.split_at(end.unwrap_or(next.len()));
            // A function or a subquery is no table.
            if !name.is_empty() && !rest.starts_with('(') {
                return Some(name);
            }
        }
    }
    None
}

fn names_workspace(sql: &str) -> bool {
    sql.match_indices("?1").any(|(at, parameter)| {
        !sql.as_bytes().get(at + parameter.len()).is_some_and(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests;
