//! Signing in at an identity provider: the way there and back, and logout that begins there.
//!
//! **Invariant:** what changes something by the cookies of the browser is a form of a page of ours; the
//! way there for a test or to connect begins with one, and the way back needs the secret that it has
//! left in the browser. No session begins without a click on a page of ours (`consent`).

pub(crate) mod consent;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hallpass_app::Error;
use hallpass_app::connection::address::ConnectionRef;
use hallpass_app::identity::LogoutMessage;
use hallpass_app::secret::Token;
use hallpass_app::sign_on_request::{Finished, Purpose, Received, Return, SamlAnswer, Started};
use hallpass_domain::refusal::Refusal;
use hallpass_web::Web;
use hallpass_web::extract::{
    Anyone, Client, Path, Raw, browser_cookie, browser_secret, no_browser_cookie,
    session_cookie,
};
use hallpass_web::router::headers::FramedBy;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Outside;
use crate::local_path::local;
use crate::refusal::of_turned;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader};

use consent::{ConsentPage, begins_here};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/sso/{workspace}/{connection}/start", start)
        .get("/sso/{workspace}/{connection}/again", again)
        .get("/sso/{workspace}/{connection}/callback", finish)
        .post("/sso/{workspace}/{connection}/acs", receive)
        .get("/sso/{workspace}/{connection}/metadata", metadata)
        .get("/sso/{workspace}/{connection}/logout", log_out_redirected)
        .post("/sso/{workspace}/{connection}/logout", log_out_posted)
        .post("/sso/{workspace}/{connection}/back-channel-logout", log_out_back)
        .get("/sso/{workspace}/{connection}/front-channel-logout", log_out_front)
        .post("/sso/{workspace}/{connection}/test", test)
        .post("/sso/{workspace}/{connection}/connect", connect)
}

/// The page that leads on to the provider, with a link: a form may not lead to another site.
#[derive(Template)]
#[template(path = "sign_on/leave.html")]
pub(crate) struct LeavePage {
    outside: Outside,
    url: String,
    /// The host of the provider.
    host: String,
    back: String,
}

/// The page of a person who does not come in.
#[derive(Template)]
#[template(path = "sign_on/refused.html")]
pub(crate) struct RefusedPage {
    outside: Outside,
    reason: String,
    again: String,
    /// The path to sign in in another way and connect the account, where that helps.
    connect: Option<String>,
}

impl LeavePage {
    #[cfg(test)]
    pub(crate) fn sample() -> LeavePage {
        LeavePage {
            outside: Outside::sample(),
            url: "/authorize?a=<script>".to_owned(),
            host: "idp.example".to_owned(),
            back: "/".to_owned(),
        }
    }
}

impl RefusedPage {
    #[cfg(test)]
    pub(crate) fn sample() -> RefusedPage {
        RefusedPage {
            outside: Outside::sample(),
            reason: "<script>".to_owned(),
            again: "/sso/a/b/start".to_owned(),
            connect: Some("/sign-in".to_owned()),
        }
    }
}

type Place = Path<(String, String)>;

fn connection(Path((workspace, connection)): &Place) -> Result<ConnectionRef, Failure> {
    let found = ConnectionRef::parse(workspace, connection);
    found.ok_or_else(|| Failure::missing("connection"))
}

/// The way to the provider: at once from a page of ours, else by a button.
async fn start(
    State(web): State<Web>,
    place: Place,
    Anyone(principal): Anyone,
    reader: Reader,
    headers: HeaderMap,
) -> Shown {
    let of = connection(&place)?;
    if begins_here(&headers) {
        return go(&web, of, Purpose::SignIn, &reader).await;
    }
    let started =
        web.app.sign_on_requests().start(of, Purpose::SignIn, &landing(of, &reader)).await;
    let Started { url, browser, name } = match started {
        Ok(started) => started,
        Err(error) => return refuse(of, &reader, error),
    };
    let account = match &principal {
        Some(principal) => web.app.accounts().load(principal).await.ok(),
        None => None,
    };
    let outside = Outside::new(reader.text.language, None);
    let signed_in = account.map(|account| account.email.as_str().to_owned());
    let page = ConsentPage { outside, name, host: host(&url), url, signed_in };
    let mut response = reply::page(&page)?;
    reply::add_cookie(&mut response, &browser_cookie(&web, &browser));
    Ok(response)
}

