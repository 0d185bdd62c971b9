//! The page of an account, and the form that creates one.

use askama::Template;
use axum::extract::State;
use hallpass_app::account::operator::{AccountPlace, MOST_PLACES};
use hallpass_app::operation::Operator;
use hallpass_app::secret::Token;
use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::factor::{Factor, Factors};
use hallpass_domain::id::AccountId;
use hallpass_domain::member::Status;
use hallpass_domain::name::Name;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::account_session::SessionRow;
use super::gate::{OperatorSubmission, OperatorViewer};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};

/// The page of an account.
#[derive(Template)]
#[template(path = "operator/account.html")]
pub(crate) struct AccountPage {
    frame: Frame,
    person: Person,
    email: String,
    locale: String,
    created: Moment,
    confirmed: Option<Moment>,
    is_operator: bool,
    has_password: bool,
    disabled: Option<Moment>,
    /// The second factors: text of each.
    factors: Vec<String>,
    sessions: Vec<SessionRow>,
    places: Vec<Place>,
    has_more: bool,
    /// The command that makes it an operator, or ends that.
    command: String,
    /// The link to set a password, once it has been made.
    link: Option<String>,
    /// Why the dialog was refused before.
    refused: Option<String>,
    dialog: Option<Dialog>,
}

/// A workspace that the account is in.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    slug: String,
    name: String,
    status: String,
    is_active: bool,
}

impl Place {
    fn of(frame: &Frame, place: &AccountPlace) -> Place {
        let key = match place.status {
            _ if place.is_deleted => "operator-deleted-workspace",
            Some(Status::Active) => "operator-member-active",
            Some(Status::Inactive) => "operator-member-inactive",
            Some(Status::Removed) | None => "operator-member-removed",
        };
        Place {
            slug: place.slug.clone(),
            name: place.name.clone(),
            status: frame.t(key),
            is_active: !place.is_deleted && place.status == Some(Status::Active),
        }
    }
}

impl AccountPage {
    pub(super) async fn load(
        web: &Web,
        operator: &Operator,
        frame: Frame,
        id: AccountId,
    ) -> Result<AccountPage, Failure> {
        let (account, places) = web.app.accounts().load_as(operator, id).await?;
        let accounts = web.app.accounts();
        let factors = accounts.factors_as(operator, id).await?;
        let sessions = accounts.list_sessions_as(operator, id).await?;
        let Account { email, locale, created_at, confirmed_at, .. } = &account;
        let count = i64::try_from(places.len()).unwrap_or(i64::MAX);
        Ok(AccountPage {
            person: Person::new(&account.id, &account.name()),
            email: email.as_str().to_owned(),
            locale: locale.clone(),
            created: frame.moment(*created_at),
            confirmed: confirmed_at.map(|at| frame.moment(at)),
            is_operator: account.is_operator,
            has_password: account.password.is_some(),
            disabled: account.disabled_at.map(|at| frame.moment(at)),
            factors: list_factors(&frame, &factors),
            sessions: sessions.iter().map(|one| SessionRow::of(&frame, one)).collect(),
            places: places.iter().map(|place| Place::of(&frame, place)).collect(),
            has_more: count >= MOST_PLACES,
            command: command(email, account.is_operator),
            link: None,
            refused: None,
            dialog: None,
            frame,
        })
    }

    /// The page with a link to set the password, which is shown once.
    pub(super) fn with_link(self, link: String) -> AccountPage {
        AccountPage { link: Some(link), ..self }
    }

    /// The page behind a dialog.
    pub(super) fn with_dialog(self, dialog: Dialog, refused: Option<String>) -> AccountPage {
        AccountPage { dialog: Some(dialog), refused, ..self }
    }

    pub(super) fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The name of the person.
    pub(super) fn name(&self) -> &str {
        &self.person.name
    }

    #[cfg(test)]
    pub(crate) fn sample() -> AccountPage {
        let place = Place {
            slug: "northwind".into(),
            name: "<script>".into(),
            status: "Active".into(),
            is_active: true,
        };
        AccountPage {
            frame: Frame::sample(),
            person: Person::new(&"acc_1", "Dana <script>"),
            email: "dana@northwind.io".into(),
            locale: "de-CH".into(),
            created: Moment::default(),
            confirmed: None,
            is_operator: true,
            has_password: true,
            disabled: Some(Moment::default()),
            factors: vec!["<script>".into()],
            sessions: vec![SessionRow::sample()],
            places: vec![place],
            has_more: true,
            command: "hallpass <script>".into(),
            link: Some("/password-resets/secret".into()),
            refused: Some("Refused.".into()),
            dialog: Some(Dialog::sample()),
        }
    }
}

