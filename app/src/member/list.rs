//! Lists of members, each with the number of their open records.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::record::Owner;
pub use hallpass_store::member::MemberQuery;
use hallpass_store::member::{MemberPosition, name_key};
use serde::{Deserialize, Serialize};

use super::Members;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::gate::{Pass, Permission};

/// The order of a list of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// By name.
    Name,
    /// The members with the most open records first (HARMONIA-74).
    Assignments,
}

/// The position at which a page of members ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPosition {
    /// The name by which members are sorted.
    name_key: String,
    /// The id, among members of the same name.
    id: String,
    /// The number of open records, in a list that is sorted by it.
    open: i64,
}

/// The position at which a page of members by name ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamePosition {
    name_key: String,
    id: String,
}

/// A page of members by name.
pub struct NamePage {
    /// The members.
    pub members: Vec<Member>,
    /// Where the next page begins, if there is one.
    pub next: Option<NamePosition>,
    /// The number on all pages.
    pub total: i64,
}

/// A page of members, each with the number of their open records by record type.
pub struct MemberPage {
    /// The members.
    pub members: Vec<(Member, BTreeMap<String, i64>)>,
    /// Where the next page begins, if there is one.
    pub next: Option<ListPosition>,
    /// The number on all pages.
    pub total: i64,
}

impl NamePosition {
    fn of(member: &Member) -> NamePosition {
        let name_key = name_key(&member.first_name, &member.last_name);
        NamePosition { name_key, id: member.id.to_string() }
    }
}

impl Members<'_> {
    /// Lists members.
    pub async fn list(
        &mut self,
        query: &MemberQuery,
        order: MemberOrder,
        after: Option<ListPosition>,
        limit: usize,
    ) -> Result<MemberPage, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let total = ctx.read(&pass)?.members().count(query).await?;
        let mut members = match order {
            MemberOrder::Name => {
                let after = after.and_then(|after| position(&after.name_key, &after.id));
                ctx.read(&pass)?.members().list(query, after.as_ref(), one_more(limit)).await?
            }
            MemberOrder::Assignments => {
                list_by_open_records(ctx, &pass, query, after.as_ref(), limit + 1).await?
            }
        };
        let has_more = members.len() > limit;
        members.truncate(limit);
        let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
        let mut open = open_records(ctx, &pass, &ids).await?;
        let with_counts = |member: Member| {
            let counts = open.remove(&member.id).unwrap_or_default();
            (member, counts)
        };
        let members: Vec<_> = members.into_iter().map(with_counts).collect();
        let last = members.last().filter(|_| has_more);
        let next = last.map(|(member, counts)| ListPosition {
            name_key: name_key(&member.first_name, &member.last_name),
            id: member.id.to_string(),
            open: counts.values().sum(),
        });
        Ok(MemberPage { members, next, total })
    }

    /// Lists members by name, with the pass of another use case.
    pub(crate) async fn list_by_name(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &MemberQuery,
        after: Option<&NamePosition>,
        limit: usize,
    ) -> Result<NamePage, Error> {
        let ctx = &mut *self.0;
        let total = ctx.read(pass)?.members().count(query).await?;
        let after = after.and_then(|after| position(&after.name_key, &after.id));
        let mut members =
            ctx.read(pass)?.members().list(query, after.as_ref(), one_more(limit)).await?;
        let has_more = members.len() > limit;
        members.truncate(limit);
        let next = members.last().filter(|_| has_more).map(NamePosition::of);
        Ok(NamePage { members, next, total })
    }

    /// Counts the open records of a member by record type, with the pass of another use case.
    pub(crate) async fn count_open_records(
        &mut self,
        pass: &Pass<impl Permission>,
        member: MemberId,
    ) -> Result<BTreeMap<String, i64>, Error> {
        let mut open = open_records(self.0, pass, &[member]).await?;
        Ok(open.remove(&member).unwrap_or_default())
    }
}

/// A position is part of a cursor, which a client may have changed.
fn position(name_key: &str, id: &str) -> Option<MemberPosition> {
    Some(MemberPosition { name_key: name_key.to_owned(), id: id.parse().ok()? })
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1
}

/// Lists members by their number of open records; of the same number, by name.
async fn list_by_open_records(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    query: &MemberQuery,
    after: Option<&ListPosition>,
    limit: usize,
) -> Result<Vec<Member>, Error> {
    let members = ctx.read(pass)?.members().list(query, None, i64::MAX).await?;
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let open = open_records(ctx, pass, &ids).await?;
    let key = |member: &Member| {
        let count: i64 = open.get(&member.id).map_or(0, |counts| counts.values().sum());
        let name = name_key(&member.first_name, &member.last_name);
        (Reverse(count), name, member.id.to_string())
    };
    let mut keyed: Vec<_> = members.into_iter().map(|member| (key(&member), member)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let after =
        after.map(|after| (Reverse(after.open), after.name_key.clone(), after.id.clone()));
    let rest = keyed.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|at| key > at));
    Ok(rest.take(limit).map(|(_, member)| member).collect())
}

async fn open_records(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    members: &[MemberId],
) -> Result<HashMap<MemberId, BTreeMap<String, i64>>, Error> {
    let mut open: HashMap<MemberId, BTreeMap<String, i64>> = HashMap::new();
    for count in ctx.read(pass)?.records().list_counts_of(members).await? {
        if let Owner::Member(member) = count.owner
            && count.open_n > 0
        {
            open.entry(member).or_default().insert(count.entity, count.open_n);
        }
    }
    Ok(open)
}
