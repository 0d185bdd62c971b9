//! Whose something that is saved is, and whether others see it.

use crate::id::MemberId;

/// The author of something that members save for themselves or for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The member who created it, who may have been removed.
    pub created_by: MemberId,
    /// Whether others see it.
    pub is_shared: bool,
}

impl Sharing {
    /// What a member creates for themselves.
    #[must_use]
    pub const fn own(created_by: MemberId) -> Sharing {
        Sharing { created_by, is_shared: false }
    }

    /// The sharing after a change, which may leave it as it is.
    #[must_use]
    pub fn changed(self, is_shared: Option<bool>) -> Sharing {
        Sharing { is_shared: is_shared.unwrap_or(self.is_shared), ..self }
    }

    /// Whether a member sees it: the one who created it, or anyone once it is shared.
    #[must_use]
    pub fn is_visible_to(self, member: Option<MemberId>) -> bool {
        self.is_shared || Some(self.created_by) == member
    }
}
