//! A member as a row. A service account has no account: in its row, its own id takes the place of one, so
//! that `(workspace_id, account_id)` stays unique.

use hallpass_domain::id::TeamId;
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::text::{fold, sort_key};
use hallpass_engine::Visibility;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::json;
use crate::row::Row;
use crate::value::Value;

pub(super) static COLUMNS: Columns = Columns::in_workspace(
    "members",
    &[
        "id",
        "account_id",
        "first_name",
        "last_name",
        "email",
        "alias",
        "status",
        "role",
        "levels",
        "visibility",
        "department_id",
        "manager_id",
        "is_billing_contact",
        "landing",
        "joined_at",
        "seen_at",
        "role_since",
        "role_by",
        "version",
    ],
)
.computed(&["name_key", "search"]);

pub(super) fn values(member: &Member) -> [Value; 21] {
    let access = &member.access;
    [
        member.id.into(),
        member.account_or_own_id().into(),
        member.first_name.as_str().into(),
        member.last_name.as_str().into(),
        member.email.as_str().into(),
        alias(member).into(),
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
        name_key(&member.first_name, &member.last_name).into(),
        search_text(&member.first_name, &member.last_name, &member.email, alias(member)).into(),
    ]
}

/// The name by which members are sorted.
#[must_use]
pub fn name_key(first_name: &str, last_name: &str) -> String {
    sort_key(&format!("{first_name} {last_name}"))
}

pub(super) fn alias(member: &Member) -> Option<&str> {
    member.alias.as_ref().map(Name::as_str)
}

pub(crate) fn search_text(
    first_name: &str,
    last_name: &str,
    email: &str,
    alias: Option<&str>,
) -> String {
    let own = format!("{first_name} {last_name} {email}");
    fold(&alias.map_or(own.clone(), |alias| format!("{own} {alias}")))
}

pub(super) fn from_row(row: &Row, teams: Vec<TeamId>) -> Result<Member, Error> {
    let (id, account) = (row.id("id")?, row.id("account_id")?);
    Ok(Member {
        id: id.into(),
        account: (account != id).then(|| account.into()),
        first_name: row.text("first_name")?.to_owned(),
        last_name: row.text("last_name")?.to_owned(),
        email: row.text("email")?.to_owned(),
        alias: row.optional("alias", Row::text)?.and_then(Name::stored),
        status: row.parsed("status", Status::parse)?,
        access: MemberAccess {
            role: row.text("role")?.to_owned(),
            levels: row.json("levels")?,
            visibility: row.parsed("visibility", Visibility::parse)?,
            department: row.optional("department_id", Row::id)?.map(Into::into),
            manager: row.optional("manager_id", Row::id)?.map(Into::into),
            teams,
            is_billing_contact: row.bool("is_billing_contact")?,
        },
        landing: row.optional("landing", Row::text)?.map(str::to_owned),
        joined_at: row.time("joined_at")?,
        seen_at: row.optional("seen_at", Row::time)?,
        role_since: row.time("role_since")?,
        role_by: row.optional("role_by", Row::id)?.map(Into::into),
        version: row.int("version")?,
    })
}
