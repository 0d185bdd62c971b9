//! `hallpass check FOLDER`: are all expected answers given?

#![expect(clippy::disallowed_methods, reason = "this command says how long a decision takes")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use hallpass_domain::folder::{Folder, Quiz};
use hallpass_engine::{Ids, Policy, Speaker};

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
    /// Asks everything; the exit code says whether all answers were right.
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        let folder = files::folder(&self.folder)?;
        let start = Instant::now();
        let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
        println!(
            "{}: blueprint {}, {} members, {} records, compiled in {:.1} ms",
            self.folder.display(),
            folder.blueprint.id,
            folder.workspace.members.len(),
            folder.records.len(),
            start.elapsed().as_secs_f64() * 1e3,
        );
        let start = Instant::now();
        let checks = folder.ask_checks(&policy);
        let each = start.elapsed().as_nanos() / (checks.total().max(1) as u128);
        report("checks", &checks, &format!("{each} ns a decision, ids looked up"));
        self.show_wrong(&folder, &policy, &checks);
        let what = folder.ask_what(&policy);
        report("what", &what, "");
        self.show_plain(&what);
        let who = folder.ask_who(&policy);
        report("who", &who, "");
        self.show_plain(&who);
        let wrong = checks.wrong.len() + what.wrong.len() + who.wrong.len();
        Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn show_wrong(&self, folder: &Folder, policy: &Policy, quiz: &Quiz) {
        for wrong in quiz.wrong.iter().take(self.show) {
            let Some(check) = folder.checks.get(wrong.index) else { continue };
            println!("  line {}: {}", wrong.index + 1, wrong.message);
            let member = policy.member(&check.member);
            let cell = policy.cell(&check.entity, &check.action);
            let (Some(member), Some(cell)) = (member, cell) else { continue };
            let why = policy.explain(member, cell, policy.target(check.owner()));
            let speaker = Speaker::new(policy, &Ids);
            println!("    {}", speaker.because(&why));
            for step in &why.steps {
                println!("    - {}", speaker.step(&why, step));
            }
        }
    }

    fn show_plain(&self, quiz: &Quiz) {
        for wrong in quiz.wrong.iter().take(self.show) {
            println!("  line {}: {}", wrong.index + 1, wrong.message);
        }
    }
}

fn report(kind: &str, quiz: &Quiz, note: &str) {
    println!("{kind:>6}: {} of {} right   {note}", quiz.right, quiz.total());
}
