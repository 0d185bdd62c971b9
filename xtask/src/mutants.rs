//! `cargo xtask mutants`: changes the code that refuses, one place at a time, and fails where no test
//! notices.

mod list;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree;
use list::{Equivalent, Group, Mutant};

const LISTS: &str = "xtask/mutants.toml";

/// The version that the list of equivalent mutants is written for.
const VERSION: &str = "27.1.0";

/// The shortest time, in seconds, after which a mutant counts as noticed because the tests hang. It is
/// longer where they take more than a fifth of it without mutants.
const SHORTEST_TIMEOUT: &str = "60";

/// The options of the command.
#[derive(Debug, Default, PartialEq)]
struct Options {
    shard: Option<String>,
    /// The names of groups, or files of them; all of them if it is empty.
    named: Vec<String>,
}

/// What became of the mutants of a group.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    caught: usize,
    unviable: usize,
    equivalent: usize,
    missed: Vec<String>,
}

/// Runs the mutants of every group, or of those named; fails if tests miss one that is not listed as
/// equivalent, or if an entry of that list is about no mutant.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = parse(args)?;
    let root = tree::root()?;
    let text = std::fs::read_to_string(root.join(LISTS))
        .map_err(|error| format!("cannot read `{LISTS}`: {error}"))?;
    let lists = list::parse(&text).map_err(|error| format!("{LISTS}: {error}"))?;
    let groups = selected(lists.groups, &options.named)?;
    let runner = Runner::install(root)?;
    let mut failed = Vec::new();
    for group in &groups {
        let outcome = runner.run(group, &lists.equivalent, options.shard.as_deref())?;
        println!("{}", outcome.summary(&group.name));
        failed.extend(outcome.missed);
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("no test notices these mutants:\n{}", failed.join("\n")))
}

fn parse(args: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--shard" => {
                let value = args.next().ok_or("`--shard` needs a value, such as `0/8`")?;
                options.shard = Some(value.clone());
            }
            other if other.starts_with("--") => {
                return Err(format!("unknown option `{other}`"));
            }
            name => options.named.push(name.to_owned()),
        }
    }
    Ok(options)
}

/// The groups that some names select, with only the files that they select.
fn selected(groups: Vec<Group>, named: &[String]) -> Result<Vec<Group>, String> {
    for name in named {
        let is_known = groups.iter().any(|one| one.name == *name || one.files.contains(name));
        if !is_known {
            return Err(format!("no group and no file `{name}` in {LISTS}"));
        }
    }
    let mut selected = groups;
    for group in &mut selected {
        let is_whole = named.is_empty() || named.contains(&group.name);
        group.files.retain(|file| is_whole || named.contains(file));
    }
    selected.retain(|group| !group.files.is_empty());
    Ok(selected)
}

impl Outcome {
    fn summary(&self, group: &str) -> String {
        let Outcome { caught, unviable, equivalent, missed } = self;
        let all = caught + unviable + equivalent + missed.len();
        format!(
            "mutants of {group}: {all}; noticed {caught}, missed {}, equivalent {equivalent}, \
             do not compile {unviable}",
            missed.len()
        )
    }
}

/// Runs cargo-mutants, with a folder for its builds.
struct Runner {
    root: PathBuf,
    target: PathBuf,
    program: PathBuf,
}

impl Runner {
    /// Installs cargo-mutants beside the build, unless it is there.
    fn install(root: PathBuf) -> Result<Runner, String> {
        let target = target_folder(&root).join("mutants");
        let tools = target.join("tools");
        let program = tools.join("bin/cargo-mutants");
        let version = Command::new(&program).args(["mutants", "--version"]).output();
        if version.is_ok_and(|version| {
            String::from_utf8_lossy(&version.stdout).trim().ends_with(VERSION)
        }) {
            return Ok(Runner { root, target, program });
        }
        println!("installing cargo-mutants {VERSION}");
        let mut install = Command::new("cargo");
        // Its time goes into cargo: it needs no optimisation.
        install.args(["install", "cargo-mutants", "--locked", "--debug", "--version", VERSION]);
        install.arg("--root").arg(&tools).env("CARGO_TARGET_DIR", target.join("tools-build"));
        let status = install.status().map_err(|error| format!("{install:?}: {error}"))?;
        if status.success() {
            Ok(Runner { root, target, program })
        } else {
            Err("cargo-mutants cannot be installed".to_owned())
        }
    }

