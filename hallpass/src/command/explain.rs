//! `hallpass explain FOLDER`: one decision with its steps as sentences.

use std::path::PathBuf;

use clap::Args;
use hallpass_engine::{Describe, Ids, Owner, Policy, Step};
use hallpass_workload::Folder;

use super::Said;
use crate::files;

/// The arguments.
#[derive(Args)]
pub(crate) struct Explain {
    /// A workspace folder.
    folder: PathBuf,
    /// The member who asks, by id.
    #[arg(long)]
    member: String,
    /// The action, such as `update`.
    #[arg(long)]
    action: String,
    /// The record, by id; its type is the resource.
    #[arg(long, conflicts_with_all = ["resource", "owner"], required_unless_present = "resource")]
    record: Option<String>,
    /// The resource, when it is not about a record.
    #[arg(long)]
    resource: Option<String>,
    /// The owner, or owner-to-be, when there is no record: a member's id, or `nobody`.
    #[arg(long)]
    owner: Option<String>,
}

impl Explain {
    /// Says the answer; yes and no are both a success.
    pub(crate) fn run(&self) -> Result<Said, String> {
        let folder = files::folder(&self.folder)?;
        let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
        let (resource, owner) = self.subject(&folder)?;
        let member = policy
            .member(&self.member)
            .ok_or_else(|| format!("there is no member `{}`", self.member))?;
        let cell = policy
            .cell(resource, &self.action)
            .ok_or_else(|| unknown_action(&policy, resource, &self.action))?;
        let why = policy.explain(member, cell, policy.target(owner));
        let speaker = Describe::new(&policy, &Ids);
        let mut said = Said::nothing();
        let verdict = if why.allowed { "Allowed" } else { "Denied" };
        said.line(format_args!("{verdict}: {}", speaker.summary(&why)));
        for step in &why.steps {
            said.line(format_args!("  {} {}", mark(step), speaker.step(&why, step)));
        }
        for need in speaker.needs(&why) {
            said.line(format_args!("  ? {need}"));
        }
        Ok(said)
    }

    fn subject<'f>(&'f self, folder: &'f Folder) -> Result<(&'f str, Owner<'f>), String> {
        if let Some(id) = &self.record {
            let record =
                folder.record(id).ok_or_else(|| format!("there is no record `{id}`"))?;
            let owner = record.owner.as_deref().map_or(Owner::Nobody, Owner::Member);
            return Ok((&record.entity, owner));
        }
        let owner = match self.owner.as_deref() {
            None => Owner::Any,
            Some("nobody") => Owner::Nobody,
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
        | Step::Tried { admits: false, .. } => '-',
    }
}

fn unknown_action(policy: &Policy, resource: &str, action: &str) -> String {
    match policy.resources().iter().find(|known| known.key == resource) {
        None => {
            let keys = policy.resources().iter().map(|known| known.key.as_str());
            format!("there is no resource `{resource}`; there is {}", listed(keys))
        }
        Some(known) => {
            let keys = known.actions.iter().map(|action| action.key.as_str());
            format!("`{resource}` has no action `{action}`; it has {}", listed(keys))
        }
    }
}

fn listed<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    keys.collect::<Vec<_>>().join(", ")
}
