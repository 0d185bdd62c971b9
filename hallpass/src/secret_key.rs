//! The keys that encrypt stored secrets: from the configuration, or a file that only this user reads.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hallpass_app::environment::SystemRandom;
use hallpass_app::secret::keyring::SecretKey;

use crate::config::Config;
use crate::config::key::parse;
use crate::data;

/// The name of the key file in the data folder.
const FILE: &str = "secret.key";

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
            let wrong = || format!("`{}` holds no keys of 32 bytes in base64", path.display());
            parse(&text).ok_or_else(wrong)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            data::prepare(&config.data)?;
            let keys = vec![SecretKey::random(&SystemRandom::default())];
            write_new(&path, &text_of(&keys))?;
            Ok(keys)
        }
        Err(error) => Err(format!("cannot read `{}`: {error}", path.display())),
    }
}

fn path(config: &Config) -> PathBuf {
    config.data.join(FILE)
}

fn text_of(keys: &[SecretKey]) -> String {
    let texts: Vec<String> =
        keys.iter().map(|key| BASE64_STANDARD.encode(key.expose())).collect();
    texts.join("\n") + "\n"
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
