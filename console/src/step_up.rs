//! Signing in further: what a session still lacks for a workspace or an act, without losing the session
//! or the place (HARMONY-24).

mod factor;
mod passkey;
mod way;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_domain::session::policy::Missing;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Raw, session_cookie};
use hallpass_web::routes::Routes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader};

#[cfg(test)]
pub(crate) use factor::{OutsideCodesPage, OutsideTotpPage};
#[cfg(test)]
use way::SignOnWay;
use way::{SignOnWays, find_ways};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/step-up", show)
        .post("/step-up", prove)
        .post("/step-up/passkey", passkey::prove)
        .merge(factor::routes())
}

/// The page to sign in further.
#[derive(Template)]
#[template(path = "sign_in/step_up.html")]
pub(crate) struct StepUpPage {
    outside: Outside,
    /// The address of the account.
    email: String,
    /// Where to go after.
    next: String,
    /// What is missing, in the words of the address of this page.
    missing: String,
    /// What is missing, in sentences.
    reasons: Vec<String>,
    /// Whether the password helps.
    asks_password: bool,
    /// Whether the account has a password.
    has_password: bool,
    /// Whether a passkey helps, and the account has one.
    asks_passkey: bool,
    /// The connections that help.
    ways: SignOnWays,
    /// Whether a code helps.
    asks_code: bool,
    /// Whether the account has no second factor, and one is missing.
    offers_app: bool,
    refused: Option<String>,
}

impl StepUpPage {
    async fn load(
        web: &Web,
        Authenticated(principal): &Authenticated,
        outside: Outside,
        (next, missing): (String, &str),
        refused: Option<String>,
    ) -> Result<StepUpPage, Failure> {
        let account = web.app.accounts().load(principal).await?;
        let lacking: Vec<Missing> = missing.split(',').filter_map(Missing::parse).collect();
        let reason = |missing: &Missing| {
            outside.t(match missing {
                Missing::SignIn => "step-up-sign-in",
                Missing::RecentSignIn => "step-up-recent",
                Missing::SecondFactor => "step-up-second-factor",
                Missing::SingleSignOn => "step-up-single-sign-on",
            })
        };
        let by_password = |missing: &Missing| match missing {
            Missing::SignIn | Missing::RecentSignIn => true,
            Missing::SecondFactor | Missing::SingleSignOn => false,
        };
        let reasons = lacking.iter().map(reason).collect();
        let asks_password = lacking.is_empty() || lacking.iter().any(by_password);
        let words: Vec<&str> = lacking.iter().map(|missing| missing.word()).collect();
        let missing = words.join(",");
        let lacks_factor = words.contains(&Missing::SecondFactor.word());
        let factors = web.app.factors().load(principal).await?;
        let has_factor = factors.is_enabled();
        let by_passkey = asks_password || lacks_factor;
        Ok(StepUpPage {
            outside,
            email: account.email.as_str().to_owned(),
            has_password: account.password.is_some(),
            asks_passkey: by_passkey && factors.passkeys > 0 && web.app.has_passkeys(),
            ways: find_ways(web, principal, (&next, &lacking)).await,
            next,
            missing,
            reasons,
            asks_password,
            asks_code: lacks_factor && has_factor,
            offers_app: lacks_factor && !has_factor,
            refused,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> StepUpPage {
        StepUpPage {
            outside: Outside::sample(),
            email: "dana@northwind.io".to_owned(),
            next: "/workspace/northwind/settings/security".to_owned(),
            missing: "recent_sign_in".to_owned(),
            reasons: vec!["This needs a recent sign-in.".to_owned()],
            asks_password: true,
            has_password: true,
            asks_passkey: true,
            ways: SignOnWays {
                open: vec![SignOnWay {
                    name: "<script>".to_owned(),
                    path: "/sso/a/b".to_owned(),
                }],
                to_connect: vec![SignOnWay {
                    name: "<script>".to_owned(),
                    path: "/sso/a/c/connect".to_owned(),
                }],
            },
            asks_code: true,
            offers_app: true,
            refused: Some("The password is wrong.".to_owned()),
        }
    }
}

/// The page that asks for what a problem says is missing, and goes on to a path.
pub(crate) fn page_for(problem: &Problem, next: &str) -> Option<String> {
    if problem.code != "step_up" {
        return None;
    }
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    Some(format!("/step-up?missing={}&next={next}", problem.missing.join(",")))
}

async fn show(State(web): State<Web>, authenticated: Authenticated, reader: Reader) -> Shown {
    let next = local(reader.query.text("next"));
    let missing = reader.query.text("missing").to_owned();
    let outside = reader.outside();
    let asked = (next, missing.as_str());
    let refused = reader.query.filled("refused").map(|code| {
        outside.t(match code {
            "wrong_code" => "code-wrong",
            "bad_passkey" => "passkey-refused",
            _ => "code-too-many",
        })
    });
    let page = StepUpPage::load(&web, &authenticated, outside, asked, refused).await?;
    reply::page(&page)
}

async fn prove(
    State(web): State<Web>,
    authenticated: Authenticated,
    Client(origin): Client,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let next = local(form.text("next"));
    let Authenticated(principal) = &authenticated;
    let password = (Some(form.exact("password")), None);
    match web.app.sessions().reauthenticate(principal, password, &origin).await {
        Ok((_, token)) => {
            let mut response: Response = reply::go(&next)?;
            reply::add_cookie(&mut response, &session_cookie(&web, &token));
            Ok(response)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(Failure(problem));
            }
            let outside = reader.outside_again();
            let (asked, refused) = (
                (next, form.text("missing")),
                Some(refusal::of_problem(reader.text, &problem)),
            );
            let page = StepUpPage::load(&web, &authenticated, outside, asked, refused).await?;
            reply::refused(problem.status, &page)
        }
    }
}
