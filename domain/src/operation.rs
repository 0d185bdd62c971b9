//! An operation: what an operator or a job did to a workspace, from outside of it, or to an account.

use serde_json::Value;

use crate::id::OperationId;
use crate::time::Timestamp;

/// One operation. It outlasts what it was done to.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The id; later operations have higher ones.
    pub id: OperationId,
    /// When.
    pub at: Timestamp,
    /// Who: the operator by the name of their account on the machine, or the job.
    pub actor: String,
    /// What was done: `workspace.create`, `workspace.purge`, …
    pub action: String,
    /// The id of what it was done to.
    pub subject: String,
    /// What else there is to say.
    pub detail: Value,
}
