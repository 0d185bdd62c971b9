//! `hallpass backup`: a copy of the database in one file, made while the server runs.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use hallpass_store::checkup::{Finding, FindingState, Repair};
use hallpass_store::{Db, Options, copy};

use crate::config::{Config, Database, Flags};
use crate::data::sync_folder;
use crate::output::Output;
use crate::server::runtime;

const EXAMPLES: &str = "\
Examples:
  hallpass backup backups/2026-03-17.db
  hallpass backup --config /etc/hallpass.toml /backups/hallpass-$(date +%F).db

The key file of stored secrets is not in the backup: keep a copy of it, in another place.";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Backup {
    #[command(flatten)]
    flags: Flags<Database>,
    /// The file to write; it must not exist
    file: PathBuf,
}

impl Backup {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        check_location(&config, "backup", "pg_dump")?;
        if !Path::new(&config.database).is_file() {
            return Err(format!(
                "no database `{}`; set its location with `--database`",
                config.database
            ));
        }
        let reserved = Reserved::create(&self.file)?;
        let findings = runtime()?.block_on(async {
            let copied = copy::copy(&config.database, &reserved.part()).await;
            copied.map_err(|error| format!("cannot make a backup: {error}"))?;
            verify(&reserved.part()).await
        })?;
        let bytes = reserved.finish()?;
        let mut output = Output::new();
        output.line(format_args!(
            "copied `{}` to `{}`: {bytes} bytes",
            config.database,
            self.file.display()
        ));
        for Finding { subject, detail, .. } in &findings {
            output.line(format_args!("  {subject}: {detail}"));
        }
        if config.secret_key.is_none() {
            output.line(format_args!(
                "the keys of stored secrets are not in it: keep a copy of `{}` in another place",
                config.data.join("secret.key").display()
            ));
        }
        Ok(output)
    }
}

/// Refuses a database that is not a file.
pub(super) fn check_location(
    config: &Config,
    command: &str,
    other: &str,
) -> Result<(), String> {
    if copy::is_file(&config.database) {
        return Ok(());
    }
    Err(format!(
        "`hallpass {command}` is for SQLite; for PostgreSQL use `{other}`, see docs/operations.md"
    ))
}

/// Checks a copy that no server has open.
pub(super) async fn verify(file: &str) -> Result<Vec<Finding>, String> {
    let db = Db::open_as_is(
        file,
        &Options { connections: 1, ..Options::default().without_budgets() },
    )
    .await;
    let db = db.map_err(|error| error.to_string())?;
    let findings = db.check(Repair::Never).await;
    drop(db);
    let bad = findings.iter().find(|found| found.state == FindingState::Bad);
    match bad {
        Some(Finding { subject, detail, .. }) => Err(format!("{subject}: {detail}")),
        None => Ok(findings),
    }
}

/// A file that is being written, under another name until it is whole.
pub(super) struct Reserved {
    file: PathBuf,
    part: PathBuf,
    is_finished: bool,
}

impl Reserved {
    /// Reserves the name of a file that does not exist.
    pub(super) fn create(file: &Path) -> Result<Reserved, String> {
        let failed = |path: &Path, error: io::Error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                return format!("`{}` exists, and is not overwritten", path.display());
            }
            format!("cannot write `{}`: {error}", path.display())
        };
        create_private(file).map_err(|error| failed(file, error))?;
        let part = part_of(file);
        let reserved = Reserved { file: file.to_owned(), part, is_finished: false };
        create_private(&reserved.part).map_err(|error| failed(&reserved.part, error))?;
        Ok(reserved)
    }

    /// The name under which it is written.
    pub(super) fn part(&self) -> String {
        self.part.display().to_string()
    }

    /// Gives the file its name once the drive has it, and returns its size in bytes.
    fn finish(mut self) -> Result<u64, String> {
        let finished = sync(&self.part).and_then(|bytes| {
            fs::rename(&self.part, &self.file)?;
            sync_folder(&self.file)?;
            Ok(bytes)
        });
        self.is_finished = finished.is_ok();
        finished.map_err(|error| format!("cannot write `{}`: {error}", self.file.display()))
    }
}

/// Nothing is left of a backup that failed.
impl Drop for Reserved {
    fn drop(&mut self) {
        remove_beside(&self.part);
        if !self.is_finished {
            let _ = fs::remove_file(&self.part);
            let _ = fs::remove_file(&self.file);
        }
    }
}

/// The name of a file while it is being written.
pub(super) fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".part-{}", std::process::id()));
    PathBuf::from(name)
}

/// Creates a file that only this user reads, and that does not exist yet.
pub(super) fn create_private(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Waits until the drive has a file, and returns its size.
pub(super) fn sync(file: &Path) -> io::Result<u64> {
    let file = OpenOptions::new().write(true).open(file)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

/// Removes what opening a copy has left beside it.
pub(super) fn remove_beside(file: &Path) {
    for end in ["-wal", "-shm", ".lock"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        let _ = fs::remove_file(PathBuf::from(name));
    }
}
