//! View as: a read-only look at a workspace through the eyes of a member.

use crate::id::{MemberId, WorkspaceId};
use crate::time::{Span, Timestamp};

/// How long a view lasts at most.
pub const LONGEST: Span = Span::minutes(30);

/// A look at a workspace through the eyes of a member, in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member whose eyes they are.
    pub member: MemberId,
    /// When it ends.
    pub until: Timestamp,
}

impl View {
    /// A view that begins now.
    #[must_use]
    pub fn begin(workspace: WorkspaceId, member: MemberId, now: Timestamp) -> View {
        View { workspace, member, until: now + LONGEST }
    }

    /// Whether it covers a workspace at a time.
    #[must_use]
    pub fn covers(&self, workspace: WorkspaceId, now: Timestamp) -> bool {
        self.workspace == workspace && now < self.until
    }
}

#[cfg(test)]
mod tests;
