//! The data folder: created if it does not exist, and checked before anything depends on it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

/// Makes sure that the folder exists and can be written to. Only this user can read a new one.
pub(crate) fn prepare(folder: &Path) -> Result<(), String> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(format!(
            "the data folder `{shown}` is a file; choose another with `--data`"
        ));
    }
    private(DirBuilder::new().recursive(true)).create(folder).map_err(|error| {
        format!(
            "cannot create the data folder `{shown}`: {error}; choose another with `--data`"
        )
    })?;
    write(folder).map_err(|error| {
        format!(
            "cannot write to the data folder `{shown}`: {error}; give this user write permission, or \
             choose another with `--data`"
        )
    })
}

fn write(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    fs::write(&probe, b"")?;
    fs::remove_file(probe)
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
