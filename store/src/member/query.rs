//! A query of members, and its conditions.

use hallpass_domain::id::{DepartmentId, MemberId, TeamId};
use hallpass_domain::member::Status;
use hallpass_domain::text::contains_pattern;
use hallpass_domain::time::Timestamp;

use crate::query::Conditions;

/// Which members are listed; those that were removed never are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberQuery {
    /// Only those with this text in their name, address or alias.
    pub text: Option<String>,
    /// Only those with this text in their name.
    pub name: Option<String>,
    /// Only those with this role.
    pub role: Option<String>,
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those in this department.
    pub department: Option<DepartmentId>,
    /// Only those in this team.
    pub team: Option<TeamId>,
    /// Only those with an alias.
    pub has_alias: bool,
    /// Only service accounts, or only people.
    pub is_service: Option<bool>,
    /// Only those who have not used the workspace from this time on, nor joined it.
    pub unseen_from: Option<Timestamp>,
    /// Only some of these: what the index has found, see `Members::narrowed`.
    pub among: Option<FoundMembers>,
}

/// The members whom the index of texts finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMembers {
    /// Where they are in a list by name, in this order.
    pub(super) by_name: Vec<MemberPosition>,
    /// Whether they are those that the query finds: it asks for a text and nothing else.
    pub(super) are_all: bool,
}

impl FoundMembers {
    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

/// The position of a member in a list by name: the next page begins after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MemberPosition {
    /// The name by which members are sorted.
    pub name_key: String,
    /// The id, among members of the same name.
    pub id: MemberId,
}

impl MemberQuery {
    /// Whether it asks for a text and nothing else.
    pub(super) fn is_text_alone(&self) -> bool {
        *self == MemberQuery { text: self.text.clone(), ..MemberQuery::default() }
    }
}

/// The conditions of a query, which bind parameters from a number on.
pub(super) fn conditions(query: &MemberQuery, first: usize) -> Conditions {
    let mut conditions = Conditions::from(first);
    if let Some(text) = &query.text {
        conditions.and("search LIKE ? ESCAPE '\\'", [contains_pattern(text).into()]);
    }
    if let Some(name) = &query.name {
        conditions.and("name_key LIKE ? ESCAPE '\\'", [contains_pattern(name).into()]);
    }
    if let Some(role) = &query.role {
        conditions.and("role = ?", [role.as_str().into()]);
    }
    if let Some(status) = query.status {
        conditions.and("status = ?", [status.word().into()]);
    }
    if let Some(department) = query.department {
        conditions.and("department_id = ?", [department.into()]);
    }
    if let Some(team) = query.team {
        conditions.and(
            "EXISTS (SELECT 1 FROM team_members t WHERE t.workspace_id = members.workspace_id \
             AND t.team_id = ? AND t.member_id = members.id)",
            [team.into()],
        );
    }
    if query.has_alias {
        conditions.and("alias IS NOT NULL", []);
    }
    if let Some(is_service) = query.is_service {
        let condition = if is_service { "account_id = id" } else { "account_id <> id" };
        conditions.and(condition, []);
    }
    if let Some(from) = query.unseen_from {
        conditions.and("coalesce(seen_at, joined_at) < ?", [from.into()]);
    }
    conditions
}
