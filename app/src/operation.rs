//! Operations: what operators do to workspaces and accounts from outside.
//!
//! **Invariant:** every operator's action on a workspace or an account stores an operation in the same
//! transaction; operations outlast what they are about.

use hallpass_domain::id::OperationId;
use hallpass_domain::operation::Operation;
use serde_json::Value;

use crate::app::App;
use crate::boxed;
use crate::error::Error;

/// A person who runs the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator(String);

impl Default for Operator {
    fn default() -> Operator {
        Operator("operator".to_owned())
    }
}

impl Operator {
    /// Creates an operator with the name that operations show.
    #[must_use]
    pub fn new(name: &str) -> Operator {
        let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        if name.is_empty() { Operator::default() } else { Operator(name) }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What operators did.
pub struct Operations<'a>(pub(crate) &'a App);

impl Operations<'_> {
    /// Lists a page of operations, the latest first.
    #[boxed]
    pub async fn list(
        &self,
        below: Option<OperationId>,
        limit: i64,
    ) -> Result<Vec<Operation>, Error> {
        Ok(self.0.db().read().await?.operations().list(below, limit).await?)
    }

    /// Builds an operation that is not stored yet.
    pub(crate) fn build(
        &self,
        operator: &Operator,
        action: &str,
        subject: &impl ToString,
        detail: Value,
    ) -> Operation {
        Operation {
            id: self.0.id(),
            at: self.0.now(),
            actor: operator.name().to_owned(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail,
        }
    }
}
