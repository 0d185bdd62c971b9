//! The data folder: made when it is not there, and tried before anything depends on it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

/// Makes sure that there is a folder that can be written to. A new one is nobody else's.
///
/// # Errors
///
/// In one line, what is in the way and what to do.
pub(crate) fn prepare(folder: &Path) -> Result<(), String> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(format!(
            "the data folder `{shown}` is a file; choose another with `--data`"
        ));
    }
    private(DirBuilder::new().recursive(true)).create(folder).map_err(|error| {
        format!("cannot make the data folder `{shown}`: {error}; choose another with `--data`")
    })?;
    write(folder).map_err(|error| {
        format!(
            "cannot write into the data folder `{shown}`: {error}; let this user write there, or \
             choose another with `--data`"
        )
    })
}

fn write(folder: &Path) -> io::Result<()> {
    let trial = folder.join(format!(".trial-{}", std::process::id()));
    fs::write(&trial, b"")?;
    fs::remove_file(trial)
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

#[cfg(test)]
mod tests;
