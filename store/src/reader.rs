//! Reading views of a transaction: a use case that may only read gets handles without the methods that
//! write.
//!
//! A handle has its access in its type: `Teams<'_>` reads and writes, `Teams<'_, Read>` reads.
//!
//! ```compile_fail,E0599
//! # async fn example(mut tx: hallpass_store::WorkspaceTx, id: hallpass_domain::id::TeamId) {
//! tx.reader().teams().delete(id).await;
//! # }
//! ```
//!
//! ```
//! # async fn example(mut tx: hallpass_store::WorkspaceTx, id: hallpass_domain::id::TeamId) {
//! tx.reader().teams().find(id).await;
//! tx.teams().delete(id).await;
//! # }
//! ```

use crate::tx::Tx;
use crate::workspace_tx::WorkspaceTx;

/// The access of a handle that reads.
#[derive(Clone, Copy, Debug)]
pub struct Read;

/// The access of a handle that reads and writes.
#[derive(Clone, Copy, Debug)]
pub struct Write;

/// A reading view of a transaction.
pub struct Reader<'t>(pub(crate) &'t mut Tx);

/// A reading view of a transaction in one workspace.
pub struct WorkspaceReader<'t>(pub(crate) &'t mut WorkspaceTx);

impl WorkspaceTx {
    /// A view of the transaction that reads.
    pub fn reader(&mut self) -> WorkspaceReader<'_> {
        WorkspaceReader(self)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// A view of the transaction itself, for what belongs to no workspace.
    #[must_use]
    pub fn global(self) -> Reader<'t> {
        Reader(self.0.global())
    }
}
