//! Migrations: how a database gets the schema of this version.
//!
//! **Invariant:** a released migration is never edited; a later change is a new migration. A database
//! stores the checksum of each migration that it has run.

mod text_key;

use sha2::{Digest, Sha256};

use crate::db::Db;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::Tx;

/// A migration. Its number is its position in the list and the beginning of its name.
struct Migration {
    name: &'static str,
    text: &'static str,
}

/// The migrations of some names, each in its file.
macro_rules! migrations {
    ($($name:literal,)+) => {
        &[$(Migration {
            name: $name,
            text: include_str!(concat!("../migrations/", $name, ".sql")),
        }),+]
    };
}

/// The migrations in the order in which they run. Add new ones at the end.
const MIGRATIONS: &[Migration] = migrations![
    "0001_workspace",
    "0002_people",
    "0003_record",
    "0004_mail",
    "0005_operation",
    "0006_billing",
    "0007_role_giver",
    "0008_api_key",
    "0009_tally",
    "0010_payment",
    "0011_former_slug",
    "0012_text_key",
    "0013_audit_subject",
    "0014_saved_report",
    "0015_sort_key",
    "0016_stored_response",
    "0017_setup_link",
    "0018_session_view",
    "0019_member_alias",
    "0020_operator",
    "0021_session_authentication",
    "0022_address",
    "0023_address_change",
    "0024_connection",
    "0025_factor",
    "0026_group_mapping",
    "0027_api_key_scope",
    "0028_disabled_account",
    "0029_search",
    "0030_record_stage",
    "0031_record_sum",
    "0032_member_index",
    "0033_saved_view",
    "0034_search_scope_number",
    "0035_bulk_job",
    "0036_record_open",
    "0037_member_role",
    "0038_counter_version",
    "0039_workspace_import",
    "0040_api_key_version",
    "0041_api_key_reminder",
    "0042_access_change",
    "0043_export_file",
    "0044_export_reach",
];

const TABLE: &str = "hallpass_migrations";

const CREATE: &str = "CREATE TABLE hallpass_migrations (
    number BIGINT NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    checksum {text} NOT NULL
)";

/// Runs the migrations that a database lacks, a transaction for each. Several processes can do so at
/// once.
pub(crate) async fn run(db: &Db) -> Result<(), Error> {
    while run_next(db).await? == Progress::Ran {}
    Ok(())
}

#[derive(PartialEq)]
enum Progress {
    Ran,
    NoneLeft,
}

async fn run_next(db: &Db) -> Result<Progress, Error> {
    let mut tx = db.write().await?;
    let lock = tx.dialect().lock_schema();
    tx.run(lock).await?;
    prepare(&mut tx).await?;
    let done = check_done(&mut tx).await?;
    let Some(next) = MIGRATIONS.get(done) else { return Ok(Progress::NoneLeft) };
    let text = tx.dialect().schema(next.text);
    tx.run(&text).await.map_err(|error| failed_with_advice(next, &error, tx.dialect()))?;
    text_key::compute(&mut tx, next.name).await.map_err(|error| failed(next, &error))?;
    let number = i64::try_from(done + 1).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO hallpass_migrations (number, name, checksum) VALUES (?1, ?2, ?3)",
        &[number.into(), next.name.into(), checksum(next).into()],
    )
    .await?;
    tx.commit().await?;
    Ok(Progress::Ran)
}

/// Creates the table of migrations in an empty database, and refuses any other that lacks it.
async fn prepare(tx: &mut Tx) -> Result<(), Error> {
    let tables = tx.query(tx.dialect().tables(), &[]).await?;
    let tables =
        tables.iter().map(|row| row.text("name")).collect::<Result<Vec<_>, Error>>()?;
    if tables.contains(&TABLE) {
        return Ok(());
    }
    if let Some(table) = tables.first() {
        let why = format!("it is not of Hallpass: it has a table `{table}` and no `{TABLE}`");
        return Err(Error::Unavailable(why));
    }
    let dialect = tx.dialect();
    tx.run(&dialect.schema(CREATE)).await?;
    tx.run(dialect.mark_as_ours()).await
}

impl Tx {
    /// The last migration that was run: its number, and its name.
    pub async fn last_migration(&mut self) -> Result<(i64, String), Error> {
        let sql = "SELECT number, name FROM hallpass_migrations ORDER BY number DESC LIMIT 1";
        let row = self.query_one(sql, &[]).await?;
        Ok((row.int("number")?, row.text("name")?.to_owned()))
    }
}

/// How the schema of a database relates to this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the one of this version, after this migration.
    Current(&'static str),
    /// It is of an earlier version; opening the database runs so many migrations.
    Behind(usize),
}

impl Tx {
    /// Compares the schema with that of this version.
    ///
    /// # Errors
    ///
    /// `Unavailable` when it is of a newer version, or was built by other migrations.
    pub async fn schema_state(&mut self) -> Result<SchemaState, Error> {
        let done = check_done(self).await?;
        let last = MIGRATIONS.last().map_or("nothing", |migration| migration.name);
        Ok(match MIGRATIONS.len() - done {
            0 => SchemaState::Current(last),
            behind => SchemaState::Behind(behind),
        })
    }
}

/// Counts the migrations that were run, and compares each with ours.
async fn check_done(tx: &mut Tx) -> Result<usize, Error> {
    let sql = "SELECT number, name, checksum FROM hallpass_migrations ORDER BY number";
    let rows = tx.query(sql, &[]).await?;
    for (position, row) in rows.iter().enumerate() {
        let (number, name, found) =
            (row.int("number")?, row.text("name")?, row.text("checksum")?);
        let Some(ours) = MIGRATIONS.get(position) else {
            return Err(newer(name));
        };
        if usize::try_from(number) != Ok(position + 1) || ours.name != name {
            return Err(Error::Unavailable(format!(
                "it was built by other migrations: `{name}` in the place of `{}`",
                ours.name
            )));
        }
        if found != checksum(ours) {
            return Err(Error::Unavailable(format!(
                "the migration `{name}` has changed since it was run"
            )));
        }
    }
    Ok(rows.len())
}

fn newer(name: &str) -> Error {
    let last = MIGRATIONS.last().map_or("nothing", |migration| migration.name);
    Error::Unavailable(format!(
        "it is of a newer version of Hallpass: it has `{name}`, and this version ends with `{last}`"
    ))
}

fn failed(migration: &Migration, error: &Error) -> Error {
    Error::Unavailable(format!("the migration `{}` failed: {error}", migration.name))
}

/// Says what to do where a migration needs extensions that the server does not let it create.
fn failed_with_advice(migration: &Migration, error: &Error, dialect: Dialect) -> Error {
    if dialect == Dialect::Postgres && migration.text.contains("{search_index}") {
        return Error::Unavailable(format!(
            "the migration `{}` failed: {error}; search needs the extensions `pg_trgm` and `btree_gin` of \
             PostgreSQL's contrib: install the package that has them, let a superuser run `CREATE EXTENSION \
             pg_trgm; CREATE EXTENSION btree_gin` in this database, and start again",
            migration.name
        ));
    }
    failed(migration, error)
}

/// The checksum of the text before it is written in a dialect, so it is the same on both engines.
fn checksum(migration: &Migration) -> String {
    let digest = Sha256::digest(migration.text.as_bytes());
    digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests;