/// The form that creates an account.
#[derive(Template)]
#[template(path = "operator/new_account.html")]
pub(crate) struct NewAccountPage {
    frame: Frame,
    email: String,
    first_name: String,
    last_name: String,
    faults: Faults,
}

impl NewAccountPage {
    fn new(frame: Frame, form: &Form, faults: Faults) -> NewAccountPage {
        let text = |name: &str| form.text(name).to_owned();
        NewAccountPage {
            email: text("email"),
            first_name: text("first_name"),
            last_name: text("last_name"),
            faults,
            frame,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewAccountPage {
        let faults = Faults::field("email", "Wrong.".into());
        let form = Form::parse(b"email=%3Cscript%3E");
        NewAccountPage::new(Frame::sample(), &form, faults)
    }
}

/// The second factors of an account, with recovery codes where they count.
fn list_factors(frame: &Frame, factors: &Factors) -> Vec<String> {
    let texts = factors.list().into_iter().map(|factor| match factor {
        Factor::Passkey => text!(frame.text, "operator-factor-passkeys", n = factors.passkeys),
        Factor::Totp => frame.t("operator-factor-app"),
        Factor::RecoveryCode => {
            text!(frame.text, "operator-factor-codes", n = factors.recovery_codes)
        }
    });
    texts.collect()
}

/// The command that makes an account an operator, or ends that: no page does.
fn command(email: &Email, is_operator: bool) -> String {
    let end = if is_operator { " --revoke" } else { "" };
    format!("hallpass admin account operator {}{end}", email.as_str())
}

/// The address of a link to set a password.
pub(super) fn password_link(web: &Web, token: &Token) -> String {
    let token = utf8_percent_encode(token.expose(), NON_ALPHANUMERIC);
    format!("{}/password-resets/{token}", web.http.base_url)
}

pub(super) fn id(text: &str) -> Result<AccountId, Failure> {
    text.parse().map_err(|_| Failure::missing("account"))
}

pub(super) async fn show(
    State(web): State<Web>,
    Path(account): Path<String>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    reply::page(&AccountPage::load(&web, &operator, frame, id(&account)?).await?)
}

pub(super) async fn ask(viewer: OperatorViewer) -> Shown {
    reply::page(&NewAccountPage::new(viewer.frame, &viewer.query, Faults::default()))
}

pub(super) async fn create(State(web): State<Web>, submission: OperatorSubmission) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let created = match read(&form) {
        Ok((email, first, last)) => {
            let accounts = web.app.accounts();
            let created = accounts.create_as(&operator, &email, &first, last.as_ref()).await;
            created.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    match created {
        Ok((account, token)) => {
            let page = AccountPage::load(&web, &operator, frame, account.id).await?;
            let shown = format!("/operator/accounts/{}", account.id);
            reply::shown_once(201, &page.with_link(password_link(&web, &token)), &shown)
        }
        Err(problem) => {
            let faults = match problem.code {
                "address_taken" => Faults::field("email", frame.t("operator-address-taken")),
                _ => Faults::of_form(&frame, &problem, &["email", "first_name", "last_name"])?,
            };
            reply::refused(problem.status, &NewAccountPage::new(frame, &form, faults))
        }
    }
}

fn read(form: &Form) -> Result<(Email, Name, Option<Name>), Problem> {
    let bad =
        |pointer: &str, code: &'static str, why: String| Problem::field(pointer, code, why);
    let email = Email::parse(form.text("email"))
        .map_err(|why| bad("/email", "bad_email", why.to_string()))?;
    let first = Name::parse(form.text("first_name"))
        .map_err(|why| bad("/first_name", "bad_name", why.to_string()))?;
    let last = form.filled("last_name").map(Name::parse).transpose();
    let last = last.map_err(|why| bad("/last_name", "bad_name", why.to_string()))?;
    Ok((email, first, last))
}
