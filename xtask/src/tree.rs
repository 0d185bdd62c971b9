//! The files of the repository that the commands read.

use std::fs;
use std::path::{Path, PathBuf};

/// Extensions of the files that are read.
const EXTENSIONS: [&str; 7] = ["rs", "md", "toml", "ts", "mjs", "sql", "ftl"];

/// Folders without files of the project. Hidden folders are skipped too. Below a folder `src` these are
/// names of modules.
const SKIPPED: [&str; 3] = ["target", "node_modules", "hallpass-data"];

/// A file: its path from the root of the repository, with `/` as separator, and its text.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// The folder below the root that contains the file, or nothing for a file at the root.
    pub(crate) fn folder(&self) -> &str {
        self.path.split_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }

    pub(crate) fn is_sql(&self) -> bool {
        self.extension() == "sql"
    }

    /// Whether the file has English texts of pages or of mails: `text/en.ftl`, `text/en/people.ftl`.
    pub(crate) fn is_english(&self) -> bool {
        self.extension() == "ftl" && self.path.split(['/', '.']).any(|part| part == "en")
    }

    pub(crate) fn is_markdown(&self) -> bool {
        self.extension() == "md"
    }

    /// Whether the file is the manifest of a crate directly below the root.
    pub(crate) fn is_manifest(&self) -> bool {
        self.path.split_once('/').is_some_and(|(_, rest)| rest == "Cargo.toml")
    }

    /// Whether the file contains tests: it is below a folder `tests`, or called `tests.rs`.
    pub(crate) fn is_test(&self) -> bool {
        let in_tests = self.path.split('/').any(|part| part == "tests");
        match self.extension() {
            "rs" => in_tests || self.name() == "tests.rs",
            "ts" | "mjs" => in_tests,
            _ => false,
        }
    }

    fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// Finds the root of the repository from the current folder, not from where the command was built:
/// checkouts may share a target folder.
pub(crate) fn root() -> Result<PathBuf, String> {
    let here = std::env::current_dir()
        .map_err(|error| format!("cannot read the current folder: {error}"))?;
    let root = here.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
    root.map(Path::to_owned)
        .ok_or_else(|| format!("`{}` is not inside a checkout of the project", here.display()))
}

/// Reads the files of a repository, sorted by path.
pub(crate) fn read(root: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    descend(root, "", &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn descend(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), String> {
    let failed = |error| format!("cannot read `{}`: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(failed)?;
        let path = format!("{prefix}{name}");
        if kind.is_dir() && !is_skipped(prefix, &name) {
            descend(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && is_read(&name) {
            let text = fs::read_to_string(entry.path())
                .map_err(|error| format!("cannot read `{path}`: {error}"))?;
            files.push(File { path, text });
        }
    }
    Ok(())
}

fn is_skipped(parent: &str, folder: &str) -> bool {
    let is_module = parent.split('/').any(|part| part == "src");
    folder.starts_with('.') || (SKIPPED.contains(&folder) && !is_module)
}

fn is_read(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

#[cfg(test)]
mod tests;
