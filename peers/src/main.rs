//! `hallpass-peers`: asks every peer the questions of a workload folder and prints its figures.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use hallpass_peers::{Report, load_questions, measure, peers};

/// Times other permission engines on a workload folder
#[derive(Parser)]
struct Arguments {
    /// The workload folder
    folder: PathBuf,
    /// Ask this many of its questions
    #[arg(long, default_value_t = 20_000)]
    questions: usize,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => fail(&format!("{wrong} answers are wrong")),
        Err(error) => fail(&error),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::FAILURE
}

fn run(arguments: &Arguments) -> Result<usize, String> {
    let mut questions = load_questions(&arguments.folder)?;
    questions.truncate(arguments.questions);
    let mut reports = Vec::new();
    for mut peer in peers(&arguments.folder)? {
        reports.push(measure(peer.as_mut(), &questions)?);
    }
    print(arguments, &reports)?;
    Ok(reports.iter().map(|report| report.wrong).sum())
}

fn print(arguments: &Arguments, reports: &[Report]) -> Result<(), String> {
    if arguments.json {
        let text = serde_json::to_string_pretty(reports).map_err(|error| error.to_string())?;
        println!("{text}");
        return Ok(());
    }
    println!("peer       version  questions  wrong  median ns   p99 ns  load ms  idiom");
    for Report { name, version, idiom, questions, wrong, median_ns, p99_ns, load_ms } in reports
    {
        println!(
            "{name:<10} {version:<8} {questions:>9} {wrong:>6} {median_ns:>10} {p99_ns:>8} {load_ms:>8}  {idiom}"
        );
    }
    Ok(())
}
