//! Names for sentences about a workspace.

use std::collections::HashMap;

use hallpass_engine::Names;

use super::Snapshot;

/// Names for sentences: those of a snapshot, and those of some members. Other members have no name.
pub(crate) struct DisplayNames<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) members: HashMap<String, String>,
}

impl Names for DisplayNames<'_> {
    fn member(&self, id: &str) -> String {
        self.members.get(id).cloned().unwrap_or_else(|| "another member".to_owned())
    }

    fn team(&self, id: &str) -> String {
        self.snapshot.name(id)
    }

    fn profile(&self, id: &str) -> String {
        self.snapshot.name(id)
    }

    fn role(&self, id: &str) -> String {
        self.snapshot.name(id)
    }
}
