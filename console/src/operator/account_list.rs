//! The list of accounts.

use askama::Template;
use axum::extract::State;
use hallpass_app::account::operator::{AccountQuery, AccountSummary};
use hallpass_web::Web;

use super::gate::OperatorViewer;
use super::workspace_list::href;
use crate::format::Moment;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};

/// The rows of a page.
const PAGE: usize = 25;

const PATH: &str = "/operator/accounts";

/// The list of accounts.
#[derive(Template)]
#[template(path = "operator/accounts.html")]
pub(crate) struct AccountsPage {
    frame: Frame,
    search: String,
    kind: String,
    /// The filters: label, path, whether it is on.
    chips: Vec<(String, String, bool)>,
    rows: Vec<AccountRow>,
    first: Option<String>,
    next: Option<String>,
}

/// An account in the list.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    person: Person,
    email: String,
    workspaces: String,
    created: Moment,
    is_confirmed: bool,
    is_operator: bool,
    is_disabled: bool,
    has_password: bool,
}

impl AccountRow {
    fn of(frame: &Frame, one: &AccountSummary) -> AccountRow {
        let name = format!("{} {}", one.first_name, one.last_name);
        AccountRow {
            person: Person::new(&one.id, name.trim()),
            email: one.email.as_str().to_owned(),
            workspaces: frame.number(one.workspaces),
            created: frame.moment(one.created_at),
            is_confirmed: one.confirmed_at.is_some(),
            is_operator: one.is_operator,
            is_disabled: one.is_disabled,
            has_password: one.has_password,
        }
    }
}

impl AccountsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> AccountsPage {
        let row = AccountRow {
            person: Person::new(&"acc_1", "Dana <script>"),
            email: "dana@northwind.io".into(),
            workspaces: "3".into(),
            created: Moment::default(),
            is_confirmed: false,
            is_operator: true,
            is_disabled: true,
            has_password: false,
        };
        AccountsPage {
            frame: Frame::sample(),
            search: "<script>".into(),
            kind: "operators".into(),
            chips: vec![("All".into(), "#".into(), true)],
            rows: vec![row],
            first: Some("#".into()),
            next: Some("#".into()),
        }
    }
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { operator, mut frame, query, .. } = viewer;
    frame.expect(&query, "kind", |word| ["operators", "disabled"].contains(&word));
    let (search, kind) = (query.text("q").to_owned(), query.text("kind").to_owned());
    let filter = AccountQuery {
        text: query.filled("q").map(str::to_owned),
        is_operator: kind == "operators",
        is_disabled: kind == "disabled",
    };
    let after = query.filled("after").map(super::account::id).transpose()?;
    let accounts = web.app.accounts();
    let (found, has_more) = accounts.list_as(&operator, &filter, after, PAGE).await?;
    let link = |kind: &str, after: &str| {
        href(PATH, &[("q", search.as_str()), ("kind", kind), ("after", after)])
    };
    let chip = |key: &str, value: &str| (frame.t(key), link(value, ""), kind == value);
    let chips = vec![
        chip("operator-all", ""),
        chip("operator-operators", "operators"),
        chip("operator-disabled-ones", "disabled"),
    ];
    let last = found.last().filter(|_| has_more);
    let next = last.map(|last| link(&kind, &last.id.to_string()));
    let first = after.map(|_| link(&kind, ""));
    let rows = found.iter().map(|one| AccountRow::of(&frame, one)).collect();
    reply::page(&AccountsPage { frame, search, kind, chips, rows, first, next })
}
