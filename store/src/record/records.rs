//! The records of a workspace, in a transaction.

use std::marker::PhantomData;

use crate::reader::{Read, WorkspaceReader, Write};
use crate::workspace_tx::WorkspaceTx;

/// The records of a workspace, in a transaction.
pub struct Records<'t, A = Write> {
    pub(super) tx: &'t mut WorkspaceTx,
    access: PhantomData<A>,
}

impl WorkspaceTx {
    /// The records.
    pub fn records(&mut self) -> Records<'_> {
        Records { tx: self, access: PhantomData }
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The records.
    #[must_use]
    pub fn records(self) -> Records<'t, Read> {
        Records { tx: self.0, access: PhantomData }
    }
}
