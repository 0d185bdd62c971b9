//! The data folder: created if it does not exist, made private, and checked before anything depends
//! on it.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::Path;

/// Makes sure that the folder exists and can be written to, and that only this user can read it.
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
    })?;
    restrict(folder).map_err(|error| {
        format!("cannot make the data folder `{shown}` private: {error}; choose another with `--data`")
    })
}

/// Makes sure that the name of a file outlasts a loss of power.
#[cfg(unix)]
pub(crate) fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes the permissions of other users away. A folder that all users share stays as it is, and is not
/// accepted.
#[cfg(unix)]
fn restrict(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    const SHARED: u32 = 0o1000;
    let mode = fs::metadata(folder)?.permissions().mode();
    if mode & SHARED != 0 {
        return Err(io::Error::other("other users share it"));
    }
    if mode & 0o777 == 0o700 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
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
