//! The mapping of a connection over HTTP: which roles and teams the groups of its provider give.

use std::collections::BTreeMap;

use hallpass_app::group_mapping::{GroupMappingInput, GroupMappingOverview, GroupRuleInput};
use hallpass_app::naming::{RoleRef, TeamRef};
use hallpass_domain::connection::group::{CLAIM, GivenLevels};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::context::{ReadContext, WriteContextWith};
use crate::extract::{Path, SignedIn, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(load, replace))
}

/// What a group of the provider gives.
#[derive(Serialize, ToSchema)]
struct GroupRuleResponse {
    /// The group, as the provider sends it.
    #[schema(value_type = scalar::GroupName)]
    group: String,
    /// The role; `null` if the rule gives none.
    #[schema(value_type = Option<scalar::RoleKey>)]
    role: Option<String>,
    /// The key of the preset whose levels the rule gives; `null` if it gives none, or `levels` of its own.
    #[schema(value_type = Option<scalar::Key>)]
    preset: Option<String>,
    /// The level on each resource that the rule gives by itself.
    #[schema(value_type = BTreeMap<scalar::Key, scalar::Key>)]
    levels: BTreeMap<String, String>,
    /// The ids of the teams.
    #[schema(value_type = Vec<scalar::TeamId>)]
    teams: Vec<String>,
    /// The member who wrote the rule. It gives at most what they may give.
    #[schema(value_type = scalar::MemberId)]
    author: String,
    /// Why the rule gives nothing now; `null` if it is in force.
    #[schema(value_type = Option<scalar::RuleLapse>)]
    lapse: Option<String>,
}

/// Which roles, levels and teams the groups of a provider give.
#[derive(Serialize, ToSchema)]
struct GroupMappingResponse {
    /// The claim, or the attribute of SAML, that has the groups.
    #[schema(value_type = scalar::GroupName)]
    claim: String,
    /// The rules, in order. Of several that give a role, the first counts, and so of several that give a preset or
    /// levels; teams add up.
    rules: Vec<GroupRuleResponse>,
}

impl From<GroupMappingOverview> for GroupMappingResponse {
    fn from(overview: GroupMappingOverview) -> GroupMappingResponse {
        let GroupMappingOverview { connection, notes } = overview;
        let rules = connection.groups.rules.into_iter().zip(notes);
        let rules = rules.map(|(rule, note)| {
            let (preset, levels) = match rule.levels {
                Some(GivenLevels::Preset(key)) => (Some(key), Vec::new()),
                Some(GivenLevels::Own(levels)) => (None, levels),
                None => (None, Vec::new()),
            };
            GroupRuleResponse {
                group: rule.group,
                role: rule.role,
                preset,
                levels: levels.into_iter().collect(),
                teams: rule.teams.iter().map(ToString::to_string).collect(),
                author: rule.author.to_string(),
                lapse: note.lapse.map(|lapse| lapse.word().to_owned()),
            }
        });
        GroupMappingResponse { claim: connection.groups.claim, rules: rules.collect() }
    }
}

/// A rule for a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupRuleRequest {
    /// The group, exactly as the provider sends it: a name, or the id of the group at Microsoft.
    #[schema(value_type = scalar::GroupName)]
    group: String,
    /// The role that it gives; not the top role.
    #[schema(value_type = Option<scalar::RoleNamed>)]
    role: Option<String>,
    /// The key of a preset whose levels it gives.
    #[serde(default)]
    #[schema(value_type = Option<scalar::Key>)]
    preset: Option<String>,
    /// The level on each resource that it gives, by keys; not beside `preset`.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<scalar::Key, scalar::Key>>)]
    levels: Option<BTreeMap<String, String>>,
    /// The teams that it gives.
    #[serde(default)]
    #[schema(value_type = Option<Vec<scalar::TeamNamed>>, max_items = 50)]
    teams: Option<Vec<String>>,
}

/// The mapping of a connection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupMappingRequest {
    /// The claim, or the attribute of SAML, that has the groups; `groups` if it is left out.
    #[schema(value_type = Option<scalar::GroupName>)]
    claim: Option<String>,
    /// Every rule, in order. An empty list ends the mapping: roles and teams stay as they are.
    #[schema(max_items = 200)]
    rules: Vec<GroupRuleRequest>,
}

/// Get the mapping of groups of a connection
///
/// Returns which roles and teams the groups of the provider give. Requires `authentication: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/sso/{id}/groups", tag = "Administration",
    responses((status = 200, body = GroupMappingResponse),
        (status = 403, description = "`denied`: the caller may not read how people sign in.")))]
async fn load(
    ReadContext(mut ctx): ReadContext,
    Path((_, connection)): Path<(String, String)>,
) -> Answer<GroupMappingResponse> {
    let found = ctx.group_mappings().load(id(&connection, "connection")?).await?;
    let version = found.connection.version;
    Ok(Reply::ok(found.into()).at(ctx.revision()).version(version))
}

/// Replace the mapping of groups of a connection
///
/// A person without a membership and without an invitation joins with the role that their groups
/// give. From then on the role follows the groups at each sign-in by this connection, until another
/// member changes it; where no group gives a role any more, the membership ends. Teams follow the
/// groups for every member; those that another member gave stay. So do levels, for members who have none or
/// those that their groups gave; they count on roles that have levels.
///
/// A rule gives at most what its author may give, now and at each sign-in. Rules that are sent as they
/// are keep their author; those that have lapsed, and all rules if the claim changes, get the caller.
/// To see what a mapping would do to the people who have signed in before, preview the request
/// (`POST …/access/preview`).
///
/// Requires `authentication: update`, a recent sign-in, a plan with single sign-on, and what an
/// invitation with the same role, levels and teams requires. Not with Google Workspace, which sends no groups,
/// and not in access models where single sign-on gives no roles (`sso = "accounts only"`).
#[utoipa::path(put, path = "/api/v1/workspaces/{ws}/sso/{id}/groups", tag = "Administration", request_body = GroupMappingRequest,
    responses((status = 200, body = GroupMappingResponse),
        (status = 403, description = "`denied`, `exceeds_own`: a rule gives more than the caller may give, `plan_needed`, or `not_by_key`.")))]
async fn replace(
    SignedIn(principal): SignedIn,
    Path((_, connection)): Path<(String, String)>,
    WriteContextWith(mut ctx, ask): WriteContextWith<GroupMappingRequest>,
) -> Answer<GroupMappingResponse> {
    let rules = ask.rules.into_iter().map(|rule| GroupRuleInput {
        group: rule.group,
        role: rule.role.map(RoleRef::from),
        preset: rule.preset,
        levels: rule.levels.map(|levels| levels.into_iter().collect()),
        teams: rule.teams.unwrap_or_default().into_iter().map(TeamRef::from).collect(),
    });
    let input = GroupMappingInput {
        claim: ask.claim.unwrap_or_else(|| CLAIM.to_owned()),
        rules: rules.collect(),
    };
    let connection = id(&connection, "connection")?;
    let saved = ctx.group_mappings().replace(&principal, connection, &input).await?;
    let version = saved.connection.version;
    Ok(Reply::ok(saved.into()).at(ctx.revision()).version(version))
}
