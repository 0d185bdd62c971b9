//! The project's own commands, run as `cargo xtask <command>`.

mod behaviours;
mod bench;
mod source;
mod tidy;
mod tree;

use std::process::ExitCode;

const COMMANDS: &str = "\
cargo xtask tidy
    Reports what breaks the conventions that a machine can check.
cargo xtask behaviours [--all] [--floor NAME] [--strict DOOR]
    Tells which behaviours of the catalogue have no test.
    --all          every behaviour, the tested ones with the place of their first test
    --floor NAME   only the tests in this folder (engine, domain, ...)
    --strict DOOR  fails when one behind this door (engine, api, page, signin) has none
cargo xtask bench [--alone] [FOLDER...]
    Measures Hallpass beside its peers on workload folders; with --alone, without the peers.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), String> {
    let Some((command, rest)) = args.split_first() else {
        print!("{COMMANDS}");
        return Ok(());
    };
    match command.as_str() {
        "tidy" => tidy::run(rest),
        "behaviours" => behaviours::run(rest),
        "bench" => bench::run(rest),
        other => Err(format!("no command `{other}`\n\n{COMMANDS}")),
    }
}
