//! The project's own commands, run as `cargo xtask <command>`.

mod behaviours;
mod bench;
mod golden;
mod mutants;
mod source;
mod tidy;
mod tree;

use std::process::ExitCode;

const COMMANDS: &str = "\
cargo xtask tidy
    Reports violations of the conventions.
cargo xtask behaviours [--all] [--layer NAME] [--strict SURFACE]
    Lists the behaviours of the catalogue that have no test.
    --all             list every behaviour, with the location of its first test
    --layer NAME      only count tests in this folder (engine, domain, ...)
    --strict SURFACE  fail if a behaviour of this surface (engine, api, page, signin) has none
cargo xtask bench [--alone] [--largest] [FOLDER...]
    Measures Hallpass and comparable engines on workload folders; --alone omits the others.
    `scale` measures every kind of request in generated workspaces of 100,000 and 1,000,000 records, on PostgreSQL
    too where HALLPASS_TEST_POSTGRES names a server.
    --largest         measure `scale` with 5,000,000 records too
cargo xtask mutants [--shard K/N] [GROUP | FILE...]
    Mutates the code that refuses and fails if no test notices; see xtask/mutants.toml.
    --shard K/N       run one part of N, with K from 0
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
        print!("{}", help());
        return Ok(());
    };
    match command.as_str() {
        "--help" | "-h" | "help" => {
            print!("{}", help());
            Ok(())
        }
        "tidy" => tidy::run(rest),
        "behaviours" => behaviours::run(rest),
        "bench" => bench::run(rest),
        "mutants" => mutants::run(rest),
        "golden" => golden::run(rest),
        other => Err(format!("unknown command `{other}`\n\n{}", help())),
    }
}

fn help() -> String {
    format!("{COMMANDS}{}", golden::help())
}
