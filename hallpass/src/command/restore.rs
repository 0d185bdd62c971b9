//! `hallpass restore`: puts a backup in the place of the database, and keeps the former one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use hallpass_app::environment::{Clock as _, SystemClock};
use hallpass_store::ServerLock;
use hallpass_store::checkup::Finding;
use hallpass_store::copy::{self, Former};

use super::backup::{check_location, create_private, part_of, remove_beside, sync, verify};
use crate::config::{Config, Database, Flags};
use crate::data::{self, sync_folder};
use crate::output::Output;
use crate::secret_key;
use crate::server::runtime;

const EXAMPLES: &str = "\
Examples:
  hallpass restore backups/2026-03-17.db

The server must not run. The former database is kept beside the new one. What was revoked since the
backup (sessions, API keys, memberships) counts again, and mails that were waiting then are sent.";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    #[command(flatten)]
    flags: Flags<Database>,
    /// The backup
    file: PathBuf,
}

impl Restore {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        check_location(&config, "restore", "pg_restore")?;
        // What a link leads to is replaced, and not the link.
        let location = copy::resolved(&config.database);
        let location = location.as_path();
        if same_file(&self.file, location) {
            return Err(format!("`{}` is the database itself", self.file.display()));
        }
        if copy::is_foreign(&config.database) {
            return Err(format!(
                "`{}` is an SQLite database, but not of Hallpass; choose another location with \
                 `--database`",
                config.database
            ));
        }
        data::prepare(&config.data)?;
        runtime()?.block_on(async {
            let backup = self.file.display().to_string();
            copy::check_copy(&backup).await.map_err(|error| error.to_string())?;
            let lock = ServerLock::take_unchecked(&config.database);
            let _lock = lock.map_err(|error| error.to_string())?;
            let part = Part::copy(&self.file, location)?;
            let checked = verify(&part.0.display().to_string()).await;
            let findings = checked.map_err(|why| format!("`{backup}` is damaged: {why}"))?;
            let mut output = Output::new();
            let kept = replace(&location.display().to_string(), &part.0).await?;
            output.line(format_args!("restored `{}` from `{backup}`", config.database));
            for Finding { subject, detail, .. } in &findings {
                output.line(format_args!("  {subject}: {detail}"));
            }
            if let Some(kept) = kept {
                output.line(format_args!("the former database is `{}`", kept.display()));
            }
            if let Err(why) = secret_key::find(&config) {
                output.line(format_args!(
                    "the keys of stored secrets are missing: {why}; put a copy of the key file there \
                     before the server starts"
                ));
            }
            output.line("start the server, and run `hallpass doctor`");
            Ok(output)
        })
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// A copy of the backup in the folder of the database; removed unless it has taken its place.
struct Part(PathBuf);

impl Part {
    fn copy(backup: &Path, location: &Path) -> Result<Part, String> {
        let part = Part(part_of(location));
        let copied = create_private(&part.0).and_then(|mut target| {
            io::copy(&mut fs::File::open(backup)?, &mut target)?;
            target.sync_all()
        });
        copied.map_err(|error| format!("cannot write `{}`: {error}", part.0.display()))?;
        Ok(part)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        remove_beside(&self.0);
        let _ = fs::remove_file(&self.0);
    }
}

/// Puts a checked copy in the place of the database, in one step. Returns where the former one is.
async fn replace(location: &str, part: &Path) -> Result<Option<PathBuf>, String> {
    let failed = |error: io::Error| format!("cannot replace `{location}`: {error}");
    remove_beside_log(part);
    sync(part).map_err(failed)?;
    let path = Path::new(location);
    let has_former = path.exists() || beside(location, "-wal").exists();
    let mut kept = None;
    // Held until the new database is in its place.
    let mut former = None;
    if has_former {
        let aside = aside(location);
        let released =
            copy::release_files(location).await.map_err(|error| error.to_string())?;
        if matches!(released, Former::Damaged(_)) {
            move_log(location, &aside).map_err(failed)?;
        }
        if path.exists() {
            link_aside(path, Path::new(&aside)).map_err(failed)?;
        }
        former = Some(released);
        kept = Some(PathBuf::from(aside));
    }
    fs::rename(part, path).and_then(|()| sync_folder(path)).map_err(failed)?;
    drop(former);
    Ok(kept)
}

/// Where the former database is kept.
fn aside(location: &str) -> String {
    let now = SystemClock.now().to_string();
    let digits: String = now.chars().filter(char::is_ascii_digit).take(14).collect();
    let name = format!("{location}.before-restore-{digits}");
    // Two restores may happen in a second.
    let others = (2..u32::MAX).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(others);
    names.find(|name| !Path::new(name).exists()).unwrap_or(name)
}

/// Gives the former file a second name: its own is then taken over in one step. Where the file system has
/// no links it is copied.
fn link_aside(path: &Path, aside: &Path) -> io::Result<()> {
    if fs::hard_link(path, aside).is_ok() {
        return Ok(());
    }
    let mut target = create_private(aside)?;
    io::copy(&mut fs::File::open(path)?, &mut target)?;
    target.sync_all()
}

/// Moves the log of a damaged database aside, with its file: beside another one it would be applied.
fn move_log(location: &str, aside: &str) -> io::Result<()> {
    for end in ["-wal", "-shm"] {
        let log = beside(location, end);
        if log.exists() {
            fs::rename(log, beside(aside, end))?;
        }
    }
    Ok(())
}

fn remove_beside_log(part: &Path) {
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(beside(&part.display().to_string(), end));
    }
}

fn beside(location: &str, end: &str) -> PathBuf {
    PathBuf::from(format!("{location}{end}"))
}
