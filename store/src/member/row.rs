//! A member as a row.

use hallpass_domain::id::TeamId;
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::text::fold;
use hallpass_engine::Visibility;

use crate::error::Error;
use crate::query::json;
use crate::value::{Row, Value};

/// The values of a row from `?2` on.
pub(super) fn values(member: &Member) -> [Value; 20] {
    let access = &member.access;
    [
        member.id.into(),
        member.account.into(),
        member.first_name.as_str().into(),
        member.last_name.as_str().into(),
        member.email.as_str().into(),
        name_key(&member.first_name, &member.last_name).into(),
        search(&member.first_name, &member.last_name, &member.email).into(),
        member.status.word().into(),
        access.role.as_str().into(),
        json(&access.levels),
        access.visibility.scope().word().into(),
        access.department.into(),
        access.manager.into(),
        access.is_billing_contact.into(),
        member.landing.clone().into(),
        member.joined_at.into(),
        member.seen_at.into(),
        member.role_since.into(),
        member.role_by.into(),
        member.version.into(),
    ]
}

/// The name by which members are sorted.
#[must_use]
pub fn name_key(first_name: &str, last_name: &str) -> String {
    fold(format!("{first_name} {last_name}").trim())
}

pub(super) fn search(first_name: &str, last_name: &str, email: &str) -> String {
    fold(&format!("{first_name} {last_name} {email}"))
}

pub(super) fn from_row(row: &Row, teams: Vec<TeamId>) -> Result<Member, Error> {
    Ok(Member {
        id: row.id(0)?.into(),
        account: row.id(1)?.into(),
        first_name: row.text(2)?.to_owned(),
        last_name: row.text(3)?.to_owned(),
        email: row.text(4)?.to_owned(),
        status: row.parsed(5, Status::parse)?,
        access: MemberAccess {
            role: row.text(6)?.to_owned(),
            levels: row.json(7)?,
            visibility: row.parsed(8, Visibility::parse)?,
            department: row.optional(9, Row::id)?.map(Into::into),
            manager: row.optional(10, Row::id)?.map(Into::into),
            teams,
            is_billing_contact: row.bool(11)?,
        },
        landing: row.optional(12, Row::text)?.map(str::to_owned),
        joined_at: row.time(13)?,
        seen_at: row.optional(14, Row::time)?,
        role_since: row.time(15)?,
        role_by: row.optional(16, Row::id)?.map(Into::into),
        version: row.int(17)?,
    })
}
