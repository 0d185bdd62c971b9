//! Loads a workload folder: its questions, and every peer with its data.

use std::path::Path;

use crate::casbin::Casbin;
use crate::cedar::Cedar;
use crate::peer::{Peer, Question};
use crate::regorus::Regorus;
use crate::workload::{Workload, read_lines};

/// Reads the questions of a workload folder.
pub fn load_questions(folder: &Path) -> Result<Vec<Question>, String> {
    read_lines(&folder.join("checks.jsonl"))
}

/// Loads a workload folder into every peer.
pub fn peers(folder: &Path) -> Result<Vec<Box<dyn Peer>>, String> {
    let workload = Workload::load(folder)?;
    Ok(vec![
        Box::new(Cedar::load(&workload)?),
        Box::new(Casbin::load(&workload)?),
        Box::new(Regorus::load(&workload)?),
    ])
}
