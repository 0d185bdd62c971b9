//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_app::connection::address::ConnectionRef;
use hallpass_app::origin::Origin;
use hallpass_web::Web;
use hallpass_web::extract::{Anyone, Client, Raw, no_session_cookie, session_cookie};
use hallpass_web::routes::Routes;

use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", show)
        .post("/sign-in", sign_in)
        .post("/sign-out", sign_out)
}

/// The page to sign in.
#[derive(Template)]
#[template(path = "sign_in/page.html")]
pub(crate) struct SignInPage {
    outside: Outside,
    email: String,
    /// Where to go after.
    next: String,
    refused: Option<String>,
    /// The identity providers of the typed address's domain.
    ways: Vec<Way>,
}

/// A way in at an identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    name: String,
    path: String,
}

impl SignInPage {
    #[cfg(test)]
    pub(crate) fn sample() -> SignInPage {
        SignInPage {
            outside: Outside::sample(),
            email: "dana@northwind.io".to_owned(),
            next: "/".to_owned(),
            refused: Some("Wrong email address or password.".to_owned()),
            ways: vec![Way { name: "<script>".to_owned(), path: "/sso/a/b/start".to_owned() }],
        }
    }
}

async fn show(State(web): State<Web>, Anyone(principal): Anyone, reader: Reader) -> Shown {
    let next = local(reader.query.text("next"));
    if principal.is_some() {
        return reply::go(&next);
    }
    let outside = Outside::new(reader.text.language, reader.flash);
    let email = reader.query.text("email").to_owned();
    let ways = ways_in(&web, &email, &next).await?;
    reply::page(&SignInPage { outside, email, next, refused: None, ways })
}

async fn sign_in(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let next = local(form.text("next"));
    match start_session(&web, &origin, &form).await {
        Ok(cookie) => {
            let mut response = reply::go(&next)?;
            reply::add_cookie(&mut response, &cookie);
            Ok(response)
        }
        Err(Failure(problem)) if problem.status < 500 => {
            let outside = Outside::new(reader.text.language, None);
            let email = form.text("email").to_owned();
            let refused = Some(sentence(&problem.detail));
            let ways = ways_in(&web, &email, &next).await?;
            let page = SignInPage { outside, email, next, refused, ways };
            reply::refused(problem.status, &page)
        }
        Err(failure) => Err(failure),
    }
}

/// The identity providers of an address's domain, which do not depend on whether it has an account.
async fn ways_in(web: &Web, email: &str, next: &str) -> Result<Vec<Way>, Failure> {
    let found = web.app.identities().ways_in(email).await?;
    let way = |way: hallpass_app::identity::WayIn| {
        let of = ConnectionRef { workspace: way.workspace, connection: way.connection };
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        Way { name: way.name, path: format!("{}?{query}", of.path("start")) }
    };
    Ok(found.into_iter().map(way).collect())
}

async fn start_session(web: &Web, origin: &Origin, form: &Form) -> Result<String, Failure> {
    let (email, password) = (form.text("email"), form.exact("password"));
    let (_, token) = web.app.sessions().sign_in(email, password, origin).await?;
    Ok(session_cookie(web, &token))
}

/// Signs out, and goes on to `next`, such as an invitation that is for another account.
async fn sign_out(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Raw(body): Raw,
) -> Shown {
    web.app.sessions().sign_out(&principal).await?;
    let form = Form::parse(&body);
    let next = form.filled("next").map_or_else(|| "/sign-in".to_owned(), local);
    let mut response: Response = reply::go(&next)?;
    reply::add_cookie(&mut response, &no_session_cookie(&web));
    Ok(response)
}

/// A path of this server to go on to; the start page for anything else.
pub(crate) fn local(path: &str) -> String {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n'])
        && path.is_ascii();
    if is_local { path.to_owned() } else { "/".to_owned() }
}
