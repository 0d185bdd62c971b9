//! The files that inputs are mutated from.

use std::path::{Path, PathBuf};

use crate::targets::Target;

/// Reads the corpus of a target, in the order of the names of its files.
///
/// # Errors
///
/// When a file or folder cannot be read.
pub fn read(target: &Target) -> Result<Vec<Vec<u8>>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in target.corpus {
        paths.extend(files(&root.join(folder))?);
    }
    paths.iter().map(|path| std::fs::read(path).map_err(|error| failed(path, &error))).collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", path.display())
}
