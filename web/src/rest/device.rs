//! Trusted devices over HTTP: list, revoke.

use axum::extract::State;
use hallpass_domain::device::Device;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Params, Path, SignedIn, id};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, PageParams, Reply};
use crate::state::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(revoke))
}

/// A device from which you sign in without a second factor.
#[derive(Serialize, ToSchema)]
struct DeviceResponse {
    /// The id.
    #[schema(value_type = scalar::DeviceId)]
    id: String,
    /// The `User-Agent` that was remembered.
    client: String,
    /// When it was remembered.
    #[schema(value_type = scalar::Timestamp)]
    created_at: String,
    /// When it last signed in.
    #[schema(value_type = scalar::Timestamp)]
    seen_at: String,
    /// From when on the second factor is needed again.
    #[schema(value_type = scalar::Timestamp)]
    expires_at: String,
}

impl DeviceResponse {
    fn of(device: Device) -> DeviceResponse {
        DeviceResponse {
            id: device.id.to_string(),
            created_at: device.created_at.to_string(),
            seen_at: device.seen_at.to_string(),
            expires_at: device.expires_at().to_string(),
            client: device.client,
        }
    }
}

/// List your trusted devices
///
/// Lists the devices from which your account signs in without a second factor, the latest first.
#[utoipa::path(get, path = "/api/v1/me/devices", tag = "Sessions", params(PageParams),
    responses((status = 200, body = Page<DeviceResponse>),
        (status = 403, description = "`not_by_key`.")))]
async fn list(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Params(ask): Params<PageParams>,
) -> Answer<Page<DeviceResponse>> {
    let devices = web.app.devices().list(&principal).await?;
    let items = devices.into_iter().map(DeviceResponse::of).collect();
    Ok(Reply::ok(Page::part("devices", &ask, items, |one| &one.id)?))
}

/// Revoke a trusted device
///
/// Its next sign-in needs the second factor. Its session, if it has one, goes on.
#[utoipa::path(delete, path = "/api/v1/me/devices/{id}", tag = "Sessions",
    responses((status = 204),
        (status = 403, description = "`not_by_key`.")))]
async fn revoke(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(device): Path<String>,
) -> Answer<()> {
    web.app.devices().revoke(&principal, id(&device, "device")?).await?;
    Ok(Reply::done())
}
