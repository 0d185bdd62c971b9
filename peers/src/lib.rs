//! Other permission engines, asked the same questions as ours, for the bench to compare.

mod casbin;
mod cedar;
mod measure;
mod regorus;
mod slices;
mod workload;

use std::{path::Path, time::Duration};

use serde::Deserialize;

pub use measure::{Report, measure};

/// One check of a workload, with the answer that every engine must give.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// Who asks.
    pub member: String,
    /// What they want to do.
    pub action: String,
    /// The kind of record.
    pub entity: String,
    /// Who owns the record, if anybody does.
    pub owner: Option<String>,
    /// Whether they may.
    pub expect: bool,
}

impl Question {
    fn cell(&self) -> workload::Cell {
        workload::Cell { entity: self.entity.clone(), action: self.action.clone() }
    }
}

/// An engine that has loaded a workload.
pub trait Peer {
    /// The engine's name.
    fn name(&self) -> &str;

    /// The engine's version.
    fn version(&self) -> &str;

    /// The form in which the engine is used here.
    fn idiom(&self) -> &str;

    /// How long the engine took to load the workload.
    fn loading(&self) -> Duration;

    /// Translates the questions into the engine's own requests, which stays outside the clock.
    ///
    /// # Errors
    /// When the engine cannot express a question.
    fn prepare(&mut self, questions: &[Question]) -> Result<(), String>;

    /// Answers a prepared question; one that was not prepared is denied.
    fn decide(&mut self, index: usize) -> bool;
}

/// Reads the questions of a workload folder.
///
/// # Errors
/// When the file is missing or malformed.
pub fn load_questions(folder: &Path) -> Result<Vec<Question>, String> {
    workload::read_lines(&folder.join("checks.jsonl"))
}

/// Loads a workload folder into every peer.
///
/// # Errors
/// When the folder is malformed or a peer refuses it.
pub fn peers(folder: &Path) -> Result<Vec<Box<dyn Peer>>, String> {
    let workload = workload::Workload::load(folder)?;
    Ok(vec![
        Box::new(crate::cedar::Cedar::load(&workload)?),
        Box::new(crate::casbin::Casbin::load(&workload)?),
        Box::new(crate::regorus::Regorus::load(&workload)?),
    ])
}

/// The version that the manifest pins a peer to.
fn pinned_version(package: &str) -> &'static str {
    let mut lines = include_str!("../Cargo.toml").lines();
    let line = lines.find_map(|line| line.strip_prefix(package));
    line.and_then(|line| line.split("\"=").nth(1)?.split('"').next()).unwrap_or("unknown")
}
