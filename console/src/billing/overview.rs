//! The billing page: what is paid, by whom, and for what.

use askama::Template;
use axum::extract::State as Shared;
use hallpass_app::billing::BillingOverview;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ChangePlan, TransferBilling, UpdateBilling};
use hallpass_domain::billing::{DetailsChange, State, money};
use hallpass_domain::id::{InvoiceId, MemberId};
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::member::Status;
use hallpass_web::Web;
use hallpass_web::error::Problem;

use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{Form, MADE_FROM};
use crate::format::Moment;
use crate::frame::{Frame, Person};
use crate::picker::{Blank, Noun, Picker, Place};
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The details, with the keys of their labels.
const DETAILS: [(&str, &str); 3] =
    [("company", "billing-company"), ("address", "billing-address"), ("vat", "billing-vat")];

/// The invoices of a page.
const PAGE: usize = 12;

/// The billing page.
#[derive(Template)]
#[template(path = "billing/page.html")]
pub(crate) struct BillingPage {
    pub(crate) frame: Frame,
    version: String,
    /// The version that the form of the details was opened with, and what it was made from.
    details_version: String,
    made_from: String,
    plan: String,
    state: String,
    is_healthy: bool,
    /// When it renews or ends.
    renews: Option<String>,
    /// The plans to change to: key, name, whether it is the present one.
    plans: Vec<(String, String, bool)>,
    may_change_plan: bool,
    may_cancel: bool,
    portal: Option<String>,
    card: Option<String>,
    /// Whether the access model has a billing contact.
    has_contact: bool,
    contact: Option<Contact>,
    is_vacant: bool,
    /// The choice of the member to whom the reader may transfer it.
    to: Picker,
    company: String,
    address: String,
    vat: String,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    invoices: Vec<InvoiceRow>,
    older: Option<String>,
    total: i64,
    faults: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// The billing contact.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    person: Person,
    email: String,
    is_active: bool,
}

/// An invoice in the list.
#[derive(Clone, Debug)]
pub(crate) struct InvoiceRow {
    number: String,
    issued: Moment,
    amount: String,
    state: String,
    colour: &'static str,
    link: Option<String>,
}

impl InvoiceRow {
    fn of(frame: &Frame, invoice: &Invoice) -> InvoiceRow {
        let (key, colour) = match invoice.state {
            InvoiceState::Draft => ("invoice-draft", ""),
            InvoiceState::Open => ("invoice-open", "amber"),
            InvoiceState::Uncollectible => ("invoice-uncollectible", "danger"),
            InvoiceState::Void => ("invoice-void", ""),
            InvoiceState::Paid => ("invoice-paid", "green"),
        };
        InvoiceRow {
            number: invoice.number.clone(),
            issued: frame.moment(invoice.issued_at),
            amount: money(invoice.amount, &invoice.currency),
            state: frame.t(key),
            colour,
            link: invoice.link.clone().filter(|link| link.starts_with("https://")),
        }
    }
}

impl BillingPage {
    pub(super) async fn load(
        web: &Web,
        ctx: &mut WorkspaceContext,
        frame: Frame,
        typed: &Form,
        faults: Faults,
    ) -> Result<BillingPage, Failure> {
        let overview = ctx.billing().load().await?;
        let below = typed.filled("before").and_then(|id| id.parse::<InvoiceId>().ok());
        let (invoices, has_more, total) = ctx.billing().list_invoices(below, PAGE).await?;
        let has_contact = ctx.model().blueprint().billing_contact.is_some();
        let may_transfer = has_contact && ctx.opens(&TransferBilling);
        let holder = overview.contact.as_ref().map(|contact| contact.id);
        let to = if may_transfer {
            recipient(ctx, &frame, holder, typed).await?
        } else {
            Picker::default()
        };
        let last = invoices.last().filter(|_| has_more);
        let path = format!("{}/settings/billing", frame.base);
        let page = BillingPage {
            may_change_plan: ctx.opens(&ChangePlan),
            may_update: ctx.opens(&UpdateBilling),
            blocked: of_permission(ctx, frame.text, &UpdateBilling),
            has_contact,
            to,
            invoices: invoices.iter().map(|one| InvoiceRow::of(&frame, one)).collect(),
            older: last.map(|last| format!("{path}?before={}", last.id)),
            total,
            faults,
            dialog: None,
            frame,
            ..BillingPage::empty()
        };
        Ok(page.with(web, overview, typed))
    }

    fn empty() -> BillingPage {
        BillingPage {
            frame: Frame::default(),
            version: String::new(),
            details_version: String::new(),
            made_from: String::new(),
            plan: String::new(),
            state: String::new(),
            is_healthy: true,
            renews: None,
            plans: Vec::new(),
            may_change_plan: false,
            may_cancel: false,
            portal: None,
            card: None,
            has_contact: false,
            contact: None,
            is_vacant: false,
            to: Picker::default(),
            company: String::new(),
            address: String::new(),
            vat: String::new(),
            may_update: false,
            blocked: None,
            invoices: Vec::new(),
            older: None,
            total: 0,
            faults: Faults::default(),
            dialog: None,
        }
    }

