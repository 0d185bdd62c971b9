//! The first account of a server, by the link that the server prints.

use axum::extract::State;
use hallpass_app::secret::Token;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{Client, Path, Raw, session_cookie};

use super::sign_up::{FIELDS, FIRST, SignUpPage, read};
use crate::faults::Faults;
use crate::form::Form;
use crate::reply::{self, Shown};
use crate::viewer::Reader;

pub(crate) async fn show(reader: Reader, Path(token): Path<String>) -> Shown {
    let form = Form::default();
    let page = SignUpPage::new(reader, &form, Faults::default());
    reply::page(&page.into_set_up(&token))
}

pub(crate) async fn set_up(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    Path(token): Path<String>,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let sign_up = read(&form, reader.text);
    match web.app.accounts().set_up(&Token::received(&token), &sign_up, &origin).await {
        Ok((_, session)) => {
            let mut response = reply::go(FIRST)?;
            reply::add_cookie(&mut response, &session_cookie(&web, &session));
            Ok(response)
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem.into());
            }
            let faults = match problem.code {
                "dead_link" => Faults::whole(reader.text.get("setup-dead")),
                _ => Faults::of(reader.text, &problem, &FIELDS),
            };
            let page = SignUpPage::new(reader, &form, faults);
            reply::refused(problem.status, &page.into_set_up(&token))
        }
    }
}
