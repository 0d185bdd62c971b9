//! Workspaces over HTTP: create, look at, rename, delete, restore; oneself in one; leaving.

mod blueprint;
mod deleted;
mod export;
mod sample;

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
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Body, Path, SignedIn, field_id};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(load, change, delete))
        .routes(routes!(restore))
        .merge(deleted::routes())
        .routes(routes!(myself))
        .routes(routes!(leave))
        .routes(routes!(transfer_ownership))
        .merge(blueprint::routes())
        .merge(export::routes())
        .merge(sample::routes())
}

/// A new workspace. `blueprint` and `blueprint_text` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateWorkspaceRequest {
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// The slug.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The id of a blueprint; `standard` if absent.
    #[schema(value_type = Option<scalar::Key>)]
    blueprint: Option<String>,
    /// The text of your own blueprint (TOML).
    #[schema(max_length = 1_000_000)]
    blueprint_text: Option<String>,
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkspaceResponse {
    /// The id.
    #[schema(value_type = scalar::WorkspaceId)]
    id: String,
    /// The slug.
    #[schema(value_type = scalar::Slug)]
    slug: String,
    /// The name.
    #[schema(value_type = scalar::Name)]
    name: String,
    /// When it was created.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// The revision; it increases with each change of access.
    #[schema(minimum = 0)]
    revision: i64,
    /// The access model; only for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = BlueprintRef)]
    blueprint: Option<BlueprintRef>,
    /// The logo; only where one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::Picture)]
    logo: Option<String>,
    /// The handbook; only where one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    handbook: Option<String>,
    /// The language of people who have chosen none; only where one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = scalar::Locale)]
    locale: Option<String>,
    /// The currency of amounts; only where one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// The time zone of months, mails and exported dates; only where one is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, max_length = 64)]
    time_zone: Option<String>,
    /// How it looks; only for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Branding)]
    branding: Option<Branding>,
    /// What members may do without the operator; only for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = SelfServeRights)]
    self_serve: Option<SelfServeRights>,
    /// How to reach the operator; only for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    operator_contact: Option<String>,
}

/// What members may do without the operator, if their role allows it.
#[derive(Serialize, ToSchema)]
struct SelfServeRights {
    /// Create further workspaces.
    create: bool,
    /// Delete this workspace.
    delete: bool,
    /// Export this workspace.
    export: bool,
    /// Change the texts of its mails.
    mail_templates: bool,
}

impl SelfServeRights {
    fn of(ctx: &WorkspaceContext) -> SelfServeRights {
        let SelfServe { create, delete, export, mail_templates } = ctx.self_serve();
        SelfServeRights { create, delete, export, mail_templates }
    }
}

/// How a workspace looks.
#[derive(Serialize, ToSchema)]
struct Branding {
    /// The colour, as `#rrggbb`.
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$")]
    colour: Option<String>,
    /// The logo.
    #[schema(value_type = Option<scalar::Picture>)]
    logo: Option<String>,
}

/// The access model of a workspace.
#[derive(Serialize, ToSchema)]
struct BlueprintRef {
    /// The id of the blueprint.
    id: String,
    /// The name of the blueprint.
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
            handbook: None,
            locale: None,
            currency: None,
            time_zone: None,
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
            handbook: text("general", "handbook"),
            locale: text("general", "locale"),
            currency: text("general", "currency"),
            time_zone: text("general", "time_zone"),
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

/// Create a workspace
///
/// Creates a workspace with the access model of a blueprint: one that ships (`blueprint`) or
/// your own text (`blueprint_text`). The caller gets its top role, and becomes its billing
/// contact if there is one.
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "Workspaces", request_body = CreateWorkspaceRequest,
    responses((status = 201, body = WorkspaceResponse),
        (status = 403, description = "`not_self_serve`: only the operator creates workspaces here. `not_by_key`: an API key cannot create workspaces."),
        (status = 409, description = "`slug_taken`: a workspace has this slug.")))]
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

/// Get a workspace
///
/// Gets a workspace that the caller is a member of, with its access model, branding and what
/// members may do without the operator.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}", tag = "Workspaces",
    responses((status = 200, body = WorkspaceResponse)))]
async fn load(ReadContext(ctx): ReadContext) -> Answer<WorkspaceResponse> {
    let revision = ctx.revision();
    Ok(Reply::ok(WorkspaceResponse::inside(&ctx)).at(revision).version(revision))
}

/// Changes to a workspace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateWorkspaceRequest {
    /// Another name.
    #[schema(value_type = Option<scalar::Name>)]
    name: Option<String>,
    /// Another slug.
    #[schema(value_type = Option<scalar::Slug>)]
    slug: Option<String>,
}

