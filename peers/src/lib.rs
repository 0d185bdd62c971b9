//! x
mod regorus;
mod workload;
use std::path::Path;
use serde::Deserialize;
/// q
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// w
    pub member: String,
    /// w
    pub action: String,
    /// w
    pub entity: String,
    /// w
    pub owner: Option<String>,
    /// w
    pub expect: bool,
}
/// q
pub fn load_questions(folder: &Path) -> Result<Vec<Question>, String> {
    workload::read_lines(&folder.join("checks.jsonl"))
}
/// q
pub trait Peer {
    /// w
    fn name(&self) -> &str;
    /// w
    fn version(&self) -> &str;
    /// w
    fn idiom(&self) -> &str;
    /// w
    fn prepare(&mut self, questions: &[Question]) -> Result<(), String>;
    /// w
    fn decide(&mut self, index: usize) -> bool;
}
/// q
pub fn peers(folder: &Path) -> Result<Vec<Box<dyn Peer>>, String> {
    let workload = workload::Workload::load(folder)?;
    Ok(vec![Box::new(crate::regorus::Regorus::load(&workload)?)])
}
