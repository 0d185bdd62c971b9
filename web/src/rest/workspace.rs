//! Workspaces over HTTP: create, look at, rename, delete, restore; oneself in one; leaving.

mod export;

use axum::extract::State;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::setting::GeneralChange;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::SelfServe;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::MemberRight;
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Body, Path, SignedIn, field_id};
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(load, change, delete))
        .routes(routes!(restore))
        .routes(routes!(myself))
        .routes(routes!(leave))
        .routes(routes!(transfer_ownership))
        .merge(export::routes())
}

/// A workspace to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateWorkspaceRequest {
    /// The name.
    name: String,
    /// How it is named in addresses: 2 to 40 of `a` to `z`, `0` to `9` and `-`.
    slug: String,
    /// The id of a blueprint; the default is `standard`.
    blueprint: Option<String>,
    /// The text of a blueprint of one's own, instead.
    blueprint_text: Option<String>,
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceResponse {
    id: String,
    slug: String,
    name: String,
    /// When it was made.
    created_at: String,
    /// Goes up with each change of access.
    revision: i64,
    /// The access model, where one can look into the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    blueprint: Option<BlueprintRef>,
    /// A picture as a `data:` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// How it looks to its members.
    #[serde(skip_serializing_if = "Option::is_none")]
    branding: Option<Branding>,
    /// What members may do without the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    self_serve: Option<SelfServeRights>,
    /// Whom to ask for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_contact: Option<String>,
}

/// What members may do without the operator, if their role lets them.
#[derive(Serialize, ToSchema)]
struct SelfServeRights {
    /// Create further workspaces.
    create: bool,
    /// Delete this one.
    delete: bool,
    /// Export it.
    export: bool,
    /// Write the texts of its mails.
    mail_templates: bool,
}

impl SelfServeRights {
    fn of(ctx: &WorkspaceContext) -> SelfServeRights {
        let SelfServe { create, delete, export, mail_templates } = ctx.self_serve();
        SelfServeRights { create, delete, export, mail_templates }
    }
}

/// How a workspace looks to its members.
#[derive(Serialize, ToSchema)]
struct Branding {
    /// `#rrggbb`, or null.
    colour: Option<String>,
    /// A picture as a `data:` address, or null.
    logo: Option<String>,
}

/// The access model of a workspace.
#[derive(Serialize, ToSchema)]
struct BlueprintRef {
    id: String,
    name: String,
}

impl WorkspaceResponse {
    fn of(workspace: &Workspace) -> WorkspaceResponse {
        WorkspaceResponse {
            id: workspace.id.to_string(),
            slug: workspace.slug.to_string(),
            name: workspace.name.to_string(),
            created_at: workspace.created_at.to_string(),
            revision: workspace.revision,
            blueprint: None,
            logo: None,
            branding: None,
            self_serve: None,
            operator_contact: None,
        }
    }

    fn inside(ctx: &WorkspaceContext) -> WorkspaceResponse {
        let (snapshot, blueprint) = (ctx.snapshot(), ctx.model().blueprint());
        let blueprint =
            Some(BlueprintRef { id: blueprint.id.clone(), name: blueprint.name.clone() });
        let revision = ctx.revision();
        let text = |area: &str, key: &str| {
            let area = snapshot.workspace.settings.get(area)?;
            area.get(key)?.as_str().map(str::to_owned)
        };
        WorkspaceResponse {
            revision,
            blueprint,
            logo: text("general", "logo"),
            branding: Some(Branding {
                colour: text("branding", "colour"),
                logo: text("branding", "logo"),
            }),
            self_serve: Some(SelfServeRights::of(ctx)),
            operator_contact: Some(ctx.operator_contact().to_owned()),
            ..WorkspaceResponse::of(&snapshot.workspace)
        }
    }
}

