//! Which crate may import which: the layers, checked in every manifest.

use toml::de::{DeTable, DeValue};

use super::repository::Violation;
use crate::source;
use crate::tree::File;

/// A crate of ours: its folder, its package and the packages that it may depend on.
struct Layer {
    folder: &'static str,
    package: &'static str,
    may_import: &'static [&'static str],
    is_pure: bool,
}

const ENGINE: &str = "hallpass-engine";
const DOMAIN: &str = "hallpass-domain";
const WORKLOAD: &str = "hallpass-workload";
const STORE: &str = "hallpass-store";
const APP: &str = "hallpass-app";
const MAIL: &str = "hallpass-mail";
const SSO: &str = "hallpass-sso";
const WEB: &str = "hallpass-web";
const CONSOLE: &str = "hallpass-console";
const BINARY: &str = "hallpass";
const TESTKIT: &str = "hallpass-testkit";
const XTASK: &str = "xtask";
const BENCH: &str = "hallpass-bench";
const PEERS: &str = "hallpass-peers";
const FUZZ: &str = "hallpass-fuzz";

/// Crates that only serve the development of the project may import everything, including each
/// other.
const EVERYTHING: &[&str] = &[
    ENGINE, DOMAIN, WORKLOAD, STORE, SSO, APP, MAIL, WEB, CONSOLE, BINARY, TESTKIT, XTASK,
    BENCH, PEERS, FUZZ,
];

const LAYERS: [Layer; 15] = [
    Layer { folder: "engine", package: ENGINE, may_import: &[], is_pure: true },
    Layer { folder: "domain", package: DOMAIN, may_import: &[ENGINE], is_pure: true },
    Layer {
        folder: "workload",
        package: WORKLOAD,
        may_import: &[ENGINE, DOMAIN],
        is_pure: true,
    },
    Layer { folder: "store", package: STORE, may_import: &[ENGINE, DOMAIN], is_pure: false },
    Layer { folder: "sso", package: SSO, may_import: &[], is_pure: false },
    Layer {
        folder: "app",
        package: APP,
        may_import: &[ENGINE, DOMAIN, STORE, SSO],
        is_pure: false,
    },
    Layer { folder: "mail", package: MAIL, may_import: &[ENGINE, DOMAIN, APP], is_pure: false },
    Layer { folder: "web", package: WEB, may_import: &[ENGINE, DOMAIN, APP], is_pure: false },
    Layer {
        folder: "console",
        package: CONSOLE,
        may_import: &[ENGINE, DOMAIN, APP, MAIL, WEB],
        is_pure: false,
    },
    Layer {
        folder: "hallpass",
        package: BINARY,
        may_import: &[ENGINE, DOMAIN, WORKLOAD, STORE, SSO, APP, MAIL, WEB, CONSOLE],
        is_pure: false,
    },
    Layer { folder: "testkit", package: TESTKIT, may_import: EVERYTHING, is_pure: false },
    Layer { folder: "xtask", package: XTASK, may_import: EVERYTHING, is_pure: false },
    Layer { folder: "bench", package: BENCH, may_import: EVERYTHING, is_pure: false },
    Layer { folder: "peers", package: PEERS, may_import: EVERYTHING, is_pure: false },
    Layer { folder: "fuzz", package: FUZZ, may_import: EVERYTHING, is_pure: false },
];

/// Crates with side effects, which a pure layer cannot use.
const OUTSIDE: [&str; 28] = [
    "async-std",
    "axum",
    "deadpool-postgres",
    "dirs",
    "fastrand",
    "futures",
    "getrandom",
    "hyper",
    "hyper-util",
    "lettre",
    "libc",
    "mio",
    "postgres",
    "rand",
    "rand_core",
    "reqwest",
    "rusqlite",
    "rustls",
    "smol",
    "socket2",
    "sqlx",
    "tempfile",
    "tokio",
    "tokio-postgres",
    "tokio-rustls",
    "tower",
    "tower-http",
    "ureq",
];

struct Dependency {
    name: String,
    line: usize,
}

pub(super) fn check(file: &File) -> Vec<Violation> {
    let Some(layer) = LAYERS.iter().find(|layer| layer.folder == file.folder()) else {
        let message =
            "no layer is called like this folder: add it to `xtask/src/tidy/layers.rs`";
        return vec![Violation::new(file, 1, message)];
    };
    let manifest = match DeTable::parse(&file.text) {
        Ok(manifest) => manifest.into_inner(),
        Err(error) => return vec![Violation::new(file, 1, error.message())],
    };
    let mut found: Vec<Violation> = dependencies(&manifest, &file.text)
        .into_iter()
        .filter_map(|dependency| check_dependency(file, layer, &dependency))
        .collect();
    if package(&manifest) != Some(layer.package) {
        let message = format!("the package in this folder must be called `{}`", layer.package);
        found.push(Violation::new(file, 1, message));
    }
    found.sort_by_key(|violation| violation.line);
    found
}

fn check_dependency(file: &File, layer: &Layer, dependency: &Dependency) -> Option<Violation> {
    let Dependency { name, line } = dependency;
    let is_ours = EVERYTHING.contains(&name.as_str()) || name.starts_with("hallpass");
    if is_ours && !layer.may_import.contains(&name.as_str()) {
        let message = format!("`{}` may not import `{name}`", layer.package);
        return Some(Violation::new(file, *line, message));
    }
    if layer.is_pure && OUTSIDE.contains(&name.as_str()) {
        let message = format!("`{}` is pure, and `{name}` has side effects", layer.package);
        return Some(Violation::new(file, *line, message));
    }
    None
}

fn package<'a>(manifest: &'a DeTable<'_>) -> Option<&'a str> {
    manifest.get("package")?.get_ref().get("name")?.get_ref().as_str()
}

/// Lists what the crate needs to build and run on any target; `dev-dependencies` are not checked.
fn dependencies(manifest: &DeTable<'_>, text: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        let Some(table) = value.get_ref().as_table() else { continue };
        match key.get_ref().as_ref() {
            "dependencies" | "build-dependencies" => found.extend(entries(table, text)),
            "target" => found.extend(
                table
                    .values()
                    .filter_map(|target| target.get_ref().as_table())
                    .flat_map(|target| dependencies(target, text)),
            ),
            _ => {}
        }
    }
    found
}

fn entries(table: &DeTable<'_>, text: &str) -> Vec<Dependency> {
    table
        .iter()
        .map(|(key, value)| Dependency {
            name: renamed(value.get_ref()).unwrap_or(key.get_ref()).to_owned(),
            line: source::line_of(text, key.span().start),
        })
        .collect()
}

fn renamed<'a>(value: &'a DeValue<'_>) -> Option<&'a str> {
    value.as_table()?.get("package")?.get_ref().as_str()
}

#[cfg(test)]
mod tests;
