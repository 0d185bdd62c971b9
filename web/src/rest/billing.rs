//! Billing over HTTP: the plan, to whom bills are written, invoices, the billing contact.

use hallpass_app::billing::BillingOverview;
use hallpass_domain::billing::{DetailsChange, money};
use hallpass_domain::id::InvoiceId;
use hallpass_domain::invoice::Invoice;
use hallpass_domain::plan::{Entitlement, Plan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::workspace::TransferRequest;
use crate::cursor;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{Params, field_id, limit};
use crate::openapi::scalar;
use crate::reply::{Answer, Page, Reply};
use crate::state::Web;

mod stripe;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(load, change))
        .routes(routes!(change_plan))
        .routes(routes!(cancel))
        .routes(routes!(invoices))
        .routes(routes!(transfer))
        .routes(routes!(entitlements))
        .merge(stripe::routes())
}

/// The billing details of a workspace.
#[derive(Serialize, ToSchema)]
struct BillingResponse {
    /// The plan that counts now; `null` if the server sells none.
    plan: Option<PlanRef>,
    /// The state of the subscription.
    #[schema(value_type = scalar::SubscriptionState)]
    state: String,
    /// When it renews; when it ends, once it is cancelled.
    #[schema(value_type = Option<scalar::Timestamp>)]
    renews_at: Option<String>,
    /// The company on the invoices.
    company: String,
    /// The address on the invoices, in several lines.
    address: String,
    /// The VAT number on the invoices.
    vat: String,
    /// The card that pays; `null` if there is none.
    payment_method: Option<Card>,
    /// The billing contact, who receives invoices and alerts; `null` if there is none.
    contact: Option<BillingContact>,
    /// Whether there should be a billing contact and none is active; then others receive the
    /// mail.
    vacant: bool,
    /// Where plan and payment card can be changed; `null` if the operator names no place.
    #[schema(format = "uri")]
    portal: Option<String>,
    /// The version, also in `ETag`.
    #[schema(minimum = 0)]
    version: i64,
}

/// A plan.
#[derive(Serialize, ToSchema)]
struct PlanRef {
    /// The key.
    key: String,
    /// The name.
    name: String,
}

impl PlanRef {
    fn of(plan: &Plan) -> PlanRef {
        PlanRef { key: plan.key.clone(), name: plan.name.clone() }
    }
}

/// A payment card.
#[derive(Serialize, ToSchema)]
struct Card {
    /// The brand, such as `visa`.
    brand: String,
    /// The last four digits.
    #[schema(pattern = "^[0-9]{4}$")]
    last4: String,
    /// The month in which it expires.
    #[schema(minimum = 1, maximum = 12)]
    expires_month: i64,
    /// The year in which it expires.
    #[schema(minimum = 2000, maximum = 2200)]
    expires_year: i64,
}

/// The billing contact.
#[derive(Serialize, ToSchema)]
struct BillingContact {
    /// The member.
    #[schema(value_type = scalar::MemberId)]
    id: String,
    /// The name.
    name: String,
    /// The address that receives invoices.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// Whether the member can use the workspace.
    #[schema(value_type = scalar::MemberStatus)]
    status: String,
}

impl BillingResponse {
    fn of(told: &BillingOverview) -> BillingResponse {
        let billing = &told.billing;
        let details = &billing.details;
        BillingResponse {
            plan: told.plan.as_ref().map(PlanRef::of),
            state: billing.state.word().to_owned(),
            renews_at: billing.renews_at.map(|at| at.to_string()),
            company: details.company.clone(),
            address: details.address.clone(),
            vat: details.vat.clone(),
            payment_method: billing.card.as_ref().map(|card| Card {
                brand: card.brand.clone(),
                last4: card.last4.clone(),
                expires_month: card.month,
                expires_year: card.year,
            }),
            contact: told.contact.as_ref().map(|contact| BillingContact {
                id: contact.id.to_string(),
                name: contact.name.clone(),
                email: contact.email.clone(),
                status: contact.status.word().to_owned(),
            }),
            vacant: told.is_vacant,
            portal: told.portal.clone(),
            version: billing.version,
        }
    }
}

