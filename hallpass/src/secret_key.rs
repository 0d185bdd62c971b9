//! The keys that encrypt stored secrets: from the configuration, or a file that only this user reads.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hallpass_app::Error;
use hallpass_app::environment::SystemRandom;
use hallpass_app::secret::keyring::{KeySource, SecretKey};

use crate::config::Config;
use crate::config::key::parse;
use crate::data;

/// The name of the key file in the data folder.
const FILE: &str = "secret.key";

/// The file that is locked while a command changes the key file.
const LOCK: &str = "secret.key.lock";

/// How long after a change of the key file a request may still store a secret under an earlier key: longer
/// than any request takes.
const SETTLED: Duration = Duration::from_mins(5);

/// Loads the keys, the current one first. Without a key in the configuration it reads the key file, and
/// makes one where there is none.
pub(crate) fn load(config: &Config) -> Result<Vec<SecretKey>, String> {
    if let Some(keys) = &config.secret_key {
        return parse(keys.expose()).ok_or_else(|| "`secret_key` holds no keys".to_owned());
    }
    let path = path(config);
    match fs::read_to_string(&path) {
        Ok(text) => {
            restrict(&path)?;
            parse(&text).ok_or_else(|| no_keys(&path))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            data::prepare(&config.data)?;
            let keys = vec![SecretKey::random(&SystemRandom::default())];
            write_new(&path, &text_of(&keys))?;
            Ok(keys)
        }
        Err(error) => Err(cannot_read(&path, &error)),
    }
}

/// Says where the keys are, without making any.
pub(crate) fn find(config: &Config) -> Result<String, String> {
    if config.secret_key.is_some() {
        return Ok("in the configuration".to_owned());
    }
    let path = path(config);
    read(&path).map(|keys| format!("{} in `{}`", keys.len(), path.display()))
}

fn path(config: &Config) -> PathBuf {
    config.data.join(FILE)
}

fn text_of(keys: &[SecretKey]) -> String {
    let texts: Vec<String> =
        keys.iter().map(|key| BASE64_STANDARD.encode(key.expose())).collect();
    texts.join("\n") + "\n"
}

/// The key file, for a server that runs while a command changes it.
pub(crate) struct KeyFile(PathBuf);

impl KeyFile {
    /// The key file; none where the keys are in the configuration.
    pub(crate) fn of(config: &Config) -> Option<KeyFile> {
        config.secret_key.is_none().then(|| KeyFile(path(config)))
    }
}

impl KeySource for KeyFile {
    fn load(&self) -> Result<Vec<SecretKey>, Error> {
        read(&self.0).map_err(Error::Broken)
    }
}

/// That no other command changes the key file. It ends with the process, however that ends.
pub(crate) struct KeyLock {
    _file: File,
}

impl KeyLock {
    /// Takes the lock, or says that another command has it.
    pub(crate) fn take(config: &Config) -> Result<KeyLock, String> {
        data::prepare(&config.data)?;
        let path = config.data.join(LOCK);
        let failed = |error: io::Error| format!("cannot lock `{}`: {error}", path.display());
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(KeyLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err("another `hallpass secrets` command is changing the keys".to_owned())
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Makes a new key the current one in the key file. The earlier ones stay in it.
pub(crate) fn add_key(config: &Config) -> Result<(), String> {
    let path = path(config);
    let mut keys = vec![SecretKey::random(&SystemRandom::default())];
    keys.extend(read(&path)?);
    replace(&path, &text_of(&keys))
}

/// Removes every key but the current one from the key file. Returns how many.
pub(crate) fn drop_earlier_keys(config: &Config) -> Result<usize, String> {
    let path = path(config);
    let keys = read(&path)?;
    let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
    let modified = modified.map_err(|error| cannot_read(&path, &error))?;
    let age = modified.elapsed().unwrap_or_default();
    if keys.len() > 1 && age < SETTLED {
        let minutes = SETTLED.as_secs() / 60;
        return Err(format!(
            "the key file was changed less than {minutes} minutes ago, and a request may still store \
             a secret under an earlier key; try again later"
        ));
    }
    let (current, earlier) = keys.split_at(keys.len().min(1));
    if !earlier.is_empty() {
        replace(&path, &text_of(current))?;
    }
    Ok(earlier.len())
}

/// Replaces the key file as a whole: it is never half written, whatever happens.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let new = path.with_extension("key.new");
    // That of a command that was stopped.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("cannot remove `{}`: {error}", new.display()));
        }
        Ok(()) | Err(_) => {}
    }
    write_new(&new, text)?;
    let owned = keep_owner(path, &new);
    if owned.is_err() {
        let _ = fs::remove_file(&new);
    }
    owned?;
    let renamed = fs::rename(&new, path).and_then(|()| data::sync_folder(path));
    renamed.map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// Gives the new file to the owner of the old one, so that the server can still read it if another user
/// runs the command.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &Path) -> Result<(), String> {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let of = |path: &Path| fs::metadata(path).map_err(|error| cannot_read(path, &error));
    let (old_one, new_one) = (of(old)?, of(new)?);
    if (old_one.uid(), old_one.gid()) == (new_one.uid(), new_one.gid()) {
        return Ok(());
    }
    chown(new, Some(old_one.uid()), Some(old_one.gid())).map_err(|error| {
        format!("`{}` belongs to another user; run this as that user: {error}", old.display())
    })
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &Path) -> Result<(), String> {
    Ok(())
}

fn read(path: &Path) -> Result<Vec<SecretKey>, String> {
    let text = fs::read_to_string(path).map_err(|error| cannot_read(path, &error))?;
    parse(&text).ok_or_else(|| no_keys(path))
}

fn cannot_read(path: &Path, error: &io::Error) -> String {
    format!("cannot read `{}`: {error}", path.display())
}

fn no_keys(path: &Path) -> String {
    format!("`{}` holds no keys of 32 bytes in base64", path.display())
}

/// Writes a file that only this user reads, and that does not exist yet: two servers that start at the
/// same time never have two keys.
fn write_new(path: &Path, text: &str) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// Takes the permissions of other users away.
#[cfg(unix)]
fn restrict(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path);
    let mode =
        metadata.map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    if mode.permissions().mode().trailing_zeros() >= 6 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        .map_err(|error| format!("cannot make `{}` private: {error}", path.display()))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests;