/// The path to go on to after signing in.
fn landing(of: ConnectionRef, reader: &Reader) -> String {
    let next = local(reader.query.text("next"));
    if next == "/" { format!("/workspace/{}", of.workspace) } else { next }
}

fn host(url: &str) -> String {
    let url = url.parse::<Uri>().ok();
    url.and_then(|url| url.host().map(ToOwned::to_owned)).unwrap_or_default()
}

async fn go(web: &Web, of: ConnectionRef, purpose: Purpose<'_>, reader: &Reader) -> Shown {
    match web.app.sign_on_requests().start(of, purpose, &landing(of, reader)).await {
        Ok(Started { url, browser, .. }) => {
            let mut response = reply::leave(&url)?;
            reply::add_cookie(&mut response, &browser_cookie(web, &browser));
            Ok(response)
        }
        Err(error) => refuse(of, reader, error),
    }
}

/// The way to the provider, which asks the person who is signed in to show who they are now.
async fn again(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    place: Place,
    reader: Reader,
) -> Shown {
    let purpose = Purpose::Reauthenticate(&principal);
    go(&web, connection(&place)?, purpose, &reader).await
}

/// The way to the provider, for a test.
async fn test(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    place: Place,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    leave(&web, connection(&place)?, Purpose::Test(&principal), &reader, &Form::parse(&body))
        .await
}

/// The way to the provider, to connect the account of the person who is signed in.
async fn connect(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    place: Place,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let purpose = Purpose::Connect(&principal);
    leave(&web, connection(&place)?, purpose, &reader, &Form::parse(&body)).await
}

async fn leave(
    web: &Web,
    of: ConnectionRef,
    purpose: Purpose<'_>,
    reader: &Reader,
    form: &Form,
) -> Shown {
    let landing = local(form.text("next"));
    let started = match web.app.sign_on_requests().start(of, purpose, &landing).await {
        Ok(started) => started,
        Err(error @ Error::Refused(Refusal::SignOnFailed)) => return refuse(of, reader, error),
        Err(error) => return Err(error.into()),
    };
    let outside = Outside::new(reader.text.language, None);
    let page = LeavePage { outside, host: host(&started.url), url: started.url, back: landing };
    let mut response = reply::page(&page)?;
    reply::add_cookie(&mut response, &browser_cookie(web, &started.browser));
    Ok(response)
}

/// The way back.
async fn finish(
    State(web): State<Web>,
    place: Place,
    Anyone(principal): Anyone,
    Client(origin): Client,
    reader: Reader,
    headers: HeaderMap,
) -> Shown {
    let of = connection(&place)?;
    let query = &reader.query;
    let given = |name: &str| query.filled(name).map(ToOwned::to_owned);
    let callback = hallpass_app::sign_on_request::Callback {
        code: given("code"),
        state: given("state"),
        issuer: given("iss"),
        error: given("error"),
    };
    let browser = browser_secret(&web, &headers);
    let request = web.app.request_id();
    let back = Return {
        browser: browser.as_ref().map(Token::expose).unwrap_or_default(),
        callback: &callback,
        principal: principal.as_ref(),
        origin: &origin,
        request: &request,
    };
    let finished = web.app.sign_on_requests().finish(of, query.text("state"), &back).await;
    let mut response = match finished {
        Ok(
            Finished::SignedIn { token, landing }
            | Finished::Reauthenticated { token, landing },
        ) => {
            let mut response = reply::go(&landing)?;
            reply::add_cookie(&mut response, &session_cookie(&web, &token));
            response
        }
        Ok(Finished::Tested { landing }) => {
            reply::done(&landing, &reader.text.get("connection-tested"))?
        }
        Ok(Finished::Connected { token, landing }) => {
            let message = reader.text.get("connection-connected");
            let mut response = reply::done(&landing, &message)?;
            reply::add_cookie(&mut response, &session_cookie(&web, &token));
            response
        }
        Err(error) => refuse(of, &reader, error)?,
    };
    reply::add_cookie(&mut response, &no_browser_cookie(&web));
    Ok(response)
}

