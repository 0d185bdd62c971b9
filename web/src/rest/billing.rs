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
use crate::error::Problem;
use crate::extract::context::{ReadContext, WriteContext, WriteContextWith};
use crate::extract::{IfMatch, Params, field_id, limit};
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

/// What a workspace pays for.
#[derive(Serialize, ToSchema)]
struct BillingResponse {
    /// The plan that counts now.
    plan: Option<PlanRef>,
    /// `trialing`, `active`, `past_due` or `cancelled`.
    state: String,
    /// When it renews; when it ends, once it is cancelled.
    renews_at: Option<String>,
    company: String,
    address: String,
    vat: String,
    /// How it is paid.
    payment_method: Option<Card>,
    /// Who gets invoices and alerts; null where nobody does, or there is no such post.
    contact: Option<BillingContact>,
    /// Whether there is no active billing contact where there should be one: others get the mail.
    vacant: bool,
    version: i64,
}

/// A plan.
#[derive(Serialize, ToSchema)]
struct PlanRef {
    key: String,
    name: String,
}

impl PlanRef {
    fn of(plan: &Plan) -> PlanRef {
        PlanRef { key: plan.key.clone(), name: plan.name.clone() }
    }
}

/// A card, as people see it.
#[derive(Serialize, ToSchema)]
struct Card {
    brand: String,
    last4: String,
    expires_month: i64,
    expires_year: i64,
}

/// The billing contact.
#[derive(Serialize, ToSchema)]
struct BillingContact {
    /// The member.
    id: String,
    name: String,
    email: String,
    /// `active` or `inactive`.
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
            version: billing.version,
        }
    }
}

fn reply(told: &BillingOverview, revision: i64) -> Reply<BillingResponse> {
    Reply::ok(BillingResponse::of(told)).at(revision).version(told.billing.version)
}

/// What a workspace pays for, and who gets the bills.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/billing", tag = "Billing",
    responses((status = 200, body = BillingResponse), (status = 403, body = Problem)))]
async fn load(ReadContext(mut ctx): ReadContext) -> Answer<BillingResponse> {
    let told = ctx.billing().load().await?;
    Ok(reply(&told, ctx.revision()))
}

/// To whom bills are written; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateBillingRequest {
    company: Option<String>,
    address: Option<String>,
    /// The VAT number.
    vat: Option<String>,
}

/// Change to whom bills are written.
#[utoipa::path(patch, path = "/api/v1/workspaces/{ws}/billing", tag = "Billing", request_body = UpdateBillingRequest,
    responses((status = 200, body = BillingResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn change(
    IfMatch(version): IfMatch,
    WriteContextWith(mut ctx, ask): WriteContextWith<UpdateBillingRequest>,
) -> Answer<BillingResponse> {
    let change = DetailsChange { company: ask.company, address: ask.address, vat: ask.vat };
    let told = ctx.billing().update(&change, version).await?;
    Ok(reply(&told, ctx.revision()))
}

/// Another plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePlanRequest {
    /// Its key.
    plan: String,
}

/// Go to another plan.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/plan", tag = "Billing", request_body = ChangePlanRequest,
    responses((status = 200, body = BillingResponse), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn change_plan(
    WriteContextWith(mut ctx, ask): WriteContextWith<ChangePlanRequest>,
) -> Answer<BillingResponse> {
    let told = ctx.billing().change_plan(&ask.plan).await?;
    Ok(reply(&told, ctx.revision()))
}

/// Cancel the subscription. The workspace and its data stay.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/cancel", tag = "Billing",
    responses((status = 200, body = BillingResponse), (status = 403, body = Problem), (status = 409, body = Problem)))]
async fn cancel(WriteContext(mut ctx): WriteContext) -> Answer<BillingResponse> {
    let told = ctx.billing().cancel().await?;
    Ok(reply(&told, ctx.revision()))
}

/// How many invoices.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InvoiceParams {
    /// 1 to 200.
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// An invoice.
#[derive(Serialize, ToSchema)]
struct InvoiceResponse {
    id: String,
    /// Null while it is a draft.
    number: Option<String>,
    /// In the currency's smallest unit.
    amount: i64,
    currency: String,
    /// The amount as people write it.
    shown: String,
    /// `draft`, `open`, `paid`, `uncollectible` or `void`.
    state: String,
    issued_at: String,
    due_at: Option<String>,
    paid_at: Option<String>,
    /// Where it can be seen and paid.
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

/// The invoices, the latest first.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/billing/invoices", tag = "Billing", params(InvoiceParams),
    responses((status = 200, body = Page<InvoiceResponse>), (status = 403, body = Problem)))]
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
    Ok(Reply::ok(Page { items, next_cursor, total: Some(total) }).at(ctx.revision()))
}

/// Hand the billing contact over.
#[utoipa::path(post, path = "/api/v1/workspaces/{ws}/billing/contact", tag = "Billing", request_body = TransferRequest,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn transfer(
    WriteContextWith(mut ctx, ask): WriteContextWith<TransferRequest>,
) -> Answer<()> {
    ctx.billing().transfer(field_id("/to", &ask.to)?).await?;
    Ok(Reply::done().at(ctx.revision()))
}

/// What needs a plan here.
#[derive(Serialize, ToSchema)]
struct EntitlementsResponse {
    /// The plan that counts now.
    plan: Option<PlanRef>,
    items: Vec<PlanFeature>,
}

/// Something that needs a plan.
#[derive(Serialize, ToSchema)]
struct PlanFeature {
    /// What it is: `sso`.
    key: String,
    /// Whether the workspace has it.
    included: bool,
    /// The smallest plan that has it; null when it is not sold.
    from: Option<PlanRef>,
}

/// What needs a plan here, and whether the workspace has it.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/entitlements", tag = "Billing",
    responses((status = 200, body = EntitlementsResponse), (status = 404, body = Problem)))]
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
