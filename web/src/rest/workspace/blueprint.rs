//! The access model of a workspace over HTTP: get it, compare it with another one, replace it.

use hallpass_app::blueprint::{
    AccessChange, BlueprintComparison, BlueprintMisfit, BlueprintSource, BlueprintText,
};
use hallpass_engine::RuleChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::extract::context::{PreparedContextWith, ReadContext, ReadContextWith};
use crate::extract::{Params, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, PageParams, Reply};
use crate::rest::preview::response::position;
use crate::state::Web;

/// The name of the list of members in cursors.
const LIST: &str = "blueprint";

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(load, replace)).routes(routes!(compare))
}

/// The access model of a workspace.
#[derive(Serialize, ToSchema)]
struct WorkspaceBlueprintResponse {
    /// The id.
    #[schema(value_type = scalar::Key)]
    id: String,
    /// The name.
    name: String,
    /// The text of the blueprint (TOML).
    text: String,
    /// Whether the server ships another version of it, to which the workspace can be upgraded.
    has_upgrade: bool,
}

impl From<BlueprintText> for WorkspaceBlueprintResponse {
    fn from(blueprint: BlueprintText) -> WorkspaceBlueprintResponse {
        let BlueprintText { id, name, text, has_upgrade } = blueprint;
        WorkspaceBlueprintResponse { id, name, text, has_upgrade }
    }
}

/// Another access model. `blueprint` and `blueprint_text` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompareBlueprintRequest {
    /// The id of a blueprint that ships; `standard` if both are absent.
    #[schema(value_type = Option<scalar::Key>)]
    blueprint: Option<String>,
    /// The text of your own blueprint (TOML).
    #[schema(max_length = 1_000_000)]
    blueprint_text: Option<String>,
}

/// Another access model in place of the present one. `blueprint` and `blueprint_text` exclude each
/// other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplaceBlueprintRequest {
    /// The id of a blueprint that ships; `standard` if both are absent.
    #[schema(value_type = Option<scalar::Key>)]
    blueprint: Option<String>,
    /// The text of your own blueprint (TOML).
    #[schema(max_length = 1_000_000)]
    blueprint_text: Option<String>,
    /// The `id` of the comparison with it.
    #[schema(max_length = 100)]
    comparison: String,
}

/// A comparison of the access model of a workspace with another one.
#[derive(Serialize, ToSchema)]
struct BlueprintComparisonResponse {
    /// What was compared: the other text, and the workspace at its present revision.
    id: String,
    /// The id of the other access model.
    #[schema(value_type = scalar::Key)]
    blueprint: String,
    /// Whether the other access model can replace the present one.
    fits: bool,
    /// What in the workspace does not fit the other access model.
    misfits: Vec<String>,
    /// The rules that differ and that no permission of a member shows: who gives or changes the holders
    /// of a role, what moves a record between stages, what a switch does. Of roles, record types,
    /// stages, switches and presets that both have; on the first page.
    rules: Vec<RuleChangeResponse>,
    /// How many members gain or lose anything.
    #[schema(minimum = 0)]
    members: usize,
    /// What the members of the page gain and lose, the largest change first.
    changes: Vec<AccessChangeResponse>,
    /// The cursor of the next page of members; null on the last one.
    #[schema(value_type = Option<scalar::Cursor>)]
    next_cursor: Option<String>,
}

/// A rule that the access models have otherwise.
#[derive(Serialize, ToSchema)]
struct RuleChangeResponse {
    /// The place of the rule in the format of blueprints, such as `roles.manager.given_by`.
    rule: String,
    /// What the present access model says; empty when it says nothing.
    before: String,
    /// What the other access model says; empty when it says nothing.
    after: String,
}

impl From<RuleChange> for RuleChangeResponse {
    fn from(change: RuleChange) -> RuleChangeResponse {
        let RuleChange { rule, before, after } = change;
        RuleChangeResponse { rule, before, after }
    }
}

/// What a member gains or loses.
#[derive(Serialize, ToSchema)]
struct AccessChangeResponse {
    /// The id of the member.
    #[schema(value_type = scalar::MemberId)]
    member: String,
    /// Their name.
    name: String,
    /// The key of the resource; the name of an area where another resource covers it.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action; the verb where an area or a verb of a record type takes another action.
    #[schema(value_type = scalar::Key)]
    action: String,
    /// The reach at present, such as `own + assigned`.
    before: String,
    /// The reach with the other access model.
    after: String,
}

