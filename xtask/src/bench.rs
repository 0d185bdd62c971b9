//! `cargo xtask bench`: measures Hallpass beside its peers on the same work.

use std::path::Path;
use std::process::Command;

/// Folders that are measured when none is named: those with ten thousand members.
const FOLDERS: [&str; 2] = ["../shared/workloads/hari-10k", "../shared/workloads/ladder-10k"];

/// Builds the bench and runs it once for each folder, so that none finds another's memory.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (options, named): (Vec<_>, Vec<_>) = args.iter().partition(|arg| arg.starts_with("--"));
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--package", "hallpass-bench"]);
    match options.as_slice() {
        [] => build.args(["--features", "peers"]),
        [alone] if *alone == "--alone" => &mut build,
        [other, ..] => return Err(format!("no option `{other}`; there is `--alone`")),
    };
    succeed(&mut build)?;
    let named: Vec<&str> = named.iter().map(|folder| folder.as_str()).collect();
    let folders = if named.is_empty() { FOLDERS.to_vec() } else { named };
    for folder in folders {
        if !Path::new(folder).is_dir() {
            return Err(format!(
                "there is no workload folder `{folder}`; name those to measure"
            ));
        }
        succeed(Command::new("target/release/hallpass-bench").arg(folder))?;
    }
    Ok(())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}
