//! `cargo xtask golden`: rewrites the golden files, which tests compare with what the code gives.

use std::fmt::Write as _;
use std::process::Command;

/// Makes a test write its golden file before comparing with it.
const REWRITE: &str = "HALLPASS_REWRITE";

/// The server on which the tests of PostgreSQL run.
const POSTGRES: &str = "HALLPASS_TEST_POSTGRES";

/// A set of golden files and the tests that write them.
struct Golden {
    name: &'static str,
    files: &'static str,
    package: &'static str,
    /// The module in the integration tests of the package.
    module: &'static str,
    needs_postgres: bool,
}

const GOLDEN: [Golden; 9] = [
    Golden {
        name: "matrices",
        files: "blueprints/matrices/",
        package: "hallpass-engine",
        module: "matrices",
        needs_postgres: false,
    },
    Golden {
        name: "schema",
        files: "store/schema/",
        package: "hallpass-store",
        module: "schema",
        needs_postgres: true,
    },
    Golden {
        name: "plans",
        files: "store/plans/",
        package: "hallpass-store",
        module: "record::plan",
        needs_postgres: true,
    },
    Golden {
        name: "examples",
        files: "web/src/openapi/examples/",
        package: "hallpass-web",
        module: "routes::examples",
        needs_postgres: false,
    },
    Golden {
        name: "openapi",
        files: "docs/openapi.json",
        package: "hallpass-web",
        module: "openapi",
        needs_postgres: false,
    },
    Golden {
        name: "routes",
        files: "web/tests/it/routes/matrix.txt",
        package: "hallpass-web",
        module: "routes::matrix",
        needs_postgres: false,
    },
    Golden {
        name: "configuration",
        files: "docs/configuration.md",
        package: "hallpass",
        module: "config",
        needs_postgres: false,
    },
    Golden {
        name: "help",
        files: "hallpass/tests/help.txt",
        package: "hallpass",
        module: "help",
        needs_postgres: false,
    },
    Golden {
        name: "ways-in",
        files: "console/tests/it/ways_in/table.txt",
        package: "hallpass-console",
        module: "ways_in",
        needs_postgres: false,
    },
];

/// Describes the command and lists the sets of golden files.
pub(crate) fn help() -> String {
    let mut text = format!(
        "\
cargo xtask golden [NAME...]
    Rewrites the golden files, all of them or those named; read the difference before you commit.
    Those of PostgreSQL need {POSTGRES}, the URL of a server.
"
    );
    for Golden { name, files, needs_postgres, .. } in &GOLDEN {
        let needs = if *needs_postgres { ", needs PostgreSQL" } else { "" };
        let _ = writeln!(text, "    {name:<18}{files}{needs}");
    }
    text
}

/// Runs the tests that write the selected golden files.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let selected = select(args)?;
    let without_server = std::env::var_os(POSTGRES).is_none();
    if let Some(golden) = selected.iter().find(|golden| golden.needs_postgres && without_server)
    {
        let Golden { name, .. } = golden;
        return Err(format!(
            "`{name}` needs PostgreSQL: set {POSTGRES} to the URL of a server on which databases \
             may be created, or name the golden files that need none"
        ));
    }
    for golden in selected {
        println!("{}: {}", golden.name, golden.files);
        let mut command = golden.command();
        let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
        if !status.success() {
            return Err(format!("{command:?} failed"));
        }
    }
    Ok(())
}

fn select(names: &[String]) -> Result<Vec<&'static Golden>, String> {
    if names.is_empty() {
        return Ok(GOLDEN.iter().collect());
    }
    let find = |name: &String| {
        let golden = GOLDEN.iter().find(|golden| golden.name == name);
        golden.ok_or_else(|| format!("no golden files `{name}`\n\n{}", help()))
    };
    names.iter().map(find).collect()
}

impl Golden {
    fn command(&self) -> Command {
        let mut command = Command::new("cargo");
        command.args(["test", "--quiet", "--package", self.package, "--test", "it", "--"]);
        command.arg(format!("{}::", self.module)).env(REWRITE, "1");
        command
    }
}

#[cfg(test)]
mod tests;
