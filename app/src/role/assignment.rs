//! Role assignments: which member has which role, since when and by whom, for the review of access
//! (HARMONY-70).

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_store::member::MemberQuery;
use serde_json::json;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ExportAudit, ReadAudit, ReadMembers};
use crate::gate::{Pass, Permission};
use crate::member::list::{NamePage, NamePosition};

/// A member with their role.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The member.
    pub member: Member,
    /// The name of the member, if the caller may know it.
    pub name: Option<String>,
    /// Whether the caller may know the address of the member.
    pub shows_address: bool,
    /// Whether the member signs in with a second factor; for a caller who may know the address.
    pub has_second_factor: Option<bool>,
    /// The role's name.
    pub role_name: String,
    /// The name of the member who assigned it, if the caller may know it; the operator has one.
    pub grantor: Option<String>,
}

/// A page of assignments, by the names of the members.
pub struct AssignmentPage {
    /// The assignments.
    pub assignments: Vec<Assignment>,
    /// Where the next page begins, if there is one.
    pub next: Option<NamePosition>,
    /// The number on all pages.
    pub total: i64,
}

/// The role assignments of a workspace.
pub struct RoleAssignments<'c>(pub(crate) &'c mut WorkspaceContext);

impl RoleAssignments<'_> {
    /// Lists the members, active or not, each with their role.
    #[boxed]
    pub async fn list(
        &mut self,
        after: Option<&NamePosition>,
        limit: usize,
    ) -> Result<AssignmentPage, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadAudit).await?;
        let every = MemberQuery::default();
        let page = if ctx.opens(&ReadMembers) {
            ctx.members().list_by_name(&pass, &every, after, limit).await?
        } else {
            list_by_id(ctx, &pass, after, limit).await?
        };
        let NamePage { members, next, total } = page;
        let assignments = assignments(ctx, &pass, members).await?;
        Ok(AssignmentPage { assignments, next, total })
    }

    /// Lists every member with their role, for an export, which the audit log notes.
    #[boxed]
    pub async fn export(&mut self) -> Result<Vec<Assignment>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ExportAudit).await?;
        let every = MemberQuery::default();
        let mut members = ctx.read(&pass)?.members().list(&every, None, i64::MAX).await?;
        if !ctx.opens(&ReadMembers) {
            members.sort_by_key(|member| member.id);
        }
        let assignments = assignments(ctx, &pass, members).await?;
        let (workspace, view) = (ctx.workspace_id(), json!({"members": assignments.len()}));
        ctx.record_audit(&pass, "role_assignments.export", workspace, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(assignments)
    }
}

/// Lists members in the order of their ids: the order by name, and the position in it, would tell names.
async fn list_by_id(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    after: Option<&NamePosition>,
    limit: usize,
) -> Result<NamePage, Error> {
    let every = MemberQuery::default();
    let mut members = ctx.read(pass)?.members().list(&every, None, i64::MAX).await?;
    let total = i64::try_from(members.len()).unwrap_or(i64::MAX);
    members.sort_by_key(|member| member.id);
    let after = after.and_then(NamePosition::member);
    members.retain(|member| after.is_none_or(|after| member.id > after));
    let has_more = members.len() > limit;
    members.truncate(limit);
    let next = members.last().filter(|_| has_more).map(|last| NamePosition::of_id(last.id));
    Ok(NamePage { members, next, total })
}

async fn assignments(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    members: Vec<Member>,
) -> Result<Vec<Assignment>, Error> {
    let people = members.iter().flat_map(|member| [Some(member.id), member.role_by]);
    ctx.look_up_names(pass, people.flatten().collect::<Vec<MemberId>>()).await?;
    let shows_addresses = ctx.opens(&ReadMembers);
    let accounts: Vec<_> = members.iter().filter_map(|member| member.account).collect();
    let with = ctx.members().with_second_factor(pass, &accounts).await?;
    let own = ctx.member_id();
    let grantor = |member: &Member| match member.role_by {
        Some(id) => ctx.known_name(id).map(str::to_owned),
        None => Some("the operator".to_owned()),
    };
    let assignment = |member: Member| Assignment {
        name: ctx.known_name(member.id).map(str::to_owned),
        shows_address: shows_addresses || own == Some(member.id),
        has_second_factor: (shows_addresses || own == Some(member.id))
            .then(|| member.account.is_some_and(|account| with.contains(&account))),
        role_name: ctx.snapshot().role_name(&member.access.role),
        grantor: grantor(&member),
        member,
    };
    Ok(members.into_iter().map(assignment).collect())
}
