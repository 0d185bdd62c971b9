//! Owners over HTTP: who can be given records of a type.

use hallpass_domain::member::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cursor;
use crate::extract::context::ReadContext;
use crate::extract::{Params, Path, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

const LIST: &str = "owners";

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A member who can own records.
#[derive(Serialize, ToSchema)]
struct OwnerResponse {
    /// The id of the member.
    #[schema(value_type = scalar::MemberId)]
    id: String,
    /// The name of the member.
    name: String,
}

impl OwnerResponse {
    fn of(member: &Member) -> OwnerResponse {
        OwnerResponse { id: member.id.to_string(), name: member.name() }
    }
}

/// Which owners, and how many.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OwnerParams {
    /// A part of the name.
    #[param(max_length = 200)]
    q: Option<String>,
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// List possible owners
///
/// Lists the active members who can own records of a type, by name. `unowned` is always
/// possible besides. Requires the action that changes owners of the record type.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/records/{entity}/owners", tag = "Records", params(OwnerParams),
    responses((status = 200, body = Page<OwnerResponse>),
        (status = 403, description = "`denied`: the caller can choose no owner."),
        (status = 409, description = "`switched_off`: the record type is switched off.")))]
async fn list(
    ReadContext(mut ctx): ReadContext,
    Path((_, entity)): Path<(String, String)>,
    Params(ask): Params<OwnerParams>,
) -> Answer<Page<OwnerResponse>> {
    let limit = limit(ask.limit)?;
    let after = ask.cursor.as_deref().map(|text| cursor::read(LIST, text)).transpose()?;
    let name = ask.q.filter(|text| !text.trim().is_empty());
    let page = ctx.records().list_owners(&entity, name, after.as_ref(), limit).await?;
    let items = page.members.iter().map(OwnerResponse::of).collect();
    let next_cursor = page.next.map(|place| cursor::write(LIST, &place));
    let page = Page::new(items, next_cursor, Some(page.total));
    Ok(Reply::ok(page).at(ctx.revision()))
}
