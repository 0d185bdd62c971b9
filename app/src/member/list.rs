//! Lists of members, each with the number of their open records that the caller may read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use hallpass_domain::id::{AccountId, MemberId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::Model;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_store::member::{MemberPosition, MemberQuery, name_key};
use serde::{Deserialize, Serialize};

use super::Members;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::gate::{Pass, Permission};
use crate::naming::{self, DepartmentRef, RoleRef, TeamRef};

/// After how many days without a request a member may have left.
pub const LONG_UNSEEN: i64 = 90;

/// Which members are listed.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// Only those with this text in their name, address or alias.
    pub text: Option<String>,
    /// Only those with this role.
    pub role: Option<RoleRef>,
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those in this department.
    pub department: Option<DepartmentRef>,
    /// Only those in this team.
    pub team: Option<TeamRef>,
    /// Only those with an alias.
    pub has_alias: bool,
    /// Only service accounts, or only people.
    pub is_service: Option<bool>,
    /// Only those who have not used the workspace for [`LONG_UNSEEN`] days.
    pub is_unseen: bool,
}

impl MemberFilter {
    /// Whether it filters by nothing but a text.
    #[must_use]
    pub fn is_for_names(&self) -> bool {
        let MemberFilter {
            text: _,
            role,
            status,
            department,
            team,
            has_alias,
            is_service,
            is_unseen,
        } = self;
        let is_empty =
            role.is_none() && status.is_none() && department.is_none() && team.is_none();
        is_empty && !has_alias && !is_unseen && is_service.is_none()
    }
}

/// The order of a list of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// By name.
    Name,
    /// The members with the most open records first (HARMONIA-74), of those that the caller may read.
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
    /// The accounts of those who sign in with a second factor.
    pub with_second_factor: HashSet<AccountId>,
    /// Where the next page begins, if there is one.
    pub next: Option<ListPosition>,
    /// The number on all pages.
    pub total: i64,
}

impl MemberPage {
    /// Whether a member of the page signs in with a second factor.
    #[must_use]
    pub fn has_second_factor(&self, member: &Member) -> bool {
        member.account.is_some_and(|account| self.with_second_factor.contains(&account))
    }
}

impl NamePosition {
    fn of(member: &Member) -> NamePosition {
        let name_key = name_key(&member.first_name, &member.last_name);
        NamePosition { name_key, id: member.id.to_string() }
    }

    /// The position of a member in a list by id.
    pub(crate) fn of_id(id: MemberId) -> NamePosition {
        NamePosition { name_key: String::new(), id: id.to_string() }
    }

    /// The member; none where a client has changed the position.
    pub(crate) fn member(&self) -> Option<MemberId> {
        self.id.parse().ok()
    }
}

impl Members<'_> {
    /// Lists members.
    ///
    /// # Errors
    ///
    /// `Fields` for a role, department or team that does not exist.
    #[boxed]
    pub async fn list(
        &mut self,
        filter: &MemberFilter,
        order: MemberOrder,
        after: Option<ListPosition>,
        limit: usize,
    ) -> Result<MemberPage, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let query = &resolve(ctx, &pass, filter).await?;
        let total = total(ctx, &pass, query).await?;
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
        let accounts: Vec<_> =
            members.iter().filter_map(|(member, _)| member.account).collect();
        let with_second_factor = self.with_second_factor(&pass, &accounts).await?;
        Ok(MemberPage { members, with_second_factor, next, total })
    }

    /// Counts the members that a filter finds.
    ///
    /// # Errors
    ///
    /// `Fields` for a role, department or team that does not exist.
    #[boxed]
    pub async fn count(&mut self, filter: &MemberFilter) -> Result<i64, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let query = resolve(ctx, &pass, filter).await?;
        total(ctx, &pass, &query).await
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
        let total = total(ctx, pass, query).await?;
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

/// Resolves the references of a filter.
async fn resolve(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    filter: &MemberFilter,
) -> Result<MemberQuery, Error> {
    let mut errors = Vec::new();
    let mut query = MemberQuery {
        text: filter.text.clone(),
        status: filter.status,
        has_alias: filter.has_alias,
        is_service: filter.is_service,
        unseen_from: filter.is_unseen.then(|| ctx.now - Span::days(LONG_UNSEEN)),
        ..MemberQuery::default()
    };
    if let Some(role) = &filter.role {
        match naming::role(ctx, pass, role) {
            Ok(role) => query.role = Some(role.key()),
            Err(unresolved) => errors.push(unresolved.field("/role")),
        }
    }
    if let Some(department) = &filter.department {
        match naming::department(ctx, pass, department).await? {
            Ok(id) => query.department = Some(id),
            Err(unresolved) => errors.push(unresolved.field("/department")),
        }
    }
    if let Some(team) = &filter.team {
        match naming::team(ctx, pass, team).await? {
            Ok(id) => query.team = Some(id),
            Err(unresolved) => errors.push(unresolved.field("/team")),
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(ctx.read(pass)?.members().narrowed(query).await?)
}

/// Counts the members that a query finds: in memory where it asks for what access depends on.
async fn total(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    query: &MemberQuery,
) -> Result<i64, Error> {
    match known_total(ctx.model(), query) {
        Some(total) => Ok(i64::try_from(total).unwrap_or(i64::MAX)),
        None => Ok(ctx.read(pass)?.members().count(query).await?),
    }
}

fn known_total(model: &Model, query: &MemberQuery) -> Option<usize> {
    let MemberQuery {
        text: None,
        name: None,
        role,
        status,
        department,
        team,
        has_alias: false,
        is_service,
        unseen_from: None,
        among: None,
    } = query
    else {
        return None;
    };
    if department.is_none() && team.is_none() && status.is_none() && is_service.is_none() {
        let of_role = role.as_ref().map(|role| model.count_holders(role));
        return Some(of_role.unwrap_or_else(|| model.count_members()));
    }
    let (department, team) =
        (department.map(|id| id.to_string()), team.map(|id| id.to_string()));
    let is_found = |member: &&hallpass_engine::Member| {
        let is_in = |known: &Option<String>, wanted: &Option<String>| {
            wanted.is_none() || known == wanted
        };
        is_in(&member.department, &department)
            && team.as_ref().is_none_or(|team| member.teams.contains(team))
            && role.as_ref().is_none_or(|role| member.role == *role)
            && is_service.is_none_or(|is_service| member.is_service == is_service)
            && match status {
                None => true,
                Some(Status::Active) => member.is_active,
                Some(Status::Inactive) => !member.is_active,
                Some(Status::Removed) => false,
            }
    };
    Some(model.members().filter(is_found).count())
}

/// A position is part of a cursor, which a client may have changed.
fn position(name_key: &str, id: &str) -> Option<MemberPosition> {
    Some(MemberPosition { name_key: name_key.to_owned(), id: id.parse().ok()? })
}

fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
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
            && ctx.reads_records(&count.entity, count.owner)
        {
            open.entry(member).or_default().insert(count.entity, count.open_n);
        }
    }
    Ok(open)
}
