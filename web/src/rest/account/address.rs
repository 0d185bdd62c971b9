//! Another address for an account, over HTTP.

use axum::extract::State;
use hallpass_app::account::address::Agreement;
use hallpass_app::secret::Token;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::{Anyone, Body, Client, Path, RequestId, SignedIn};
use crate::openapi::scalar;
use crate::reply::{Answer, Reply};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(change_address))
        .routes(routes!(agree_to_address, refuse_address))
}

/// The new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAddressRequest {
    /// The address that the account is to get.
    #[schema(value_type = scalar::Email)]
    email: String,
}

/// What an agreement has led to.
#[derive(Serialize, ToSchema)]
struct AgreementResponse {
    /// Whether the address is changed; otherwise the other mailbox has not agreed yet.
    changed: bool,
}

/// Request another address
///
/// Mails a link to the new address and one to the present address. The address is changed once both were
/// followed, within a day. A later request takes the place of an earlier one.
///
/// The response is the same whether or not the new address has an account. An address that was never
/// confirmed is not asked. Requires a sign-in of the last 15 minutes. At
/// most 5 mails per hour are sent to an address at the
/// request of a network.
#[utoipa::path(post, path = "/api/v1/me/email", tag = "Accounts", request_body = ChangeAddressRequest,
    responses((status = 204),
        (status = 403, description = "`not_by_key`: an API key has no address; sign in."),
        (status = 422, description = "`bad_email`, `same_address`, or `domain_not_allowed` with the workspace that does not admit it.")))]
async fn change_address(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Client(origin): Client,
    Body(ask): Body<ChangeAddressRequest>,
) -> Answer<()> {
    web.app.accounts().request_address_change(&principal, &ask.email, &origin).await?;
    Ok(Reply::done())
}

/// Confirm a change of address
///
/// Agrees to a change of address with the token of the link in a mail. Once both mailboxes have agreed, the
/// address is changed, in the account and in its memberships. Every other session and every link of the
/// account ends.
#[utoipa::path(post, path = "/api/v1/address-changes/{token}", tag = "Accounts", security(()),
    responses((status = 200, body = AgreementResponse),
        (status = 409, description = "`dead_link`: the token is unknown, was used or has expired; `address_taken`: another account has confirmed the address since."),
        (status = 422, description = "`domain_not_allowed`: a workspace of the account does not admit the address.")))]
async fn agree_to_address(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    RequestId(request): RequestId,
    Path(token): Path<String>,
) -> Answer<AgreementResponse> {
    let link = Token::received(&token);
    let agreed =
        web.app.accounts().agree_to_address(principal.as_ref(), &link, &request).await?;
    Ok(Reply::ok(AgreementResponse { changed: agreed == Agreement::Changed }))
}

/// Cancel a change of address
///
/// Ends a change of address with the token of the link in a mail. With the link to the present address,
/// every session of the account ends too, since another person may have asked for the change. Limited to 60
/// requests per minute and address.
#[utoipa::path(delete, path = "/api/v1/address-changes/{token}", tag = "Accounts", security(()),
    responses((status = 204),
        (status = 409, description = "`dead_link`: the token is unknown, was used or has expired.")))]
async fn refuse_address(State(web): State<Web>, Path(token): Path<String>) -> Answer<()> {
    web.app.accounts().refuse_address(&Token::received(&token)).await?;
    Ok(Reply::done())
}
