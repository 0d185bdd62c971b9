//! The mail queue: what waits and what was given up; never what a mail says.

use askama::Template;
use axum::extract::State;
use hallpass_app::Error;
use hallpass_app::mail::queue::{MailCounts, MailFilter, MailSummary};
use hallpass_domain::id::MailId;
use hallpass_web::Web;

use super::gate::{OperatorSubmission, OperatorViewer};
use super::workspace_list::href;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The rows of a page.
const PAGE: usize = 25;

const PATH: &str = "/operator/mails";

/// The mail queue.
#[derive(Template)]
#[template(path = "operator/mails.html")]
pub(crate) struct MailsPage {
    frame: Frame,
    /// The filters: label, path, whether it is on, how many.
    chips: Vec<(String, String, bool, String)>,
    show: String,
    is_failed: bool,
    rows: Vec<MailRow>,
    first: Option<String>,
    next: Option<String>,
}

/// A mail in the queue.
#[derive(Clone, Debug)]
pub(crate) struct MailRow {
    id: String,
    recipient: String,
    kind: String,
    workspace: Option<String>,
    created: Moment,
    attempts: String,
    /// When it is tried next.
    next: String,
    error: Option<String>,
    /// Whether a sender has it at present.
    is_leased: bool,
}

impl MailRow {
    fn of(frame: &Frame, mail: &MailSummary) -> MailRow {
        let is_leased = mail.leased_until.is_some_and(|until| until > frame.now);
        MailRow {
            id: mail.id.to_string(),
            recipient: mail.recipient.clone(),
            kind: mail.kind.as_deref().map(|kind| kind_name(frame, kind)).unwrap_or_default(),
            workspace: mail.workspace.clone(),
            created: frame.moment(mail.created_at),
            attempts: frame.number(mail.attempts),
            next: format::clock(mail.next_at, &frame.zone),
            error: mail.last_error.clone(),
            is_leased,
        }
    }
}

/// The name of a sort of mail.
pub(super) fn kind_name(frame: &Frame, kind: &str) -> String {
    let key = match kind {
        "invitation" => "mail-invitation",
        "confirm_address" => "mail-confirm",
        "password_reset" => "mail-reset",
        "account_exists" => "mail-exists",
        "new_address" => "mail-new-address",
        "address_change" => "mail-address-change",
        "address_changed" => "mail-address-changed",
        "password_changed" => "mail-changed",
        "factor_changed" => "mail-factor",
        "factors_reset" | "factors_reset_by_operator" => "mail-factors-reset",
        "ownership_transferred" => "mail-ownership",
        "billing_alert" => "mail-billing",
        "invitation_accepted" => "mail-accepted",
        "api_key_expiring" => "mail-key-expiring",
        "viewed_as" => "mail-viewed",
        "workspace_deletion" => "mail-deletion",
        other => return other.to_owned(),
    };
    frame.t(key)
}

fn filter(word: &str) -> MailFilter {
    match word {
        "retried" => MailFilter::Retried,
        "failed" => MailFilter::Failed,
        _ => MailFilter::Queued,
    }
}

impl MailsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> MailsPage {
        let row = MailRow {
            id: "eml_1".into(),
            recipient: "<script>".into(),
            kind: "Invitation".into(),
            workspace: Some("northwind".into()),
            created: Moment::default(),
            attempts: "2".into(),
            next: "14:30 UTC".into(),
            error: Some("<script>".into()),
            is_leased: false,
        };
        MailsPage {
            frame: Frame::sample(),
            chips: vec![("Waiting".into(), "#".into(), true, "1".into())],
            show: "retried".into(),
            is_failed: false,
            rows: vec![row],
            first: Some("#".into()),
            next: Some("#".into()),
        }
    }
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { operator, mut frame, query, .. } = viewer;
    frame.expect(&query, "show", |word| ["retried", "failed"].contains(&word));
    frame.expect(&query, "below", |id| id.parse::<MailId>().is_ok());
    let shown = query.text("show").to_owned();
    let below = query.filled("below").and_then(|id| id.parse::<MailId>().ok());
    let mails = web.app.mails();
    let counts = mails.count_as(&operator).await?;
    let (found, has_more) = mails.list_as(&operator, filter(&shown), below, PAGE).await?;
    let link = |show: &str, below: &str| href(PATH, &[("show", show), ("below", below)]);
    let MailCounts { queued, retried, failed, .. } = counts;
    let chip = |key: &str, value: &str, n: i64| {
        let is_on = filter(value) == filter(&shown);
        (frame.t(key), link(value, ""), is_on, frame.number(n))
    };
    let chips = vec![
        chip("operator-mails-queued", "", queued),
        chip("operator-mails-retried", "retried", retried),
        chip("operator-mails-failed", "failed", failed),
    ];
    let last = found.last().filter(|_| has_more);
    let page = MailsPage {
        chips,
        is_failed: filter(&shown) == MailFilter::Failed,
        rows: found.iter().map(|mail| MailRow::of(&frame, mail)).collect(),
        first: below.map(|_| link(&shown, "")),
        next: last.map(|last| link(&shown, &last.id.to_string())),
        show: shown,
        frame,
    };
    reply::page(&page)
}

/// Sends a mail now, or drops it.
pub(super) async fn act(State(web): State<Web>, submission: OperatorSubmission) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let id: MailId = form.text("mail").parse().map_err(|_| Failure::missing("mail"))?;
    let (done, message) = match form.text("do") {
        "retry" => (web.app.mails().retry_as(&operator, id).await, "operator-mail-retried"),
        "drop" => (web.app.mails().drop_as(&operator, id).await, "operator-mail-dropped"),
        _ => return Err(Failure::missing("page")),
    };
    let message = match done {
        Ok(()) => message,
        Err(Error::Missing { .. }) => "operator-mail-gone",
        Err(error) => return Err(error.into()),
    };
    reply::done(&href(PATH, &[("show", form.text("show"))]), &frame.t(message))
}
