//! The change of an account's address: both mailboxes agree to it.
//!
//! **Invariant:** a change that the present mailbox has not agreed to is never made, so that who gets hold of
//! a session does not get the account.

use crate::email::Email;
use crate::id::AccountId;
use crate::time::Span;

/// How long the mailboxes have time.
pub const VALID: Span = Span::days(1);

/// The mailbox to which a link was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// That of the address which the account has.
    Present,
    /// That of the address which the account gets.
    New,
}

/// A change of address that waits for the mailboxes.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressChange {
    /// Whose address it is.
    pub account: AccountId,
    /// The new address.
    pub email: Email,
    /// Whether the present mailbox has agreed.
    pub is_allowed: bool,
    /// Whether the new mailbox has agreed.
    pub is_confirmed: bool,
}

impl AddressChange {
    /// A change to which neither mailbox has agreed. An address that was never confirmed may be that of
    /// another person: its mailbox is not asked.
    #[must_use]
    pub const fn new(account: AccountId, email: Email, is_present_confirmed: bool) -> Self {
        let is_allowed = !is_present_confirmed;
        AddressChange { account, email, is_allowed, is_confirmed: false }
    }

    /// Whether a mailbox has agreed.
    #[must_use]
    pub const fn has_agreed(&self, mailbox: Mailbox) -> bool {
        match mailbox {
            Mailbox::Present => self.is_allowed,
            Mailbox::New => self.is_confirmed,
        }
    }

    /// Whether both mailboxes have agreed.
    #[must_use]
    pub const fn is_agreed(&self) -> bool {
        self.is_allowed && self.is_confirmed
    }
}

#[cfg(test)]
mod tests;
