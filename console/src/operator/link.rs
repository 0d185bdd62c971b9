//! A link to set the password of an account, for a person who cannot get a mail. It opens the account, so
//! it takes a recent sign-in of the operator.

use askama::Template;
use axum::extract::State;
use hallpass_app::account::operator::VALID_HOURS;
use hallpass_domain::account::Account;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::account::{AccountPage, id, password_link};
use super::gate::{OperatorSubmission, OperatorViewer};
use crate::frame::{Frame, Person};
use crate::refusal;
use crate::reply::{self, Shown};

/// The form that makes a link.
#[derive(Template)]
#[template(path = "operator/link.html")]
pub(crate) struct LinkPage {
    frame: Frame,
    person: Person,
    email: String,
    hours: i64,
    refused: Option<String>,
}

impl LinkPage {
    fn new(frame: Frame, account: &Account, refused: Option<String>) -> LinkPage {
        LinkPage {
            person: Person::new(&account.id, &account.name()),
            email: account.email.as_str().to_owned(),
            hours: VALID_HOURS,
            refused,
            frame,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> LinkPage {
        LinkPage {
            frame: Frame::sample(),
            person: Person::new(&"acc_1", "Dana <script>"),
            email: "dana@northwind.io".into(),
            hours: 24,
            refused: Some("Wrong.".into()),
        }
    }
}

pub(super) async fn ask(
    State(web): State<Web>,
    Path(account): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    let (account, _) = web.app.accounts().load_as(&operator, id(&account)?).await?;
    reply::page(&LinkPage::new(frame, &account, None))
}

pub(super) async fn create(
    State(web): State<Web>,
    Path(account): Path<String>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, .. } = submission;
    let account = id(&account)?;
    let token = match web.app.accounts().create_link_as(&operator, account).await {
        Ok(token) => token,
        Err(error) => {
            let problem = Problem::from(error);
            let refused = match problem.code {
                "account_disabled" => frame.t("operator-is-disabled-first"),
                _ if problem.status == 409 => refusal::of_problem(frame.text, &problem),
                _ => return Err(problem.into()),
            };
            let (found, _) = web.app.accounts().load_as(&operator, account).await?;
            return reply::refused(409, &LinkPage::new(frame, &found, Some(refused)));
        }
    };
    let page = AccountPage::load(&web, &operator, frame, account).await?;
    let shown = format!("/operator/accounts/{account}");
    reply::shown_once(201, &page.with_link(password_link(&web, &token)), &shown)
}