fn reply(told: &BillingOverview, revision: i64) -> Reply<BillingResponse> {
    Reply::ok(BillingResponse::of(told)).at(revision).version(told.billing.version)
}

/// Get billing details
///
/// Gets the plan, the state of the subscription, the billing address, the payment method and
/// the billing contact. Requires `billing: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/billing", tag = "Billing",
    responses((status = 200, body = BillingResponse),
        (status = 403, description = "`denied`: the caller may not read billing.")))]
async fn load(ReadContext(mut ctx): ReadContext) -> Answer<BillingResponse> {
    let told = ctx.billing().load().await?;
    Ok(reply(&told, ctx.revision()))
}

/// Changes to the billing details.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateBillingRequest {
    /// The company on the invoices; may be empty.
    #[schema(value_type = Option<scalar::Company>)]
    company: Option<String>,
    /// The address on the invoices, in several lines; may be empty.
    #[schema(value_type = Option<scalar::BillingAddress>)]
    address: Option<String>,
    /// The VAT number on the invoices; may be empty.
    #[schema(value_type = Option<scalar::VatNumber>)]
    vat: Option<String>,
}

/// Update billing details
///
/// Changes the fields that the request names; the others keep their value. Text that could
/// contain a card number is refused (422 `card_number`). Requires `billing: update`.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/billing", tag = "Billing", request_body = UpdateBillingRequest,
    responses((status = 200, body = BillingResponse),
        (status = 403, description = "`denied`: the caller may not change billing."),
        (status = 409, description = "`stale`: billing was changed at the same time; repeat the request.")))]
async fn change(
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateBillingRequest>,
) -> Answer<BillingResponse> {
    let change = DetailsChange { company: ask.company, address: ask.address, vat: ask.vat };
    let told = ctx.billing().update(&change).await?;
    Ok(reply(&told, ctx.revision()))
}

/// Another plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePlanRequest {
    /// The key of the plan.
    #[schema(max_length = 100)]
    plan: String,
}

/// Change the plan
///
/// Moves the workspace to another plan of the server's configuration; it takes effect at once. A
/// cancelled subscription continues in the state that it had. Where the server is connected to
/// Stripe, a higher plan is paid there first (409 `payment_needed`). Requires `billing: plan`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/plan", tag = "Billing", request_body = ChangePlanRequest,
    responses((status = 200, body = BillingResponse),
        (status = 403, description = "`denied`: the caller may not change the plan."),
        (status = 409, description = "`payment_needed`: the plan has to be paid first. `stale`: billing was changed at the same time; repeat the request.")))]
async fn change_plan(
    WriteContextWith(mut ctx, ask): WriteContextWith<ChangePlanRequest>,
) -> Answer<BillingResponse> {
    let told = ctx.billing().change_plan(&ask.plan).await?;
    Ok(reply(&told, ctx.revision()))
}

/// Cancel the subscription
///
/// Cancels the subscription here; one in Stripe is cancelled there. The plan counts until
/// `renews_at`; the workspace and its data
/// stay. Requires `billing: plan`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/cancel", tag = "Billing",
    responses((status = 200, body = BillingResponse),
        (status = 403, description = "`denied`: the caller may not change the plan."),
        (status = 409, description = "`already`: the subscription is cancelled.")))]
async fn cancel(WriteContext(mut ctx): WriteContext) -> Answer<BillingResponse> {
    let told = ctx.billing().cancel().await?;
    Ok(reply(&told, ctx.revision()))
}

/// How many invoices.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InvoiceParams {
    /// The largest number of items on the page.
    #[param(value_type = Option<scalar::Limit>)]
    limit: Option<usize>,
    /// `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    cursor: Option<String>,
}

/// An invoice.
#[derive(Serialize, ToSchema)]
struct InvoiceResponse {
    /// The id.
    #[schema(value_type = scalar::InvoiceId)]
    id: String,
    /// The number; `null` while it is a draft.
    number: Option<String>,
    /// The amount in the smallest unit of the currency.
    amount: i64,
    /// The currency, such as `CHF`.
    currency: String,
    /// The amount with its currency, for people.
    shown: String,
    /// The state of the invoice.
    #[schema(value_type = scalar::InvoiceState)]
    state: String,
    /// When it was issued.
    #[schema(value_type = scalar::Timestamp)]
    issued_at: String,
    /// When it is due.
    #[schema(value_type = Option<scalar::Timestamp>)]
    due_at: Option<String>,
    /// When it was paid.
    #[schema(value_type = Option<scalar::Timestamp>)]
    paid_at: Option<String>,
    /// Where it can be seen and paid.
    #[schema(format = "uri")]
    link: Option<String>,
}

