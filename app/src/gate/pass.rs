//! Passes, and the transaction that only a pass opens.
//!
//! **Invariant:** only the gate can make a [`Pass`]: its fields are private to the gate.

use std::sync::atomic::{AtomicU64, Ordering};

use hallpass_engine::Filter;
use hallpass_store::WorkspaceTx;

use super::permission::{Granted, Permission, WritePermission};
use crate::error::Error;

/// The right to run one use case, in the context in which the gate gave it.
///
/// Other modules cannot make one:
///
/// ```compile_fail,E0451
/// use hallpass_app::gate::{Pass, permission::AnyMember};
/// use hallpass_engine::Filter;
///
/// fn forge() -> Pass<AnyMember> {
///     Pass { permission: AnyMember, filter: Filter::All, context: 1 }
/// }
/// ```
#[derive(Debug)]
pub struct Pass<D> {
    pub(super) permission: D,
    pub(super) filter: Filter,
    /// The number of the context in which it was given: it opens nothing in another.
    pub(super) context: u64,
}

impl<D: Permission> Pass<D> {
    /// The permission that the gate granted.
    pub fn permission(&self) -> &D {
        &self.permission
    }

    /// The owners whose records the use case may touch: the filter of lists and counts.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }
}

impl<D: WritePermission> Pass<D> {
    /// Forgets which permission to write was granted.
    pub(crate) fn erase(&self) -> Pass<Granted> {
        Pass { permission: Granted(()), filter: self.filter.clone(), context: self.context }
    }
}

/// The transaction of a context. Every read and write of tenant data goes through a pass.
pub(crate) struct GatedTx {
    /// None after a denial, after the commit, and where nothing is read.
    pub(super) tx: Option<WorkspaceTx>,
    /// The number of the context, unique in this process.
    pub(super) context: u64,
}

impl GatedTx {
    /// Puts the transaction of a new context behind the gate.
    pub(crate) fn new(tx: WorkspaceTx) -> GatedTx {
        GatedTx { tx: Some(tx), context: next_context() }
    }

    /// No transaction, for a context that decides and reads nothing.
    pub(crate) fn closed() -> GatedTx {
        GatedTx { tx: None, context: next_context() }
    }

    /// Borrows the transaction; `Broken` when it is over, or the pass is of another context.
    pub(crate) fn open<D>(&mut self, pass: &Pass<D>) -> Result<&mut WorkspaceTx, Error> {
        self.check(pass)?;
        self.tx.as_mut().ok_or_else(over)
    }

    /// Takes the transaction, to commit it or to hand it on: nothing opens afterwards.
    pub(crate) fn take<D>(&mut self, pass: &Pass<D>) -> Result<WorkspaceTx, Error> {
        self.check(pass)?;
        self.tx.take().ok_or_else(over)
    }

    fn check<D>(&self, pass: &Pass<D>) -> Result<(), Error> {
        if pass.context == self.context {
            return Ok(());
        }
        Err(Error::broken("the pass belongs to another context"))
    }
}

/// The number of a new context.
fn next_context() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn over() -> Error {
    Error::broken("the transaction of the context is over")
}
