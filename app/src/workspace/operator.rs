//! Workspaces by the operator: list them, look at one from outside, change its plan.
//!
//! **Invariant:** what is returned here says how large a workspace is and who holds its top role, and has
//! nothing of what is in it.

use hallpass_domain::member::Status;
use hallpass_domain::plan::Offer;
use hallpass_domain::time::Timestamp;
use hallpass_domain::workspace::{GRACE, Workspace};
use hallpass_store::member::MemberQuery;
pub use hallpass_store::workspace::list::WorkspaceQuery;
use hallpass_store::workspace::list::WorkspaceSummary;

use super::Workspaces;
use crate::boxed;
use crate::context::{Actor, no_workspace};
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::operation::Operator;

/// How many holders of the top role are shown.
const MOST_HOLDERS: i64 = 20;

/// A workspace in the operator's list.
#[derive(Clone, Debug)]
pub struct WorkspaceOverview {
    /// The workspace.
    pub workspace: Workspace,
    /// The id of its blueprint.
    pub blueprint: String,
    /// How many active members it has.
    pub members: i64,
    /// How many records it has.
    pub records: i64,
    /// The key of its plan; none where no plan is on sale.
    pub plan: Option<String>,
    /// The name of its plan; none where no plan is on sale.
    pub plan_name: Option<String>,
    /// When it will be purged, if it is deleted.
    pub purge_at: Option<Timestamp>,
    /// Whether it is being imported, or its import has broken off.
    pub is_importing: bool,
}

/// A workspace as the operator looks at it.
#[derive(Clone, Debug)]
pub struct WorkspaceDetails {
    /// What the list has.
    pub overview: WorkspaceOverview,
    /// The name of its access model.
    pub blueprint_name: String,
    /// The name of the top role.
    pub top_role: String,
    /// The active holders of the top role: name and address.
    pub holders: Vec<(String, String)>,
    /// How many active holders of the top role there are.
    pub holder_count: usize,
}

impl Workspaces<'_> {
    /// Lists a page of workspaces by slug, deleted ones too, with whether there are more; with `after`,
    /// those whose slug sorts after it.
    #[boxed]
    pub async fn list_as(
        &self,
        _: &Operator,
        query: &WorkspaceQuery,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<WorkspaceOverview>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut tx = self.0.db().read().await?;
        let mut found = tx.workspaces().list(query, after, most + 1).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        Ok((found.into_iter().map(|one| self.overview(one)).collect(), has_more))
    }

    /// Loads a workspace by slug or id, even if it is deleted.
    #[boxed]
    pub async fn load_as(
        &self,
        operator: &Operator,
        workspace: &str,
    ) -> Result<WorkspaceDetails, Error> {
        let id = self.0.workspace_id(workspace).await?;
        let mut tx = self.0.db().read().await?;
        let summary = tx.workspaces().find_summary(id).await?.ok_or_else(no_workspace)?;
        // What is imported is not whole, and does not compile.
        if summary.is_importing {
            return Err(no_workspace());
        }
        let inside = if summary.workspace.deleted_at.is_some() {
            tx.into_deleted_workspace(id.0).await?
        } else {
            tx.into_workspace(id.0).await?
        };
        let inside = inside.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        let mut ctx = self.0.open_context(inside, Actor::Operator, name).await?;
        let pass = ctx.check(ReadMembers).await?;
        let blueprint = ctx.model().blueprint();
        let (blueprint_name, top) = (blueprint.name.clone(), blueprint.top_role());
        let (key, top_role) = top.map_or_else(
            || (String::new(), String::new()),
            |role| (role.key.clone(), role.name.clone()),
        );
        let holder_count = ctx.model().count_active_holders(&key);
        let query = MemberQuery {
            role: Some(key),
            status: Some(Status::Active),
            ..MemberQuery::default()
        };
        let holders = ctx.read(&pass)?.members().list(&query, None, MOST_HOLDERS).await?;
        let holders = holders.into_iter().map(|member| (member.name(), member.email));
        Ok(WorkspaceDetails {
            overview: self.overview(summary),
            blueprint_name,
            top_role,
            holder_count,
            holders: holders.collect(),
        })
    }

    /// Changes the plan of a workspace as an operator.
    #[boxed]
    pub async fn change_plan_as(
        &self,
        operator: &Operator,
        workspace: &str,
        plan: &str,
    ) -> Result<(), Error> {
        let mut ctx = self.0.enter_as(operator, workspace).await?;
        ctx.billing().change_plan(plan).await.map(drop)
    }

    fn overview(&self, summary: WorkspaceSummary) -> WorkspaceOverview {
        let WorkspaceSummary { workspace, blueprint, members, records, billing, is_importing } =
            summary;
        let offer = Offer { plans: &self.0.rules().plans, gates: &[] };
        let plan = offer.plan(billing.plan_at(self.0.now()));
        WorkspaceOverview {
            plan: plan.map(|plan| plan.key.clone()),
            plan_name: plan.map(|plan| plan.name.clone()),
            purge_at: workspace.deleted_at.filter(|_| !is_importing).map(|at| at + GRACE),
            is_importing,
            workspace,
            blueprint,
            members,
            records,
        }
    }
}
