//! The true differences between the two engines, each with a name.

/// Which engine speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

impl Dialect {
    /// A migration as the engine writes it: `{id}` and `{bytes}` are types, `{clustered}` ends a
    /// table that is stored in the order of its primary key.
    #[must_use]
    pub fn schema(self, text: &str) -> String {
        let (id, bytes, clustered) = match self {
            Dialect::Sqlite => ("BLOB", "BLOB", "WITHOUT ROWID"),
            Dialect::Postgres => ("UUID", "BYTEA", ""),
        };
        text.replace("{id}", id).replace("{bytes}", bytes).replace("{clustered}", clustered)
    }

    /// A statement as the engine reads it: parameters are written `?1`; PostgreSQL says `$1`.
    #[must_use]
    pub fn statement(self, sql: &str) -> String {
        match self {
            Dialect::Sqlite => sql.to_owned(),
            Dialect::Postgres => sql.replace('?', "$"),
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
}
