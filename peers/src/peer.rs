//! What a peer is, and what it is asked.

use std::time::Duration;

use serde::Deserialize;

use crate::workload::Cell;

/// One check of a workload, with the answer that every engine must give.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// The member.
    pub member: String,
    /// The action.
    pub action: String,
    /// The record type.
    pub entity: String,
    /// The owner of the record; none for a record without owner.
    pub owner: Option<String>,
    /// Whether the action is allowed.
    pub expect: bool,
}

impl Question {
    pub(crate) fn cell(&self) -> Cell {
        Cell { entity: self.entity.clone(), action: self.action.clone() }
    }
}

/// An engine that has loaded a workload.
pub trait Peer {
    /// The name of the engine.
    fn name(&self) -> &str;

    /// The version of the engine.
    fn version(&self) -> &str;

    /// How the engine is used here.
    fn idiom(&self) -> &str;

    /// How long the engine took to load the workload.
    fn loading(&self) -> Duration;

    /// Translates the questions into requests of the engine, which is not timed. Fails if the engine
    /// cannot express one.
    fn prepare(&mut self, questions: &[Question]) -> Result<(), String>;

    /// Answers a prepared question; one that was not prepared is denied.
    fn decide(&mut self, index: usize) -> bool;
}

/// The version that the manifest of the workspace pins a peer to.
pub(crate) fn pinned_version(package: &str) -> &'static str {
    let mut lines = include_str!("../../Cargo.toml").lines();
    let line = lines.find_map(|line| line.strip_prefix(package));
    line.and_then(|line| line.split("\"=").nth(1)?.split('"').next()).unwrap_or("unknown")
}
