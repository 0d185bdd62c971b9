//! The records of a workspace, in a transaction.

use crate::workspace_tx::WorkspaceTx;

/// The records of a workspace, in a transaction.
pub struct Records<'t> {
    pub(super) tx: &'t mut WorkspaceTx,
}

impl WorkspaceTx {
    /// The records.
    pub fn records(&mut self) -> Records<'_> {
        Records { tx: self }
    }
}
