//! Blueprints over HTTP: the access models that a workspace can choose.

mod preset;

use hallpass_domain::blueprint;
use hallpass_engine::Blueprint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Params, Path};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(load)).merge(preset::routes())
}

/// An access model.
#[derive(Serialize, ToSchema)]
struct BlueprintResponse {
    /// The key by which a workspace chooses it.
    #[schema(value_type = scalar::Key)]
    id: String,
    /// The name.
    name: String,
    /// What it is for.
    summary: String,
    /// Its built-in roles, the highest first.
    roles: Vec<RoleSummary>,
    /// Its resources: record types, modules and settings.
    resources: Vec<ResourceSummary>,
    /// What can be done to a membership, such as `deactivate`.
    verbs: Vec<String>,
    /// The fields that an invitation can have.
    invitation_fields: Vec<String>,
    /// The layers that it uses, such as `teams`.
    layers: Vec<&'static str>,
    /// The text of the blueprint (TOML); only in the response for one blueprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    text: Option<String>,
}

/// A built-in role.
#[derive(Serialize, ToSchema)]
struct RoleSummary {
    /// The key.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name.
    name: String,
    /// The description.
    description: String,
    /// Whether a workspace always keeps an active holder of it.
    top: bool,
}

/// A resource.
#[derive(Serialize, ToSchema)]
struct ResourceSummary {
    /// The key.
    #[schema(value_type = scalar::Key)]
    key: String,
    /// The name.
    name: String,
    /// What it is.
    #[schema(value_type = scalar::ResourceKind)]
    kind: &'static str,
    /// The keys of its actions.
    actions: Vec<String>,
    /// Those of them that the server has no use case for: they are for your own app, which asks
    /// whether a member may do them.
    own_app: Vec<String>,
    /// The keys of its levels, the lowest first.
    levels: Vec<String>,
}

/// List blueprints
///
/// Lists the access models that ship with the server, without their text. No authentication is
/// needed.
#[utoipa::path(get, path = "/api/v1/blueprints", tag = "Blueprints", security(()), params(PageParams),
    responses((status = 200, body = Page<BlueprintResponse>)))]
async fn list(Params(ask): Params<PageParams>) -> Answer<Page<BlueprintResponse>> {
    let mut items = Vec::new();
    for text in blueprint::SHIPPED {
        items.push(view(text, false)?);
    }
    let page = Page::part("blueprints", &ask, items, |one| &one.id)?;
    Ok(Reply::ok(page))
}

/// Get a blueprint
///
/// Gets one access model with its text. No authentication is needed.
#[utoipa::path(get, path = "/api/v1/blueprints/{id}", tag = "Blueprints", security(()),
    responses((status = 200, body = BlueprintResponse)))]
async fn load(Path(id): Path<String>) -> Answer<BlueprintResponse> {
    let text = blueprint::find(&id).ok_or_else(|| Problem::missing("blueprint"))?;
    Ok(Reply::ok(view(text, true)?))
}

fn view(text: &str, with_text: bool) -> Result<BlueprintResponse, Problem> {
    let blueprint = Blueprint::parse(text)
        .map_err(|mistakes| hallpass_app::Error::Broken(mistakes.to_string()))?;
    let role = |role: &hallpass_engine::Role| RoleSummary {
        key: role.key.clone(),
        name: role.name.clone(),
        description: role.description.clone(),
        top: role.is_top,
    };
    let resource = |resource: &hallpass_engine::Resource| ResourceSummary {
        key: resource.key.clone(),
        name: resource.name.clone(),
        kind: resource.kind.word(),
        actions: resource.actions.iter().map(|action| action.key.clone()).collect(),
        own_app: resource.own_app().map(str::to_owned).collect(),
        levels: resource.ladder.iter().map(|rung| rung.key.clone()).collect(),
    };
    Ok(BlueprintResponse {
        roles: blueprint.roles.iter().map(role).collect(),
        resources: blueprint.resources.iter().map(resource).collect(),
        verbs: blueprint.membership.verbs.clone(),
        invitation_fields: blueprint.membership.invitation.fields.clone(),
        layers: layers(&blueprint),
        text: with_text.then(|| text.to_owned()),
        id: blueprint.id,
        name: blueprint.name,
        summary: blueprint.summary,
    })
}

fn layers(blueprint: &Blueprint) -> Vec<&'static str> {
    let all = [
        ("custom_roles", blueprint.custom_roles.is_some()),
        ("profiles", blueprint.profiles.is_some()),
        ("teams", blueprint.teams.is_some()),
        ("departments", blueprint.departments.is_some()),
        ("managers", blueprint.has_managers),
        ("visibility", blueprint.visibility.is_some()),
        ("presets", !blueprint.presets.is_empty()),
        ("billing_contact", blueprint.billing_contact.is_some()),
        ("custom_entities", blueprint.custom_entities.is_some()),
    ];
    all.into_iter().filter(|(_, is_used)| *is_used).map(|(layer, _)| layer).collect()
}
