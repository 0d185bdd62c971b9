//! Reads workspace folders and blueprints from files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hallpass_domain::blueprint::find;
use hallpass_engine::Blueprint;
use hallpass_workload::{FILES, Folder, WHO_FILE};

/// Reads a workspace folder.
pub(crate) fn folder(path: &Path) -> Result<Folder, String> {
    if !path.is_dir() {
        return Err(format!("`{}` is not a folder", path.display()));
    }
    let mut texts = BTreeMap::new();
    for name in FILES.into_iter().chain([WHO_FILE, "blueprint.toml"]) {
        let file = path.join(name);
        if file.exists() {
            texts.insert(name.to_owned(), text(&file)?);
        }
    }
    Folder::parse(&texts).map_err(|error| format!("{}/{error}", path.display()))
}

/// Reads a blueprint: a built-in one by its id, or a file.
pub(crate) fn blueprint(name: &str) -> Result<Blueprint, String> {
    let path = Path::new(name);
    let text = match find(name) {
        Some(shipped) => shipped.to_owned(),
        None if path.is_file() => text(path)?,
        None => {
            return Err(format!(
                "`{name}` is neither a built-in blueprint nor a file; `hallpass blueprint list` lists the \
                 built-in ones"
            ));
        }
    };
    Blueprint::parse(&text).map_err(|mistakes| {
        let lines = mistakes.0.iter().map(|mistake| format!("\n  {name}:{mistake}"));
        let count = mistakes.0.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        format!("{count} {noun}{}", lines.collect::<String>())
    })
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path)
        .map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}