/// Update a workspace
///
/// Changes name or slug. The old slug leads on to the workspace for 90 days and is free to no other
/// until then; ids stay. Requires `general: update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = UpdateWorkspaceRequest,
    responses((status = 200, body = WorkspaceResponse),
        (status = 403, description = "`denied`: the caller may not change the general settings."),
        (status = 409, description = "`slug_taken`: a workspace has this slug.")))]
async fn change(
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateWorkspaceRequest>,
) -> Answer<WorkspaceResponse> {
    ctx.settings().update_general(&GeneralChange { name: ask.name, slug: ask.slug }).await?;
    let revision = ctx.revision();
    Ok(Reply::ok(WorkspaceResponse::inside(&ctx)).at(revision).version(revision))
}

/// The confirmation that the workspace is to be deleted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteWorkspaceRequest {
    /// The slug of the workspace, exactly.
    #[serde(default)]
    #[schema(value_type = scalar::Slug, required = true)]
    confirm: String,
}

/// Delete a workspace
///
/// Deletes a workspace for everyone. It can be restored for 30 days; after that it is deleted
/// permanently. Requires `workspace: delete`.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = DeleteWorkspaceRequest,
    responses((status = 204),
        (status = 403, description = "`denied`, or `not_self_serve`: only the operator deletes workspaces here."),
        (status = 422, description = "`not_confirmed`: `confirm` is not exactly the slug of the workspace.")))]
async fn delete(
    WriteContextWith(mut ctx, ask): WriteContextWith<DeleteWorkspaceRequest>,
) -> Answer<()> {
    ctx.workspace().delete(&ask.confirm).await?;
    Ok(Reply::done())
}

/// Restore a workspace
///
/// Undoes the deletion of a workspace within 30 days. Requires that the caller could delete it.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/restore", tag = "Workspaces",
    responses((status = 200, body = WorkspaceResponse),
        (status = 403, description = "`denied`: the caller may not restore the workspace."),
        (status = 404, description = "No workspace that the caller could restore has this slug or id."),
        (status = 409, description = "`slug_taken`: another workspace uses the slug now.")))]
async fn restore(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
) -> Answer<WorkspaceResponse> {
    let workspace = web.app.workspaces().restore(&principal, &ws).await?;
    Ok(Reply::ok(WorkspaceResponse::of(&workspace)).at(workspace.revision))
}

/// Your membership of a workspace.
#[derive(Serialize, ToSchema)]
struct MyMembershipResponse {
    #[serde(flatten)]
    member: super::member::MemberResponse,
    /// Your effective permissions.
    grants: Vec<MemberRight>,
    /// The keys of the resources that the navigation shows, in order.
    navigation: Vec<String>,
    /// The key of the page to start on.
    landing_page: Option<String>,
}

/// Get your membership
///
/// Gets your own membership of a workspace: role, effective permissions, the entries of the
/// navigation and the page to start on.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/me", tag = "Workspaces",
    responses((status = 200, body = MyMembershipResponse)))]
async fn myself(ReadContext(mut ctx): ReadContext) -> Answer<MyMembershipResponse> {
    let own = ctx.workspace().own_membership().await?;
    let view = MyMembershipResponse {
        member: super::member::MemberResponse::of(&ctx, &own.member),
        grants: own.rights.iter().map(MemberRight::of).collect(),
        navigation: own.navigation,
        landing_page: own.landing,
    };
    Ok(Reply::ok(view).at(ctx.revision()).version(own.member.version))
}

/// Leave a workspace
///
/// Ends your own membership. Your records keep you as their owner until they are reassigned.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/leave", tag = "Workspaces",
    responses((status = 204),
        (status = 409, description = "`last_top_role`, `billing_contact_stays`, `no_self_removal`, or `no_such_verb`: the access model does not let members leave.")))]
async fn leave(WriteContext(mut ctx): WriteContext) -> Answer<()> {
    ctx.members().leave().await?;
    Ok(Reply::done())
}

/// The member who takes over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferRequest {
    /// The id of an active member.
    #[schema(value_type = scalar::MemberId)]
    pub(crate) to: String,
}

/// Transfer ownership
///
/// Gives the top role to another active member; the caller gets the next role below it.
/// Requires `ownership: transfer`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/ownership", tag = "Workspaces", request_body = TransferRequest,
    responses((status = 204),
        (status = 403, description = "`denied`, or `may_not_give`: the caller does not hold the role."),
        (status = 409, description = "`no_such_layer` or `stale`: ownership was transferred at the same time.")))]
async fn transfer_ownership(
    WriteContextWith(mut ctx, ask): WriteContextWith<TransferRequest>,
) -> Answer<()> {
    ctx.ownership().transfer(field_id("/to", &ask.to)?).await?;
    Ok(Reply::done().at(ctx.revision()))
}
