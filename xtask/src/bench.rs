//! `cargo xtask bench`: measures Hallpass and comparable engines on the same workloads.

use std::path::Path;
use std::process::Command;

/// What is measured by default: workloads of ten thousand members, lists of records, the server as a
/// process, changes of large workspaces, and refused sign-ins.
const DEFAULT: [&str; 7] = [
    "../shared/workloads/hari-10k",
    "../shared/workloads/ladder-10k",
    "records",
    "server",
    "changes",
    "followers",
    "sign-in",
];

/// Builds the benchmark and the server, and runs it once per workload, so that each starts with a
/// fresh heap.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (options, named): (Vec<_>, Vec<_>) = args.iter().partition(|arg| arg.starts_with("--"));
    let mut build = Command::new("cargo");
    build.args([
        "build",
        "--profile",
        "dist",
        "--package",
        "hallpass-bench",
        "--package",
        "hallpass",
    ]);
    let known = ["--alone", "--largest"];
    if let Some(other) = options.iter().find(|option| !known.contains(&option.as_str())) {
        return Err(format!("unknown option `{other}`; there are {}", known.join(" and ")));
    }
    let has = |option: &str| options.iter().any(|one| *one == option);
    let named: Vec<&str> = named.iter().map(|folder| folder.as_str()).collect();
    // The other engines of `scale` are processes.
    let is_scale = named == ["scale"];
    if !is_scale && !has("--alone") {
        build.args(["--features", "hallpass-bench/peers"]);
    }
    succeed(&mut build)?;
    let folders = if named.is_empty() { DEFAULT.to_vec() } else { named };
    for folder in folders {
        let others = ["records", "server", "changes", "followers", "sign-in", "scale"];
        let is_folder = !others.contains(&folder);
        if is_folder && !Path::new(folder).is_dir() {
            return Err(format!("no workload folder `{folder}`; pass the folders to measure"));
        }
        let mut bench = Command::new("target/dist/hallpass-bench");
        bench.arg(folder);
        if folder == "scale" {
            bench.args(&options);
        }
        succeed(&mut bench)?;
    }
    Ok(())
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}