impl InvoiceResponse {
    fn of(invoice: Invoice) -> InvoiceResponse {
        InvoiceResponse {
            id: invoice.id.to_string(),
            number: Some(invoice.number).filter(|number| !number.is_empty()),
            amount: invoice.amount,
            shown: money(invoice.amount, &invoice.currency),
            currency: invoice.currency,
            state: invoice.state.word().to_owned(),
            issued_at: invoice.issued_at.to_string(),
            due_at: invoice.due_at.map(|at| at.to_string()),
            paid_at: invoice.paid_at.map(|at| at.to_string()),
            link: invoice.link,
        }
    }
}

/// List invoices
///
/// Lists the invoices of the workspace, the latest first. Requires `billing: read`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/billing/invoices", tag = "Billing", params(InvoiceParams),
    responses((status = 200, body = Page<InvoiceResponse>),
        (status = 403, description = "`denied`: the caller may not read billing.")))]
async fn invoices(
    ReadContext(mut ctx): ReadContext,
    Params(ask): Params<InvoiceParams>,
) -> Answer<Page<InvoiceResponse>> {
    let limit = limit(ask.limit)?;
    let below = match ask.cursor.as_deref() {
        Some(text) => {
            let id: String = cursor::read("invoices", text)?;
            Some(field_id::<InvoiceId>("/cursor", &id)?)
        }
        None => None,
    };
    let (invoices, has_more, total) = ctx.billing().list_invoices(below, limit).await?;
    let last = invoices.last().filter(|_| has_more);
    let next_cursor = last.map(|invoice| cursor::write("invoices", &invoice.id.to_string()));
    let items = invoices.into_iter().map(InvoiceResponse::of).collect();
    Ok(Reply::ok(Page::new(items, next_cursor, Some(total))).at(ctx.revision()))
}

/// Transfer the billing contact
///
/// Makes another active member the billing contact. Requires `billing: transfer`.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/contact", tag = "Billing", request_body = TransferRequest,
    responses((status = 204),
        (status = 403, description = "`denied` or `grant_ceiling`: the caller may not transfer billing."),
        (status = 409, description = "`no_such_layer`: the access model of this workspace has no billing contact.")))]
async fn transfer(
    WriteContextWith(mut ctx, ask): WriteContextWith<TransferRequest>,
) -> Answer<()> {
    ctx.billing().transfer(field_id("/to", &ask.to)?).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// What depends on the plan.
#[derive(Serialize, ToSchema)]
struct EntitlementsResponse {
    /// The plan that counts now.
    plan: Option<PlanRef>,
    /// The features that need a plan.
    items: Vec<PlanFeature>,
}

/// A feature that needs a plan.
#[derive(Serialize, ToSchema)]
struct PlanFeature {
    /// The key, such as `sso`.
    key: String,
    /// Whether the workspace has it.
    included: bool,
    /// The smallest plan that includes it; `null` if none does.
    from: Option<PlanRef>,
}

/// List plan features
///
/// Lists what depends on the plan, whether this workspace has it, and the smallest plan that
/// includes it. Every member may read it.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/entitlements", tag = "Billing",
    responses((status = 200, body = EntitlementsResponse)))]
async fn entitlements(ReadContext(mut ctx): ReadContext) -> Answer<EntitlementsResponse> {
    let (plan, entitlements) = ctx.billing().entitlements().await?;
    let view = |one: &Entitlement| PlanFeature {
        key: one.key.clone(),
        included: one.is_included,
        from: one.from.as_ref().map(PlanRef::of),
    };
    let items = entitlements.iter().map(view).collect();
    let told = EntitlementsResponse { plan: plan.as_ref().map(PlanRef::of), items };
    Ok(Reply::ok(told).at(ctx.revision()))
}