impl From<AccessChange> for AccessChangeResponse {
    fn from(change: AccessChange) -> AccessChangeResponse {
        AccessChangeResponse {
            member: change.member.to_string(),
            name: change.name,
            resource: change.resource,
            action: change.action,
            before: change.before,
            after: change.after,
        }
    }
}

impl From<BlueprintComparison> for BlueprintComparisonResponse {
    fn from(found: BlueprintComparison) -> BlueprintComparisonResponse {
        BlueprintComparisonResponse {
            id: found.id,
            blueprint: found.blueprint,
            fits: found.misfits.is_empty(),
            misfits: found.misfits.iter().flat_map(BlueprintMisfit::sentences).collect(),
            rules: found.rules.into_iter().map(RuleChangeResponse::from).collect(),
            members: found.members,
            changes: found.changes.into_iter().map(AccessChangeResponse::from).collect(),
            next_cursor: found
                .next
                .map(|(changes, member)| cursor::write(LIST, &(changes, member.to_string()))),
        }
    }
}

/// Get the access model
///
/// Gets the access model of the workspace as text, and whether the server ships another version
/// of it. Requires `blueprint: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/blueprint", tag = "Access model",
    responses((status = 200, body = WorkspaceBlueprintResponse),
        (status = 403, description = "`denied`: the caller may not read the access model.")))]
async fn load(ReadContext(mut ctx): ReadContext) -> Answer<WorkspaceBlueprintResponse> {
    let found = ctx.blueprint().load().await?;
    Ok(Reply::ok(found.into()).at(ctx.revision()))
}

/// Compare access models
///
/// Compares the access model of the workspace with another one: what in the workspace does not fit
/// it, and what each member would gain and lose, a page of members at a time, also where permissions stay
/// and mean something else: an area that another resource covers, or a verb of a record type that is
/// another action. The first page also lists the rules that differ. Changes nothing. Requires `blueprint: read`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/blueprint/compare", tag = "Access model", params(PageParams),
    request_body = CompareBlueprintRequest,
    responses((status = 200, body = BlueprintComparisonResponse),
        (status = 403, description = "`denied`: the caller may not read the access model.")))]
async fn compare(
    Params(page): Params<PageParams>,
    ReadContextWith(mut ctx, ask): ReadContextWith<CompareBlueprintRequest>,
) -> Answer<BlueprintComparisonResponse> {
    let source = BlueprintSource { id: ask.blueprint, text: ask.blueprint_text };
    let after = page.cursor.as_deref().map(|cursor| position(LIST, cursor)).transpose()?;
    let found = ctx.blueprint().compare(&source, after, limit(page.limit)?).await?;
    Ok(Reply::ok(found.into()).at(ctx.revision()))
}

/// Replace the access model
///
/// Replaces the access model by one that was compared with it, all or nothing: members, roles,
/// profiles, teams, record types, records, open invitations and the scopes of API keys must fit it. The old and the new text
/// are in the audit log. Requires `blueprint: update` and the top role.
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/blueprint", tag = "Access model",
    request_body = ReplaceBlueprintRequest,
    responses((status = 200, body = WorkspaceBlueprintResponse),
        (status = 403, description = "`denied`, or `top_role_only`: the caller does not hold the top role."),
        (status = 409, description = "`comparison_outdated`: the text is not the one that was compared, or the workspace has changed since.")))]
async fn replace(
    PreparedContextWith(mut ctx, entry, ask): PreparedContextWith<ReplaceBlueprintRequest>,
) -> Answer<WorkspaceBlueprintResponse> {
    let source = BlueprintSource { id: ask.blueprint, text: ask.blueprint_text };
    // Compiling keeps no one from writing.
    ctx.blueprint().prepare(&source, &ask.comparison).await?;
    drop(ctx);
    let mut ctx = entry.enter().await?;
    let replaced = ctx.blueprint().replace(&source, &ask.comparison).await?;
    Ok(Reply::ok(replaced.into()).at(ctx.revision()))
}
