//! `hallpass check FOLDER`: compares decisions with the expected ones.

#![expect(clippy::disallowed_methods, reason = "this command reports the time of a decision")]

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use hallpass_engine::{Describe, Ids, Policy};
use hallpass_workload::{Folder, Quiz, Wrong};

use crate::files;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hallpass check workloads/ladder-small";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// A workspace folder: a model, members and records, and checks with their expected answers
    folder: PathBuf,
    /// Show at most this many wrong answers of each kind
    #[arg(long, default_value_t = 5, value_name = "NUMBER")]
    show: usize,
}

impl Check {
    /// Succeeds if all answers are right.
    pub(crate) fn run(&self) -> Result<Output, String> {
        let folder = files::folder(&self.folder)?;
        let start = Instant::now();
        let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
        let compiled = start.elapsed().as_secs_f64() * 1e3;
        let mut output = Output::new();
        output.line(format_args!(
            "{}: blueprint {}, {} members, {} records, compiled in {compiled:.1} ms",
            self.folder.display(),
            folder.blueprint.id,
            folder.workspace.members.len(),
            folder.records.len(),
        ));
        let start = Instant::now();
        let checks = folder.ask_checks(&policy);
        let each = start.elapsed().as_nanos() / (checks.total().max(1) as u128);
        output.line(
            count("checks", &checks) + &format!("   {each} ns a decision, ids looked up"),
        );
        for wrong in checks.wrong.iter().take(self.show) {
            output.line(describe(wrong));
            for line in why(&folder, &policy, wrong) {
                output.line(line);
            }
        }
        output.require(checks.wrong.is_empty());
        for (kind, quiz) in
            [("what", folder.ask_what(&policy)), ("who", folder.ask_who(&policy))]
        {
            output.line(count(kind, &quiz));
            quiz.wrong.iter().take(self.show).for_each(|wrong| output.line(describe(wrong)));
            output.require(quiz.wrong.is_empty());
        }
        Ok(output)
    }
}

/// The explanation of a wrong answer, line by line; none if an id in the question is unknown.
fn why(folder: &Folder, policy: &Policy, wrong: &Wrong) -> Vec<String> {
    let explain = || {
        let check = folder.checks.get(wrong.index)?;
        let member = policy.member(&check.member)?;
        let cell = policy.cell(&check.entity, &check.action)?;
        Some(policy.explain(member, cell, policy.target(check.owner())))
    };
    let Some(why) = explain() else { return Vec::new() };
    let describe = Describe::new(policy, &Ids);
    let steps = why.steps.iter().map(|step| format!("    - {}", describe.step(&why, step)));
    std::iter::once(format!("    {}", describe.summary(&why))).chain(steps).collect()
}

fn describe(wrong: &Wrong) -> String {
    format!("  line {}: {}", wrong.index + 1, wrong.message)
}

fn count(kind: &str, quiz: &Quiz) -> String {
    format!("{kind:>6}: {} of {} right", quiz.right, quiz.total())
}
