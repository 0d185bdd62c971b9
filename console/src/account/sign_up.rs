//! Signing up.

use askama::Template;
use axum::extract::State;
use hallpass_app::account::SignUp;
use hallpass_domain::secret::Secret;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Anyone, Client, Raw, session_cookie};

use crate::faults::Faults;
use crate::first_step::{Stage, Step, first_steps};
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::reply::{self, Shown};
use crate::text::Text;
use crate::viewer::Reader;

/// Where a new account goes: to its first workspace.
pub(super) const FIRST: &str = "/workspaces/new";

/// The fields of the form.
pub(super) const FIELDS: [&str; 4] = ["email", "password", "first_name", "last_name"];

/// The page to sign up, or to create the first account of a server.
#[derive(Template)]
#[template(path = "account/sign_up.html")]
pub(crate) struct SignUpPage {
    outside: Outside,
    title: String,
    intro: String,
    /// Where the form goes.
    action: String,
    is_setup: bool,
    steps: Vec<Step>,
    email: String,
    first_name: String,
    last_name: String,
    next: String,
    faults: Faults,
}

/// What a form says about a new account, in the language of its page.
pub(super) fn read(form: &Form, text: Text) -> SignUp {
    SignUp {
        email: form.text("email").to_owned(),
        password: Secret::new(form.exact("password").to_owned()),
        first_name: form.text("first_name").to_owned(),
        last_name: form.text("last_name").to_owned(),
        locale: Some(text.language.tag().to_owned()),
    }
}

impl SignUpPage {
    /// The page for the first account of a server.
    pub(super) fn into_set_up(self, token: &str) -> SignUpPage {
        SignUpPage {
            title: self.outside.t("setup"),
            intro: self.outside.t("setup-intro"),
            action: format!("/setup/{token}"),
            is_setup: true,
            steps: first_steps(self.outside.text, Stage::Account),
            ..self
        }
    }

    pub(super) fn new(reader: Reader, form: &Form, faults: Faults) -> SignUpPage {
        SignUpPage {
            title: reader.text.get("sign-up"),
            intro: reader.text.get("sign-up-intro"),
            action: "/sign-up".to_owned(),
            is_setup: false,
            steps: Vec::new(),
            outside: Outside::new(reader.text.language, reader.flash),
            email: form.text("email").to_owned(),
            first_name: form.text("first_name").to_owned(),
            last_name: form.text("last_name").to_owned(),
            next: form.filled("next").map(local).unwrap_or_default(),
            faults,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> SignUpPage {
        SignUpPage {
            title: "Create your account".to_owned(),
            intro: "One is enough.".to_owned(),
            action: "#".to_owned(),
            is_setup: false,
            steps: first_steps(Text::default(), Stage::Account),
            outside: Outside::sample(),
            email: "dana@northwind.io".to_owned(),
            first_name: "<script>".to_owned(),
            last_name: String::new(),
            next: String::new(),
            faults: Faults::field("password", "Expected at least 15 characters.".to_owned()),
        }
    }
}

pub(crate) async fn show(Anyone(principal): Anyone, reader: Reader) -> Shown {
    if principal.is_some() {
        return reply::go("/");
    }
    let form = reader.query.clone();
    reply::page(&SignUpPage::new(reader, &form, Faults::default()))
}

pub(crate) async fn sign_up(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let sign_up = read(&form, reader.text);
    match web.app.accounts().sign_up(&sign_up, &origin).await {
        Ok((_, token)) => {
            let next = form.filled("next").map_or_else(|| FIRST.to_owned(), local);
            let message = text!(reader.text, "sign-up-done", email = &sign_up.email);
            let mut response = reply::done(&next, &message)?;
            reply::add_cookie(&mut response, &session_cookie(&web, &token));
            Ok(response)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem.into());
            }
            let faults = Faults::of(reader.text, &problem, &FIELDS);
            reply::refused(problem.status, &SignUpPage::new(reader, &form, faults))
        }
    }
}
