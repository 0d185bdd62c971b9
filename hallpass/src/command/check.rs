//! `hallpass check FOLDER`: are all expected answers given?

#![expect(clippy::disallowed_methods, reason = "this command says how long a decision takes")]

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use hallpass_engine::{Describe, Ids, Policy};
use hallpass_workload::{Folder, Quiz, Wrong};

use super::Said;
use crate::files;

/// The arguments.
#[derive(Args)]
pub(crate) struct Check {
    /// A workspace folder, such as `workloads/hari-small`.
    folder: PathBuf,
    /// How many wrong answers to show.
    #[arg(long, default_value_t = 5)]
    show: usize,
}

impl Check {
    /// Asks everything; content when all answers were right.
    pub(crate) fn run(&self) -> Result<Said, String> {
        let folder = files::folder(&self.folder)?;
        let start = Instant::now();
        let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
        let compiled = start.elapsed().as_secs_f64() * 1e3;
        let mut said = Said::nothing();
        said.line(format_args!(
            "{}: blueprint {}, {} members, {} records, compiled in {compiled:.1} ms",
            self.folder.display(),
            folder.blueprint.id,
            folder.workspace.members.len(),
            folder.records.len(),
        ));
        let start = Instant::now();
        let checks = folder.ask_checks(&policy);
        let each = start.elapsed().as_nanos() / (checks.total().max(1) as u128);
        said.line(
            count("checks", &checks) + &format!("   {each} ns a decision, ids looked up"),
        );
        for wrong in checks.wrong.iter().take(self.show) {
            said.line(told(wrong));
            for line in why(&folder, &policy, wrong) {
                said.line(line);
            }
        }
        said.expect(checks.wrong.is_empty());
        for (kind, quiz) in
            [("what", folder.ask_what(&policy)), ("who", folder.ask_who(&policy))]
        {
            said.line(count(kind, &quiz));
            quiz.wrong.iter().take(self.show).for_each(|wrong| said.line(told(wrong)));
            said.expect(quiz.wrong.is_empty());
        }
        Ok(said)
    }
}

/// The explanation of a wrong answer, line by line; none when an id in the question is unknown.
fn why(folder: &Folder, policy: &Policy, wrong: &Wrong) -> Vec<String> {
    let explain = || {
        let check = folder.checks.get(wrong.index)?;
        let member = policy.member(&check.member)?;
        let cell = policy.cell(&check.entity, &check.action)?;
        Some(policy.explain(member, cell, policy.target(check.owner())))
    };
    let Some(why) = explain() else { return Vec::new() };
    let speaker = Describe::new(policy, &Ids);
    let steps = why.steps.iter().map(|step| format!("    - {}", speaker.step(&why, step)));
    std::iter::once(format!("    {}", speaker.summary(&why))).chain(steps).collect()
}

fn told(wrong: &Wrong) -> String {
    format!("  line {}: {}", wrong.index + 1, wrong.message)
}

fn count(kind: &str, quiz: &Quiz) -> String {
    format!("{kind:>6}: {} of {} right", quiz.right, quiz.total())
}
