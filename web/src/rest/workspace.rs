//! Workspaces over HTTP: create, look at, rename, delete, restore; oneself in one; leaving.

mod export;

use axum::extract::State;
use hallpass_app::setting::GeneralChange;
use hallpass_app::visit::Visit;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::SelfServe;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::RightView;
use crate::error::Problem;
use crate::extract::visit::Inside;
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
struct WorkspaceAsked {
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
pub(crate) struct WorkspaceView {
    id: String,
    slug: String,
    name: String,
    /// When it was made.
    created_at: String,
    /// Goes up with each change of access.
    revision: i64,
    /// The access model, where one can look into the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    blueprint: Option<BlueprintOf>,
    /// A picture as a `data:` address.
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<String>,
    /// How it looks to its members.
    #[serde(skip_serializing_if = "Option::is_none")]
    branding: Option<BrandingView>,
    /// What members may do without the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    self_serve: Option<SelfServeView>,
    /// Whom to ask for the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_contact: Option<String>,
}

/// What members may do without the operator, if their role lets them.
#[derive(Serialize, ToSchema)]
struct SelfServeView {
    /// Create further workspaces.
    create: bool,
    /// Delete this one.
    delete: bool,
    /// Export it.
    export: bool,
    /// Write the texts of its mails.
    mail_templates: bool,
}

impl SelfServeView {
    fn of(visit: &Visit) -> SelfServeView {
        let SelfServe { create, delete, export, mail_templates } = visit.self_serve();
        SelfServeView { create, delete, export, mail_templates }
    }
}

/// How a workspace looks to its members.
#[derive(Serialize, ToSchema)]
struct BrandingView {
    /// `#rrggbb`, or null.
    colour: Option<String>,
    /// A picture as a `data:` address, or null.
    logo: Option<String>,
}

/// The access model of a workspace.
#[derive(Serialize, ToSchema)]
struct BlueprintOf {
    id: String,
    name: String,
}

impl WorkspaceView {
    fn of(workspace: &Workspace) -> WorkspaceView {
        WorkspaceView {
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

    fn inside(visit: &Visit) -> WorkspaceView {
        let (snapshot, blueprint) = (visit.snapshot(), visit.model().blueprint());
        let blueprint =
            Some(BlueprintOf { id: blueprint.id.clone(), name: blueprint.name.clone() });
        let revision = visit.revision();
        let text = |area: &str, key: &str| {
            let area = snapshot.workspace.settings.get(area)?;
            area.get(key)?.as_str().map(str::to_owned)
        };
        WorkspaceView {
            revision,
            blueprint,
            logo: text("general", "logo"),
            branding: Some(BrandingView {
                colour: text("branding", "colour"),
                logo: text("branding", "logo"),
            }),
            self_serve: Some(SelfServeView::of(visit)),
            operator_contact: Some(visit.operator_contact().to_owned()),
            ..WorkspaceView::of(&snapshot.workspace)
        }
    }
}

/// Create a workspace.
#[utoipa::path(post, path = "/api/v1/workspaces", tag = "Workspaces", request_body = WorkspaceAsked,
    responses((status = 201, body = WorkspaceView), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Body(ask): Body<WorkspaceAsked>,
) -> Answer<WorkspaceView> {
    let ask = NewWorkspace {
        name: ask.name,
        slug: ask.slug,
        blueprint: ask.blueprint,
        blueprint_text: ask.blueprint_text,
    };
    let workspace = web.house.create_workspace(&caller, &ask).await?;
    Ok(Reply::created(WorkspaceView::of(&workspace)).at(workspace.revision))
}

/// A workspace in which one is.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}", tag = "Workspaces",
    responses((status = 200, body = WorkspaceView), (status = 404, body = Problem)))]
async fn load(Inside(visit): Inside) -> Answer<WorkspaceView> {
    Ok(Reply::ok(WorkspaceView::inside(&visit)).at(visit.revision()))
}

/// What to change about a workspace; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WorkspaceChange {
    name: Option<String>,
    slug: Option<String>,
}

/// Rename a workspace.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = WorkspaceChange,
    responses((status = 200, body = WorkspaceView), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn change(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<WorkspaceChange>,
) -> Answer<WorkspaceView> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.change_general(&GeneralChange { name: ask.name, slug: ask.slug }).await?;
    Ok(Reply::ok(WorkspaceView::inside(&visit)).at(visit.revision()))
}

/// A word that confirms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// The slug of the workspace, exactly.
    #[serde(default)]
    confirm: String,
}

/// Delete a workspace. It can be restored for thirty days.
#[utoipa::path(delete, path = "/api/v1/workspaces/{ws}", tag = "Workspaces", request_body = Confirm,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn delete(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<Confirm>,
) -> Answer<()> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.delete_workspace(&ask.confirm).await?;
    Ok(Reply::done())
}

/// Take the deletion of a workspace back.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/restore", tag = "Workspaces",
    responses((status = 200, body = WorkspaceView), (status = 404, body = Problem)))]
async fn restore(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
) -> Answer<WorkspaceView> {
    let workspace = web.house.restore_workspace(&caller, &ws).await?;
    Ok(Reply::ok(WorkspaceView::of(&workspace)).at(workspace.revision))
}

/// Oneself in a workspace.
#[derive(Serialize, ToSchema)]
struct MyselfView {
    #[serde(flatten)]
    member: super::member::MemberView,
    /// Everything that one may do, with how far and why.
    grants: Vec<RightView>,
    /// What the sidebar shows, in its order.
    navigation: Vec<String>,
    /// Where one lands.
    landing_page: Option<String>,
}

/// Oneself in a workspace: role, rights, navigation.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/me", tag = "Workspaces",
    responses((status = 200, body = MyselfView), (status = 404, body = Problem)))]
async fn myself(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
) -> Answer<MyselfView> {
    let mut visit = web.house.visit(&caller, &ws).await?;
    let me = visit.myself().await?;
    let grants = visit.rights_of(me.member.id).await?;
    let view = MyselfView {
        member: super::member::MemberView::of(&visit, &me.member),
        grants: grants.iter().map(RightView::of).collect(),
        navigation: me.navigation,
        landing_page: me.landing,
    };
    let (workspace, revision) = (visit.workspace(), visit.revision());
    drop(visit);
    web.house.note_visit(&caller, workspace, me.member.id, me.member.seen_at).await?;
    Ok(Reply::ok(view).at(revision))
}

/// Leave a workspace.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/leave", tag = "Workspaces",
    responses((status = 204), (status = 409, body = Problem)))]
async fn leave(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
) -> Answer<()> {
    web.house.visit_to_write(&caller, &ws).await?.leave().await?;
    Ok(Reply::done())
}

/// To whom something is handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct To {
    /// A member's id.
    pub(crate) to: String,
}

/// Hand ownership over.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/ownership", tag = "Workspaces", request_body = To,
    responses((status = 204), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn transfer_ownership(
    State(web): State<Web>,
    SignedIn(caller): SignedIn,
    Path(ws): Path<String>,
    Body(ask): Body<To>,
) -> Answer<()> {
    let mut visit = web.house.visit_to_write(&caller, &ws).await?;
    visit.transfer_ownership(field_id("/to", &ask.to)?).await?;
    Ok(Reply::done().at(visit.revision()))
}
