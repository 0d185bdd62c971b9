//! Opening a database: the engine is chosen by the location, then the schema is migrated.

use crate::db::{Db, Engine};
use crate::error::Error;
use crate::file::is_server;
use crate::migration;
use crate::options::Options;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;

impl Db {
    /// Opens the database at a location and migrates its schema. A location is `postgres://…`, the
    /// path of an SQLite file, or `:memory:` for a database that ends with the `Db`. The last one
    /// has a single connection, so its readers and its writer wait for each other.
    ///
    /// # Errors
    ///
    /// `Unavailable` with a one-line reason when the database is out of reach, is not ours, belongs
    /// to a newer version, or was changed by something other than a migration.
    pub async fn open(location: &str, options: &Options) -> Result<Db, Error> {
        let db = Db::open_as_is(location, options).await?;
        // A migration of much data takes its time.
        migration::run(&db.without_budgets()).await?;
        Ok(db)
    }

    /// Opens the database at a location with the schema that it has: for checks, which change nothing.
    ///
    /// # Errors
    ///
    /// `Unavailable` with a one-line reason when the database is out of reach or not ours.
    pub async fn open_as_is(location: &str, options: &Options) -> Result<Db, Error> {
        let engine = if is_server(location) {
            Engine::Postgres(Postgres::open(location, options).await?)
        } else {
            Engine::Sqlite(Sqlite::open(location, options).await?)
        };
        Ok(Db::new(engine, options))
    }
}
