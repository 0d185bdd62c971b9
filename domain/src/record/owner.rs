//! A reference to the owner of a record, as requests and saved views have it.

use std::fmt;
use std::str::FromStr;

use super::Owner;
use crate::id::{IdError, MemberId};

/// A reference to the owner of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerRef {
    /// The caller.
    Me,
    /// No member.
    Unowned,
    /// A member, by id.
    Member(MemberId),
}

impl FromStr for OwnerRef {
    type Err = IdError;

    fn from_str(text: &str) -> Result<OwnerRef, IdError> {
        match text {
            "me" => Ok(OwnerRef::Me),
            "unowned" => Ok(OwnerRef::Unowned),
            text => text.parse().map(OwnerRef::Member),
        }
    }
}

impl fmt::Display for OwnerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OwnerRef::Me => f.write_str("me"),
            OwnerRef::Unowned => f.write_str("unowned"),
            OwnerRef::Member(id) => id.fmt(f),
        }
    }
}

impl From<Owner> for OwnerRef {
    fn from(owner: Owner) -> OwnerRef {
        match owner {
            Owner::Unowned => OwnerRef::Unowned,
            Owner::Member(id) => OwnerRef::Member(id),
        }
    }
}
