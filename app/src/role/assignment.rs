//! Role assignments: which member has which role, since when and by whom, for the review of access
//! (HARMONY-70).

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_store::member::MemberQuery;
use serde_json::json;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ExportAudit, ReadAudit};
use crate::gate::{Pass, Permission};
use crate::member::list::{NamePage, NamePosition};

/// A member with their role.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The member.
    pub member: Member,
    /// The role's name.
    pub role_name: String,
    /// The name of the member who assigned it.
    pub grantor: String,
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
        let page = ctx.members().list_by_name(&pass, &every, after, limit).await?;
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
        let members = ctx.read(&pass)?.members().list(&every, None, i64::MAX).await?;
        let assignments = assignments(ctx, &pass, members).await?;
        let (workspace, view) = (ctx.workspace_id(), json!({"members": assignments.len()}));
        ctx.record_audit(&pass, "role_assignments.export", workspace, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(assignments)
    }
}

async fn assignments(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    members: Vec<Member>,
) -> Result<Vec<Assignment>, Error> {
    let grantors: Vec<MemberId> = members.iter().filter_map(|member| member.role_by).collect();
    let names = ctx.read(pass)?.members().names(&grantors).await?;
    let grantor = |member: &Member| match member.role_by {
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        None => "the operator".to_owned(),
    };
    let assignment = |member: Member| Assignment {
        role_name: ctx.snapshot().role_name(&member.access.role),
        grantor: grantor(&member),
        member,
    };
    Ok(members.into_iter().map(assignment).collect())
}
