//! The entrance of a member: as whom they have entered a workspace, and by what.

use std::sync::{Arc, OnceLock};

use hallpass_domain::email::Email;
use hallpass_domain::time::Timestamp;

use crate::principal::Principal;

/// How a member has entered a workspace.
#[derive(Clone)]
pub(crate) struct Entrance {
    /// By which session or API key, and from where.
    pub(crate) principal: Principal,
    /// The email address of the member.
    pub(crate) address: Arc<MemberAddress>,
    /// When the member last used the workspace before.
    pub(crate) seen_at: Option<Timestamp>,
}

/// The email address of a member, which is read once, when a policy first asks about it.
#[derive(Debug)]
pub(crate) struct MemberAddress {
    text: String,
    email: OnceLock<Option<Email>>,
}

impl MemberAddress {
    pub(crate) fn new(text: String) -> Arc<MemberAddress> {
        Arc::new(MemberAddress { text, email: OnceLock::new() })
    }

    /// The address as it is stored; empty for a service account.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The address, if it is one.
    pub(crate) fn email(&self) -> Option<&Email> {
        self.email.get_or_init(|| Email::parse(&self.text).ok()).as_ref()
    }
}
