//! What is known of each statement, worked out once for each text.

use std::sync::{Arc, OnceLock};

use quick_cache::sync::Cache;

use crate::dialect::Dialect;
use crate::row::Header;

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

/// The statements of a database.
pub(crate) struct Statements {
    dialect: Dialect,
    known: Cache<String, Arc<Statement>>,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect) -> Statements {
        Statements { dialect, known: Cache::new(CAPACITY) }
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
