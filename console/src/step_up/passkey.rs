//! A passkey for a session that needs a recent sign-in or a second factor: it counts as both.

use axum::extract::State;
use axum::response::Response;
use hallpass_app::secret::Token;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Raw, session_cookie};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::failure::Failure;
use crate::form::Form;
use crate::local_path::local;
use crate::reply::{self, Shown};
use crate::viewer::Authenticated;

pub(super) async fn prove(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Client(origin): Client,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let ceremony = Token::received(form.text("ceremony"));
    let answer: Value = serde_json::from_str(form.exact("credential")).unwrap_or_default();
    let passkeys = web.app.passkeys();
    match passkeys.reauthenticate(&principal, &ceremony, &answer, &origin).await {
        Ok((_, token)) => {
            let mut response: Response = reply::go(&local(form.text("next")))?;
            reply::add_cookie(&mut response, &session_cookie(&web, &token));
            Ok(response)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(Failure(problem));
            }
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let (missing, next) = (encode(form.text("missing")), encode(form.text("next")));
            reply::go(&format!("/step-up?missing={missing}&next={next}&refused=bad_passkey"))
        }
    }
}
