//! What happens when a person arrives from an identity provider.
//!
//! **Invariant:** an account is entered only by an identity that was connected to it before, or by the
//! person who is signed in to it in another way. No address leads into an account.

use crate::id::AccountId;

/// What is known about a person who arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The account that this identity is connected to, at this connection.
    pub connected: Option<AccountId>,
    /// Whether the provider may speak for the address: its domain is proven by this workspace, and the
    /// provider does not say that the address is not verified.
    pub speaks_for_address: bool,
    /// Whether an account with a confirmed address has this address.
    pub address_has_account: bool,
    /// Whether that account is disabled.
    pub is_disabled: bool,
    /// The membership of the account; none without an account or membership.
    pub membership: Option<Membership>,
    /// Whether the address of the account, or of the person without one, has an invitation that can be
    /// accepted.
    pub is_invited: bool,
    /// Whether they may join without an invitation, like everybody or because of their groups.
    pub may_sign_up: bool,
    /// Whether it depends on groups that the provider has left out.
    pub lacks_groups: bool,
    /// Whether their groups gave them their role, and give none any more.
    pub is_ended_by_groups: bool,
}

/// A membership in the workspace of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// They may enter.
    Active,
    /// They were deactivated.
    Inactive,
    /// They were removed.
    Removed,
}

/// How a person enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// As the member they are.
    Member(AccountId),
    /// Their account joins, by its invitation.
    Invited(AccountId),
    /// Their account joins, as the access model says.
    SignsUp(AccountId),
    /// A new account joins, by its invitation.
    NewInvited,
    /// A new account joins, as the access model says.
    NewSignsUp,
}

impl Arrival {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Arrival::Member(_) => "member",
            Arrival::Invited(_) => "invited",
            Arrival::SignsUp(_) => "signs_up",
            Arrival::NewInvited => "new_invited",
            Arrival::NewSignsUp => "new_signs_up",
        }
    }
}

/// Why a person does not enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// The operator has disabled their account.
    AccountDisabled,
    /// They were deactivated, or removed without a new invitation.
    NotAMember,
    /// They are not invited.
    NotInvited,
    /// Their address has an account: its person must connect it.
    MustConnect,
    /// The provider may not speak for their address.
    AddressNotProven,
    /// They come back to a session of an account that they are not connected to.
    AnotherPerson,
    /// Their groups gave them their role, and give none any more.
    GroupsGone,
    /// The provider has left out groups, so that what they give is not known.
    TooManyGroups,
}

impl Turned {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Turned::AccountDisabled => "account_disabled",
            Turned::NotAMember => "not_a_member",
            Turned::NotInvited => "not_invited",
            Turned::MustConnect => "must_connect",
            Turned::AddressNotProven => "address_not_proven",
            Turned::AnotherPerson => "another_person",
            Turned::GroupsGone => "groups_gone",
            Turned::TooManyGroups => "too_many_groups",
        }
    }
}

/// Decides how a person enters.
///
/// # Errors
///
/// Why they do not.
pub fn decide(facts: &Facts) -> Result<Arrival, Turned> {
    if facts.connected.is_some() && facts.is_disabled {
        return Err(Turned::AccountDisabled);
    }
    if facts.lacks_groups {
        return Err(Turned::TooManyGroups);
    }
    if let Some(account) = facts.connected {
        return match facts.membership {
            Some(Membership::Active) if facts.is_ended_by_groups => Err(Turned::GroupsGone),
            Some(Membership::Active) => Ok(Arrival::Member(account)),
            Some(Membership::Inactive) => Err(Turned::NotAMember),
            Some(Membership::Removed) if facts.is_invited => Ok(Arrival::Invited(account)),
            Some(Membership::Removed) => Err(Turned::NotAMember),
            None if facts.is_invited => Ok(Arrival::Invited(account)),
            None if facts.may_sign_up => Ok(Arrival::SignsUp(account)),
            None => Err(Turned::NotInvited),
        };
    }
    if !facts.speaks_for_address {
        return Err(Turned::AddressNotProven);
    }
    if facts.address_has_account {
        return Err(Turned::MustConnect);
    }
    if facts.is_invited {
        return Ok(Arrival::NewInvited);
    }
    if facts.may_sign_up { Ok(Arrival::NewSignsUp) } else { Err(Turned::NotInvited) }
}

#[cfg(test)]
mod tests;