/// The consumer service of SAML: the browser comes here from a page of the provider, without our
/// cookies, and collects the result with them.
async fn receive(
    State(web): State<Web>,
    place: Place,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let of = connection(&place)?;
    let form = Form::parse(&body);
    let (response, state) = (form.exact("SAMLResponse"), form.exact("RelayState"));
    let answer = SamlAnswer { response, relay_state: state };
    match web.app.sign_on_requests().receive(of, answer).await {
        Ok(Received::Collect) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("state", state)
                .finish();
            reply::go(&format!("{}?{query}", of.path("callback")))
        }
        Ok(Received::Start) => reply::go(&of.path("start")),
        Err(error) => refuse(of, &reader, error),
    }
}

/// Our metadata of SAML.
async fn metadata(State(web): State<Web>, place: Place) -> Shown {
    let metadata = web.app.identities().metadata(connection(&place)?).await?;
    let kind = [(header::CONTENT_TYPE, "application/samlmetadata+xml; charset=utf-8")];
    Ok((kind, metadata).into_response())
}

async fn log_out_redirected(State(web): State<Web>, place: Place, uri: Uri) -> Shown {
    let message = LogoutMessage::Redirected(uri.query().unwrap_or_default());
    let on = web.app.identities().log_out_by_message(connection(&place)?, message).await?;
    logged_out(on.as_deref())
}

async fn log_out_posted(State(web): State<Web>, place: Place, Raw(body): Raw) -> Shown {
    let form = Form::parse(&body);
    let message = LogoutMessage::Posted {
        request: form.exact("SAMLRequest"),
        relay_state: form.filled("RelayState"),
    };
    let on = web.app.identities().log_out_by_message(connection(&place)?, message).await?;
    logged_out(on.as_deref())
}

fn logged_out(on: Option<&str>) -> Shown {
    reply::leave(on.unwrap_or("/sign-in"))
}

/// From server to server: the answer is a status.
async fn log_out_back(State(web): State<Web>, place: Place, Raw(body): Raw) -> Shown {
    let form = Form::parse(&body);
    let of = connection(&place)?;
    web.app.identities().log_out_by_token(of, form.exact("logout_token")).await?;
    Ok(no_store(StatusCode::OK.into_response()))
}

/// In a frame of a page of the provider, which no other page may show: the answer is empty.
async fn log_out_front(State(web): State<Web>, place: Place, reader: Reader) -> Shown {
    let (issuer, session) = (reader.query.text("iss"), reader.query.text("sid"));
    let of = connection(&place)?;
    let origin = web.app.identities().log_out_by_session(of, issuer, session).await?;
    let mut response = no_store(StatusCode::OK.into_response());
    if let Some(origin) = origin {
        response.extensions_mut().insert(FramedBy(origin));
    }
    Ok(response)
}

fn no_store(response: Response) -> Response {
    let mut response = response;
    let value = axum::http::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// Says why a person does not come in, and how to go on.
fn refuse(of: ConnectionRef, reader: &Reader, error: Error) -> Shown {
    let key = if let Error::Refused(Refusal::SignOnFailed) = &error {
        "refused-sign-on-failed"
    } else if let Error::Refused(Refusal::SignOnTurned(turned)) = &error {
        of_turned(*turned)
    } else {
        return Err(error.into());
    };
    let outside = Outside::new(reader.text.language, None);
    let reason = outside.t(key);
    let connect = (key == "refused-must-connect").then(|| connect_path(of));
    let again = of.path("start");
    reply::refused(403, &RefusedPage { outside, reason, again, connect })
}

/// The path to sign in in another way, which goes on to where the account is connected.
fn connect_path(of: ConnectionRef) -> String {
    let next = format!("/workspace/{}/profile", of.workspace);
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("next", &next).finish();
    format!("/sign-in?{query}")
}
