//! The differences between the two engines, each with a name.

pub(crate) mod list;
pub(crate) mod member_index;
pub(crate) mod search;

use std::borrow::Cow;

/// What the header of an SQLite file of ours says: `HPSS`, as a number.
pub(crate) const APPLICATION_ID: i64 = 1_213_221_203;

/// Which engine's SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded engine.
    Sqlite,
    /// The database server.
    Postgres,
}

impl Dialect {
    /// A migration as the engine writes it: `{id}`, `{text}` and `{bytes}` are types, `{clustered}`
    /// ends a table that is stored in the order of its primary key, `{every_owner}` is the highest id,
    /// `{search_index}` creates the index of search, `{member_index}` that of members by text, `{search_scope_numbers}` what numbers record types.
    #[must_use]
    pub fn schema(self, text: &str) -> String {
        let (id, string, bytes, clustered) = match self {
            Dialect::Sqlite => ("BLOB", "TEXT", "BLOB", " WITHOUT ROWID"),
            Dialect::Postgres => ("UUID", "TEXT COLLATE \"C\"", "BYTEA", ""),
        };
        let every_owner = match self {
            Dialect::Sqlite => "X'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'",
            Dialect::Postgres => "CAST('ffffffff-ffff-ffff-ffff-ffffffffffff' AS UUID)",
        };
        text.replace("{id}", id)
            .replace("{every_owner}", every_owner)
            .replace("{member_index}", self.member_index())
            .replace("{text}", string)
            .replace("{bytes}", bytes)
            .replace(" {clustered}", clustered)
            .replace("{search_index}", self.search_index())
            .replace("{search_scope_numbers}", self.search_scope_numbers())
    }

    /// A statement as the engine reads it: we write parameters as `?1`, PostgreSQL as `$1`.
    #[must_use]
    pub fn statement(self, sql: &str) -> Cow<'_, str> {
        match self {
            Dialect::Sqlite => Cow::Borrowed(sql),
            Dialect::Postgres => Cow::Owned(sql.replace('?', "$")),
        }
    }

    /// Begins a transaction that writes. SQLite has one writer at a time. PostgreSQL rolls it back when
    /// its client has vanished without closing the connection, and others wait for its locks.
    #[must_use]
    pub const fn begin_write(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => {
                "BEGIN ISOLATION LEVEL READ COMMITTED; \
                 SET LOCAL idle_in_transaction_session_timeout = '30s'"
            }
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

    /// The text under a key of an object that a column stores as JSON.
    #[must_use]
    pub fn json_text(self, column: &str, key: &str) -> String {
        match self {
            Dialect::Sqlite => format!("CAST({column} ->> {key} AS TEXT)"),
            Dialect::Postgres => format!("(CAST({column} AS JSON) ->> CAST({key} AS TEXT))"),
        }
    }

    /// Ends a SELECT that locks the rows that it reads until the transaction ends. SQLite has one
    /// writer anyway.
    #[must_use]
    pub const fn for_update(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        }
    }

    /// Moves the write-ahead log into the database and truncates it. A server does so by itself.
    pub(crate) const fn checkpoint(self) -> &'static str {
        match self {
            Dialect::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
            Dialect::Postgres => "",
        }
    }

    /// Moves what it can of the write-ahead log into the database, and waits for no reader. A server does so
    /// by itself.
    pub(crate) const fn checkpoint_passively(self) -> &'static str {
        match self {
            Dialect::Sqlite => "PRAGMA wal_checkpoint(PASSIVE)",
            Dialect::Postgres => "",
        }
    }

    /// Gives a transaction its number, so that its commit is written. SQLite writes each.
    pub(crate) const fn number_transaction(self) -> Option<&'static str> {
        match self {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some("SELECT CAST(txid_current() AS BIGINT)"),
        }
    }

    /// Locks the schema against other processes until the transaction ends. SQLite has one writer
    /// anyway. The number of the lock is arbitrary.
    pub(crate) const fn lock_schema(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => "SELECT pg_advisory_xact_lock(1213221203)",
        }
    }

    /// Lists the tables, in a column `name`.
    pub(crate) const fn tables(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' \
                 ESCAPE '\\' ORDER BY name"
            }
            Dialect::Postgres => {
                "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() \
                 ORDER BY tablename"
            }
        }
    }

    /// Marks a database as ours. SQLite writes [`APPLICATION_ID`] into the header of the file, where
    /// `file` and other programs look.
    pub(crate) const fn mark_as_ours(self) -> &'static str {
        match self {
            Dialect::Sqlite => "PRAGMA application_id = 1213221203",
            Dialect::Postgres => {
                "COMMENT ON TABLE hallpass_migrations IS 'A Hallpass database'"
            }
        }
    }
}
