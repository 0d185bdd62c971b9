//! The true differences between the two engines, each with a name.

pub(crate) mod list;

use std::borrow::Cow;

/// Which engine speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

impl Dialect {
    /// A migration as the engine writes it: `{id}`, `{text}` and `{bytes}` are types, `{clustered}`
    /// ends a table that is stored in the order of its primary key.
    #[must_use]
    pub fn schema(self, text: &str) -> String {
        let (id, string, bytes, clustered) = match self {
            Dialect::Sqlite => ("BLOB", "TEXT", "BLOB", " WITHOUT ROWID"),
            Dialect::Postgres => ("UUID", "TEXT COLLATE \"C\"", "BYTEA", ""),
        };
        text.replace("{id}", id)
            .replace("{text}", string)
            .replace("{bytes}", bytes)
            .replace(" {clustered}", clustered)
    }

    /// A statement as the engine reads it: parameters are written `?1`; PostgreSQL says `$1`.
    #[must_use]
    pub fn statement(self, sql: &str) -> Cow<'_, str> {
        match self {
            Dialect::Sqlite => Cow::Borrowed(sql),
            Dialect::Postgres => Cow::Owned(sql.replace('?', "$")),
        }
    }

    /// Begins a transaction that writes. SQLite has one writer, who waits for nobody.
    #[must_use]
    pub const fn begin_write(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Begins a transaction that reads one snapshot.
    #[must_use]
    pub const fn begin_read(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Ends a SELECT that holds the rows that it reads until the transaction ends. SQLite's writer
    /// is alone anyway.
    #[must_use]
    pub const fn for_update(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }

    /// Moves what was written from the log into the database, and empties the log. A server does so
    /// by itself.
    pub(crate) const fn checkpoint(self) -> &'static str {
        match self {
            Dialect::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
            Dialect::Postgres => "",
        }
    }

    /// Keeps every other process from changing the schema until the transaction ends. SQLite's
    /// writer is alone anyway. The number is ours, and no more than a number.
    pub(crate) const fn hold_schema(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => "SELECT pg_advisory_xact_lock(1213221203)",
        }
    }

    /// Lists the tables that are there.
    pub(crate) const fn tables(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' \
                 ESCAPE '\\' ORDER BY name"
            }
            Dialect::Postgres => {
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() \
                 ORDER BY tablename"
            }
        }
    }

    /// Marks a database as ours. SQLite writes it into the head of the file, where `file` and
    /// others look; see `sqlite::MARK`.
    pub(crate) const fn mark(self) -> &'static str {
        match self {
            Dialect::Sqlite => "PRAGMA application_id = 1213221203",
            Dialect::Postgres => {
                "COMMENT ON TABLE hallpass_migrations IS 'A Hallpass database'"
            }
        }
    }
}