    fn command(&self, group: &Group) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.root).args(["mutants", "--workspace", "--colors", "never"]);
        for file in &group.files {
            command.args(["--file", file]);
        }
        command
    }

    /// The mutants of a group, as cargo-mutants makes them.
    fn list(&self, group: &Group) -> Result<Vec<Mutant>, String> {
        let mut command = self.command(group);
        command.arg("--list");
        let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
        if !output.status.success() {
            return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter_map(Mutant::parse).collect())
    }

    /// Runs the mutants of a group that are not listed as equivalent.
    fn run(
        &self,
        group: &Group,
        equivalent: &[Equivalent],
        shard: Option<&str>,
    ) -> Result<Outcome, String> {
        let excused = self.excused(group, equivalent)?;
        let folder = self.target.join(&group.name);
        let mut command = self.command(group);
        command.args(["--profile", "mutants", "--no-shuffle"]);
        command.args(["--minimum-test-timeout", SHORTEST_TIMEOUT]);
        command.arg("--test-package").arg(group.packages.join(","));
        command.arg("--output").arg(&folder);
        command.env("CARGO_TARGET_DIR", self.target.join("build"));
        command.env("HALLPASS_QUICK", "1").env_remove("HALLPASS_LONG");
        for mutant in &excused {
            command.arg("--exclude-re").arg(format!("^{}$", escape(&mutant.name)));
        }
        if let Some(shard) = shard {
            command.args(["--shard", shard]);
        }
        if !group.skip.is_empty() {
            // What follows the first mark goes to cargo, and what follows the second to the tests.
            command.args(["--", "--"]);
            command.args(group.skip.iter().flat_map(|name| ["--skip", name.as_str()]));
        }
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
        // 2: some are missed; 3: the tests timed out with some.
        if !status.success() && !matches!(status.code(), Some(2 | 3)) {
            return Err(format!("{}: {status}", group.name));
        }
        outcome(&folder.join("mutants.out"), excused.len())
    }

    /// The mutants of a group that are listed as equivalent.
    fn excused(&self, group: &Group, listed: &[Equivalent]) -> Result<Vec<Mutant>, String> {
        let mutants = self.list(group)?;
        let mut excused = Vec::new();
        for entry in listed.iter().filter(|entry| group.files.contains(&entry.file)) {
            let source = std::fs::read_to_string(self.root.join(&entry.file))
                .map_err(|error| format!("cannot read `{}`: {error}", entry.file))?;
            let mut found =
                mutants.iter().filter(|one| entry.is_about(one, &source)).peekable();
            if found.peek().is_none() {
                let Equivalent { file, mutant, line } = entry;
                return Err(format!("{LISTS}: {file} has no mutant `{mutant}` in `{line}`"));
            }
            excused.extend(found.cloned());
        }
        Ok(excused)
    }
}

/// Reads what cargo-mutants wrote.
fn outcome(folder: &Path, equivalent: usize) -> Result<Outcome, String> {
    let lines = |name: &str| {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        Ok::<_, String>(text.lines().map(str::to_owned).collect::<Vec<_>>())
    };
    Ok(Outcome {
        caught: lines("caught.txt")?.len() + lines("timeout.txt")?.len(),
        unviable: lines("unviable.txt")?.len(),
        equivalent,
        missed: lines("missed.txt")?,
    })
}

/// A text as a regular expression that matches it alone.
fn escape(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == ' ' || !c.is_ascii();
    let escaped = |c: char| if is_plain(c) { c.to_string() } else { format!("\\{c}") };
    text.chars().map(escaped).collect()
}

fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

#[cfg(test)]
mod tests;