    /// The page with the stored billing; the details that were typed go first.
    fn with(self, web: &Web, overview: BillingOverview, typed: &Form) -> BillingPage {
        let BillingOverview { billing, plan, contact, is_vacant, portal } = overview;
        let frame = &self.frame;
        let current = plan.as_ref().map(|plan| plan.key.clone()).unwrap_or_default();
        let offered = web.app.rules().plans.iter();
        let plans = offered.map(|one| (one.key.clone(), one.name.clone(), one.key == current));
        let state = match billing.state {
            State::Trialing => "billing-trialing",
            State::Active => "billing-active",
            State::PastDue => "billing-past-due",
            State::Cancelled => "billing-cancelled",
        };
        let ends = billing.state == State::Cancelled;
        let renews = billing.renews_at.map(|at| {
            let date = frame.moment(at).exact;
            if ends {
                text!(frame.text, "billing-ends", date = date)
            } else {
                text!(frame.text, "billing-renews", date = date)
            }
        });
        let of = |key: &str, stored: &str| {
            typed.find(key).map_or_else(|| stored.to_owned(), str::to_owned)
        };
        let card = billing.card.as_ref().map(|card| {
            let end = format!("{}/{}", card.month, card.year);
            text!(
                frame.text,
                "billing-card",
                brand = &card.brand,
                last = &card.last4,
                end = end
            )
        });
        BillingPage {
            version: billing.version.to_string(),
            details_version: billing.version.to_string(),
            made_from: Form::made_from(&[
                ("company", &billing.details.company),
                ("address", &billing.details.address),
                ("vat", &billing.details.vat),
            ]),
            plan: plan.map_or_else(|| frame.t("billing-no-plan"), |plan| plan.name),
            state: frame.t(state),
            is_healthy: matches!(billing.state, State::Active | State::Trialing),
            renews,
            plans: plans.collect(),
            may_cancel: self.may_change_plan && !ends && billing.plan.is_some(),
            portal,
            card,
            contact: contact.map(|one| Contact {
                person: Person::new(&one.id, &one.name),
                email: one.email,
                is_active: one.status == Status::Active,
            }),
            is_vacant,
            company: of("company", &billing.details.company),
            address: of("address", &billing.details.address),
            vat: of("vat", &billing.details.vat),
            ..self
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> BillingPage {
        let invoice = InvoiceRow {
            number: "2026-1184".into(),
            issued: Moment::default(),
            amount: "840.00 USD".into(),
            state: "Paid".into(),
            colour: "green",
            link: Some("#".into()),
        };
        let contact = Contact {
            person: Person::new(&"mbr_1", "<script>"),
            email: "dana@northwind.io".into(),
            is_active: false,
        };
        BillingPage {
            frame: Frame::sample(),
            plan: "Agency".into(),
            state: "Active".into(),
            plans: vec![("agency".into(), "Agency".into(), true)],
            may_change_plan: true,
            may_cancel: true,
            has_contact: true,
            contact: Some(contact),
            is_vacant: true,
            to: Picker::sample(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            invoices: vec![invoice],
            older: Some("#".into()),
            total: 32,
            dialog: Some(Dialog::sample()),
            ..BillingPage::empty()
        }
    }
}

/// The choice of the next billing contact.
async fn recipient(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    holder: Option<MemberId>,
    form: &Form,
) -> Result<Picker, Failure> {
    let (input, label) = (("f-to", "to"), frame.t("billing-transfer-to"));
    let place = Place::one(Noun::Members, Blank::Member, input, label)
        .shown_again(format!("{}/settings/billing", frame.base), "get");
    let holder = holder.map(|id| id.to_string());
    let is_other = |id: &str| holder.as_deref() != Some(id);
    Picker::of_members(ctx, frame, place, (form.text("to"), is_other), form).await
}

pub(super) async fn show(Shared(web): Shared<Web>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let faults = Faults::default();
    reply::page(&BillingPage::load(&web, &mut ctx, frame, &query, faults).await?)
}

/// Saves the billing details.
pub(super) async fn save(Shared(web): Shared<Web>, mut submission: Submission) -> Shown {
    let text = |key: &str| submission.form.find(key).map(str::to_owned);
    let (company, address, vat) = (text("company"), text("address"), text("vat"));
    let change = DetailsChange { company, address, vat };
    let saved = update(&mut submission, &change).await;
    finish(&web, submission, saved, "billing-saved").await
}

async fn update(submission: &mut Submission, change: &DetailsChange) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    ctx.billing().update(change).await?;
    Ok(())
}

/// Makes another member the billing contact.
pub(super) async fn transfer(Shared(web): Shared<Web>, mut submission: Submission) -> Shown {
    let to = submission.form.text("to").parse();
    let saved = match to {
        Ok(to) => move_contact(&mut submission, to).await,
        Err(_) => Err(Problem::field("/to", "missing", "choose a member")),
    };
    finish(&web, submission, saved, "billing-transferred").await
}

async fn move_contact(submission: &mut Submission, to: MemberId) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    ctx.billing().transfer(to).await?;
    Ok(())
}

/// Goes back to the page, which shows a refused form again. After a transfer the reader may not read it
/// any more.
pub(super) async fn finish(
    web: &Web,
    mut submission: Submission,
    saved: Result<(), Problem>,
    message: &'static str,
) -> Shown {
    let base = submission.frame.base.clone();
    let Err(problem) = saved else {
        let message = submission.frame.t(message);
        let ctx = submission.read().await?;
        let still = ctx.opens(&hallpass_app::gate::permission::ReadBilling);
        let path = if still { format!("{base}/settings/billing") } else { base };
        return reply::done(&path, &message);
    };
    let known = ["company", "address", "vat", "to"];
    let faults = Faults::of_form(&submission.frame, &problem, &known)?;
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let mut page = BillingPage::load(web, &mut ctx, frame, &form, faults).await?;
    if problem.status == 412 {
        let saved = Form::parse(page.made_from.as_bytes());
        let now = DETAILS.map(|(name, label)| (name, saved.text(name), label));
        page.faults =
            Faults::stale(&page.frame, &form, &now.map(|one| Saved::new(&page.frame, one)));
    } else if !form.exact(MADE_FROM).is_empty() {
        form.keep_base(&mut page.details_version, &mut page.made_from);
    }
    reply::refused(problem.status, &page)
}
