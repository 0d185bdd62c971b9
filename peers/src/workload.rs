//! Reads a workload into data that any engine can load.
//!
//! The rules that need no owner (ceilings, visibility, reading limits writing) are applied here, as a
//! host would apply them when grants change. That favours the peers: they only decide about an owner.

mod hari;
mod ladder;
mod model;

use std::path::Path;

use serde::Deserialize;

pub(crate) use model::{Cell, Member, OwnerGroup, Reach, UNOWNED, Workload, read_lines};

impl Workload {
    /// Reads the folder of a workload; `meta.json` names its model.
    pub(crate) fn load(folder: &Path) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Meta {
            model: String,
        }
        let text = model::read(&folder.join("meta.json"))?;
        let meta: Meta = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match meta.model.as_str() {
            "hari" => hari::load(folder),
            "team-management" => ladder::load(folder),
            other => {
                Err(format!("unknown model `{other}`; expected `hari` or `team-management`"))
            }
        }
    }
}
