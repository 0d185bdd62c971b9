//! Measures Hallpass. A workload folder measures the engine, and with the feature `peers` other engines
//! on the same questions; `records` measures lists of records, `server` the server as a process, and
//! `changes` changes of large workspaces, `followers` a second server after them, `sign-in` the time of refused sign-ins, and `scale` every kind of request in
//! generated workspaces. `fill FILE SLUG` fills a workspace, for other measurements.
#![expect(clippy::disallowed_methods, reason = "this program measures times")]

mod changes;
mod clock;
mod engine;
mod fill;
mod followers;
mod machine;
mod peers;
mod records;
mod scale;
mod server;
mod sign_in;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fill::{Filling, Setting};

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    match run(&folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Fills a workspace of the default access model with 10,000 members and 1,000,000 records.
fn fill_standard(file: &Path, slug: &str) -> Result<(), String> {
    let filling = Filling::Records("opportunities", "qualify");
    let setting = Setting { members: 10_000, profile: None, department: None, filling };
    fill::fill(file, slug, &setting)
}

fn run(folders: &[PathBuf]) -> Result<(), String> {
    if folders.is_empty() {
        return Err(
            "nothing to measure; expected workload folders, `records`, `server`, `sign-in`, `changes`, `followers` or `scale`"
                .to_owned(),
        );
    }
    if let [command, file, slug] = folders
        && command.as_os_str() == "fill"
    {
        return fill_standard(file, &slug.to_string_lossy());
    }
    println!("{}\n", machine::describe());
    if let [command, options @ ..] = folders
        && command.as_os_str() == "scale"
    {
        let options: Vec<_> = options.iter().map(|one| one.to_string_lossy()).collect();
        return scale::measure(&options);
    }
    for path in folders {
        if path.as_os_str() == "records" {
            records::measure()?;
            continue;
        }
        if path.as_os_str() == "server" {
            server::measure()?;
            continue;
        }
        if path.as_os_str() == "sign-in" {
            sign_in::measure()?;
            continue;
        }
        if path.as_os_str() == "followers" {
            followers::measure()?;
            continue;
        }
        if path.as_os_str() == "changes" {
            changes::measure()?;
            continue;
        }
        let folder = engine::load(path)?;
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        println!(
            "{name}: {} members, {} records, {} questions",
            folder.workspace.members.len(),
            folder.records.len(),
            folder.checks.len()
        );
        let (figures, decide) = engine::measure(&folder)?;
        print!("{figures}");
        print!("{}", peers::measure(path, decide)?);
        println!();
    }
    Ok(())
}
