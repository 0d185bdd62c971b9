//! The membership of an account, which a request reads before anything else.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Status;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;

/// The membership of an account in a workspace: what a request has to know first.
#[derive(Clone, Debug)]
pub struct MembershipSummary {
    /// The member.
    pub id: MemberId,
    /// Whether the member is active.
    pub status: Status,
    /// First and last name.
    pub name: String,
    /// When they last used the workspace.
    pub seen_at: Option<Timestamp>,
    /// Their email address.
    pub email: String,
    /// The language of their account; empty when it was deleted.
    pub locale: String,
    /// Where their account has a picture, its version.
    pub picture: Option<i64>,
}

/// The columns of a member `m` that [`membership`] reads.
pub(crate) const MEMBERSHIP: &str = "m.id AS \"members.id\", m.status AS \"members.status\", \
    m.first_name AS \"members.first_name\", m.last_name AS \"members.last_name\", \
    m.seen_at AS \"members.seen_at\", m.email AS \"members.email\", \
    (SELECT locale FROM accounts WHERE id = m.account_id) AS \"accounts.locale\", \
    (SELECT version FROM accounts WHERE id = m.account_id AND picture IS NOT NULL) \
    AS \"accounts.version\"";

/// The membership in a row with the columns of [`MEMBERSHIP`].
pub(crate) fn membership(row: &Row) -> Result<MembershipSummary, Error> {
    let (first, last) = (row.text("members.first_name")?, row.text("members.last_name")?);
    Ok(MembershipSummary {
        id: row.id("members.id")?.into(),
        status: row.parsed("members.status", Status::parse)?,
        name: format!("{first} {last}").trim().to_owned(),
        seen_at: row.optional("members.seen_at", Row::time)?,
        email: row.text("members.email")?.to_owned(),
        locale: row.optional("accounts.locale", Row::text)?.unwrap_or_default().to_owned(),
        picture: row.optional("accounts.version", Row::int)?,
    })
}
