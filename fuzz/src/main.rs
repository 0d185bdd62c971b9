//! `cargo run -p hallpass-fuzz`: fuzzes the targets on stable Rust.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use hallpass_fuzz::corpus;
use hallpass_fuzz::run::{self, Failure, Limit};
use hallpass_fuzz::targets::{TARGETS, Target};

const USAGE: &str = "\
hallpass-fuzz [TARGET...] [--seconds N | --iterations N] [--seed N]
    Runs targets on inputs derived from their corpus, by default all of them for 10 seconds each.
    The same seed gives the same inputs.
hallpass-fuzz TARGET --input FILE
    Runs a target on one file.
";

/// Where an input is written for which a target does not hold.
const FAILURES: &str = "target/fuzz";

#[derive(Debug)]
struct Options {
    targets: Vec<Target>,
    limit: Limit,
    seed: u64,
    input: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    match parse(&args).and_then(|options| fuzz(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    format!("{USAGE}Targets: {}\n", names.join(", "))
}

fn parse(args: &[String]) -> Result<Options, String> {
    let limit = Limit::Time(Duration::from_secs(10));
    let mut options = Options { targets: Vec::new(), limit, seed: 1, input: None };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("`{arg}` needs a value"));
        let number = |text: &String| {
            text.parse::<u64>().map_err(|_| format!("`{arg}` needs a number, not `{text}`"))
        };
        match arg.as_str() {
            "--seconds" => {
                options.limit = Limit::Time(Duration::from_secs(number(value()?)?));
            }
            "--iterations" => options.limit = Limit::Iterations(number(value()?)?),
            "--seed" => options.seed = number(value()?)?,
            "--input" => options.input = Some(PathBuf::from(value()?)),
            name => {
                let target = TARGETS.iter().find(|target| target.name == name);
                let unknown = || format!("unknown target or option `{name}`\n\n{}", usage());
                options.targets.push(*target.ok_or_else(unknown)?);
            }
        }
    }
    if options.input.is_some() && options.targets.len() != 1 {
        return Err("`--input` needs exactly one target".to_owned());
    }
    if options.targets.is_empty() {
        options.targets = TARGETS.to_vec();
    }
    Ok(options)
}

fn fuzz(options: &Options) -> Result<(), String> {
    if let (Some(path), [target]) = (&options.input, options.targets.as_slice()) {
        let input = std::fs::read(path)
            .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        return run::check(target, &input)
            .map_err(|reason| format!("{}: {reason}", target.name));
    }
    for target in &options.targets {
        let corpus = corpus::read(target)?;
        let count = run::run(target, &corpus, options.seed, options.limit)
            .map_err(|failure| report(target, options.seed, &failure))?;
        println!("{}: {count} inputs", target.name);
    }
    Ok(())
}

/// Writes the input to a file and describes how to repeat the failure.
fn report(target: &Target, seed: u64, failure: &Failure) -> String {
    let Failure { reason, iteration, input } = failure;
    let name = target.name;
    let path = Path::new(FAILURES).join(format!("{name}-{seed}-{iteration}"));
    let written = std::fs::create_dir_all(FAILURES).and_then(|()| std::fs::write(&path, input));
    let path = path.display();
    match written {
        Ok(()) => format!(
            "{name}: {reason}; repeat with `cargo run -p hallpass-fuzz -- {name} --input {path}`"
        ),
        Err(error) => format!("{name}: {reason} for {input:?}; cannot write `{path}`: {error}"),
    }
}
