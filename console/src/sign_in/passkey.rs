//! Signing in by a passkey, whose answer the page sends as a form.

use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_web::Web;
use hallpass_web::extract::{Client, Raw};
use serde_json::Value;

use super::complete::go_on;
use super::page::SignInPage;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

pub(super) async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let ceremony = Token::received(form.text("ceremony"));
    let answer: Value = serde_json::from_str(form.exact("credential")).unwrap_or_default();
    let signed_in = web.app.passkeys().sign_in(&ceremony, &answer, &origin).await;
    match signed_in.map_err(Failure::from) {
        Ok((_, session)) => go_on(&web, &session, None, &local(form.text("next"))),
        Err(failure) if failure.0.status < 500 => {
            let outside = Outside::new(reader.text.language, None);
            let page = SignInPage::refused(&web, outside, &form, &failure).await?;
            let is_known = web.app.passkeys().is_known(&answer).await?;
            let page = if is_known { page } else { page.of_unknown_passkey() };
            reply::refused(failure.0.status, &page)
        }
        Err(failure) => Err(failure),
    }
}
