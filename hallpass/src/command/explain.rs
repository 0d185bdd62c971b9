//! `hallpass explain FOLDER`: one decision, with its steps as sentences.

use std::path::PathBuf;

use clap::Args;
use hallpass_engine::text::one_of;
use hallpass_engine::{Describe, Ids, Owner, Policy, Step};
use hallpass_workload::Folder;

use crate::files;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hallpass explain FOLDER --member mbr-7 --action update --record deal-12
  hallpass explain FOLDER --member mbr-7 --action create --resource deals --owner unowned";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A workspace folder: a model, members and records
    folder: PathBuf,
    /// The id of the member
    #[arg(long, value_name = "ID")]
    member: String,
    /// The key of the action, such as `update`
    #[arg(long, value_name = "KEY")]
    action: String,
    /// The id of the record, which also determines the resource and the owner
    #[arg(long, value_name = "ID", conflicts_with_all = ["resource", "owner"], required_unless_present = "resource")]
    record: Option<String>,
    /// The key of the resource, if no record is given
    #[arg(long, value_name = "KEY")]
    resource: Option<String>,
    /// The owner of the record in question, if no record is given: the id of a member, or `unowned`
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
}

impl Explain {
    /// Succeeds whether the action is allowed or denied.
    pub(crate) fn run(&self) -> Result<Output, String> {
        let folder = files::folder(&self.folder)?;
        let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
        let (resource, owner) = self.subject(&folder)?;
        let member = policy
            .member(&self.member)
            .ok_or_else(|| format!("no member `{}` in the folder", self.member))?;
        let cell = policy
            .cell(resource, &self.action)
            .ok_or_else(|| unknown_action(&policy, resource, &self.action))?;
        let why = policy.explain(member, cell, policy.target(owner));
        let describe = Describe::new(&policy, &Ids);
        let mut output = Output::new();
        let verdict = if why.allowed { "Allowed" } else { "Denied" };
        output.line(format_args!("{verdict}: {}", describe.summary(&why)));
        for step in &why.steps {
            output.line(format_args!("  {} {}", mark(step), describe.step(&why, step)));
        }
        for need in describe.needs(&why) {
            output.line(format_args!("  ? {need}"));
        }
        Ok(output)
    }

    fn subject<'f>(&'f self, folder: &'f Folder) -> Result<(&'f str, Owner<'f>), String> {
        if let Some(id) = &self.record {
            let record =
                folder.record(id).ok_or_else(|| format!("no record `{id}` in the folder"))?;
            let owner = record.owner.as_deref().map_or(Owner::Unowned, Owner::Member);
            return Ok((&record.entity, owner));
        }
        let owner = match self.owner.as_deref() {
            None => Owner::Any,
            Some("unowned") => Owner::Unowned,
            Some(id) => Owner::Member(id),
        };
        Ok((self.resource.as_deref().unwrap_or_default(), owner))
    }
}

fn mark(step: &Step<'_>) -> char {
    match step {
        Step::Status { is_active: true }
        | Step::Granted(_)
        | Step::Tried { admits: true, .. } => '+',
        Step::Requested(_) | Step::ReadRequired(_) => ' ',
        Step::Status { is_active: false }
        | Step::NotGranted(_)
        | Step::Tried { admits: false, .. }
        | Step::OutOfBounds(_) => '-',
    }
}

fn unknown_action(policy: &Policy, resource: &str, action: &str) -> String {
    match policy.resources().iter().find(|known| known.key == resource) {
        None => {
            let keys = policy.resources().iter().map(|known| known.key.as_str());
            format!("unknown resource `{resource}`; expected {}", one_of(keys))
        }
        Some(known) => {
            let keys = known.actions.iter().map(|action| action.key.as_str());
            format!(
                "unknown action `{action}` of resource `{resource}`; expected {}",
                one_of(keys)
            )
        }
    }
}