/// Create a workspace.
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "Workspaces", request_body = CreateWorkspaceRequest,
    responses((status = 201, body = WorkspaceResponse), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Body(ask): Body<CreateWorkspaceRequest>,
) -> Answer<WorkspaceResponse> {
    let ask = NewWorkspace {
        name: ask.name,
        slug: ask.slug,
        blueprint: ask.blueprint,
        blueprint_text: ask.blueprint_text,
    };
    let workspace = web.app.workspaces().create(&principal, &ask).await?;
    Ok(Reply::created(WorkspaceResponse::of(&workspace)).at(workspace.revision))
}

/// A workspace in which one is.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}", tag = "Workspaces",
    responses((status = 200, body = WorkspaceResponse), (status = 404, body = Problem)))]
async fn load(ReadContext(ctx): ReadContext) -> Answer<WorkspaceResponse> {
    Ok(Reply::ok(WorkspaceResponse::inside(&ctx)).at(ctx.revision()))
}

/// What to change about a workspace; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateWorkspaceRequest {
    name: Option<String>,
    slug: Option<String>,
}

/// Rename a workspace.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = UpdateWorkspaceRequest,
    responses((status = 200, body = WorkspaceResponse), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn change(
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateWorkspaceRequest>,
) -> Answer<WorkspaceResponse> {
    ctx.settings().update_general(&GeneralChange { name: ask.name, slug: ask.slug }).await?;
    Ok(Reply::ok(WorkspaceResponse::inside(&ctx)).at(ctx.revision()))
}

/// A word that confirms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteWorkspaceRequest {
    /// The slug of the workspace, exactly.
    #[serde(default)]
    confirm: String,
}

/// Delete a workspace. It can be restored for thirty days.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = DeleteWorkspaceRequest,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn delete(
    WriteContextWith(mut ctx, ask): WriteContextWith<DeleteWorkspaceRequest>,
) -> Answer<()> {
    ctx.workspace().delete(&ask.confirm).await?;
    Ok(Reply::done())
}

/// Take the deletion of a workspace back.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/restore", tag = "Workspaces",
    responses((status = 200, body = WorkspaceResponse), (status = 404, body = Problem)))]
async fn restore(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
) -> Answer<WorkspaceResponse> {
    let workspace = web.app.workspaces().restore(&principal, &ws).await?;
    Ok(Reply::ok(WorkspaceResponse::of(&workspace)).at(workspace.revision))
}

/// Oneself in a workspace.
#[derive(Serialize, ToSchema)]
struct MyMembershipResponse {
    #[serde(flatten)]
    member: super::member::MemberResponse,
    /// Everything that one may do, with how far and why.
    grants: Vec<MemberRight>,
    /// What the sidebar shows, in its order.
    navigation: Vec<String>,
    /// Where one lands.
    landing_page: Option<String>,
}

/// Oneself in a workspace: role, rights, navigation.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/me", tag = "Workspaces",
    responses((status = 200, body = MyMembershipResponse), (status = 404, body = Problem)))]
async fn myself(ReadContext(mut ctx): ReadContext) -> Answer<MyMembershipResponse> {
    let own = ctx.workspace().own_membership().await?;
    let view = MyMembershipResponse {
        member: super::member::MemberResponse::of(&ctx, &own.member),
        grants: own.rights.iter().map(MemberRight::of).collect(),
        navigation: own.navigation,
        landing_page: own.landing,
    };
    Ok(Reply::ok(view).at(ctx.revision()))
}

/// Leave a workspace.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/leave", tag = "Workspaces",
    responses((status = 204), (status = 409, body = Problem)))]
async fn leave(WriteContext(mut ctx): WriteContext) -> Answer<()> {
    ctx.members().leave().await?;
    Ok(Reply::done())
}

/// To whom something is handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferRequest {
    /// A member's id.
    pub(crate) to: String,
}

/// Hand ownership over.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/ownership", tag = "Workspaces", request_body = TransferRequest,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn transfer_ownership(
    WriteContextWith(mut ctx, ask): WriteContextWith<TransferRequest>,
) -> Answer<()> {
    ctx.ownership().transfer(field_id("/to", &ask.to)?).await?;
    Ok(Reply::done().at(ctx.revision()))
}
