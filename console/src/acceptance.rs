//! The acceptance of an invitation, by the link in its mail: with a new account, with an existing one, or
//! with the one that is signed in (HARMONIA-46).

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hallpass_app::Principal;
use hallpass_app::account::SignUp;
use hallpass_app::invitation::acceptance::{Acceptance, InvitationPreview};
use hallpass_app::origin::Origin;
use hallpass_app::secret::Token;
use hallpass_app::session::sign_in::SignIn;
use hallpass_domain::secret::Secret;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::{
    Anyone, Client, Path, Raw, RequestId, pending_cookie, session_cookie,
};
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::Outside;
use crate::reply::{self, Shown};
use crate::sign_in::code_path;
use crate::text::Text;
use crate::viewer::Reader;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/invitations/{token}", show).post("/invitations/{token}", accept)
}

/// The page of an invitation.
#[derive(Template)]
#[template(path = "acceptance/page.html")]
pub(crate) struct AcceptancePage {
    outside: Outside,
    /// The invitation, if the link is one.
    offer: Option<Offer>,
    way: Way,
    faults: Faults,
}

/// What is offered, and by whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    workspace: String,
    initial: String,
    logo: Option<String>,
    inviter: String,
    role: String,
    email: String,
    until: Moment,
    /// What the new member will see, by name, in a sentence.
    opens: Option<String>,
}

/// What the reader can do with it.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// Create an account.
    New { first_name: String, last_name: String, path: String },
    /// Use the account of the address, by its password.
    Known { path: String },
    /// Join with the account that is signed in.
    Own,
    /// Switch from the account of another address.
    Other { signed_in: String, path: String },
    /// Nothing; the link is dead.
    Dead { title: String, advice: String, open: Option<String> },
}

impl AcceptancePage {
    #[cfg(test)]
    pub(crate) fn samples() -> Vec<AcceptancePage> {
        let text = String::from;
        let ways = [
            Way::New {
                first_name: text("<script>"),
                last_name: text("Ngata"),
                path: text("#"),
            },
            Way::Known { path: text("#") },
            Way::Own,
            Way::Other { signed_in: text("noor.haddad@gmail.com"), path: text("#") },
            Way::Dead { title: text("Expired"), advice: text("Ask."), open: Some(text("#")) },
        ];
        let offer = Offer {
            workspace: text("<script>"),
            initial: text("N"),
            inviter: text("Dana Whitfield"),
            role: text("Member"),
            email: text("aroha@northwind.io"),
            opens: Some(text("You will see Contacts.")),
            ..Offer::default()
        };
        let page = |way| AcceptancePage {
            outside: Outside::sample(),
            offer: Some(offer.clone()),
            way,
            faults: Faults::default(),
        };
        ways.into_iter().map(page).collect()
    }
}

impl Offer {
    fn of(web: &Web, text: Text, preview: &InvitationPreview) -> Offer {
        let workspace = &preview.workspace;
        let setting = |area: &str, key: &str| {
            workspace.settings.get(area)?.get(key)?.as_str().map(str::to_owned)
        };
        let name = workspace.name.to_string();
        let zone = setting("general", "time_zone").unwrap_or_else(|| "UTC".to_owned());
        let list = preview.opens.join(", ");
        Offer {
            initial: name.chars().next().map(String::from).unwrap_or_default(),
            logo: setting("branding", "logo").or_else(|| setting("general", "logo")),
            inviter: preview.inviter.clone(),
            role: preview.role_name.clone(),
            email: preview.invitation.email.to_string(),
            until: Moment::new(text, preview.invitation.expires_at, web.app.now(), &zone),
            opens: (!list.is_empty()).then(|| text!(text, "accept-opens", list = list)),
            workspace: name,
        }
    }
}

async fn show(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    reader: Reader,
    Path(token): Path<String>,
) -> Shown {
    let has_account = reader.query.text("have") == "account";
    let text = reader.text;
    let outside = reader.outside();
    let path = format!("/invitations/{token}");
    let preview = match web.app.invitations().load(&Token::received(&token)).await {
        Ok(preview) => preview,
        Err(hallpass_app::Error::Missing { .. }) => return unknown(outside),
        Err(error) => return Err(error.into()),
    };
    let offer = Some(Offer::of(&web, text, &preview));
    let (status, way) = match dead(&web, text, &preview) {
        Some(way) => (410, way),
        None => (200, way(&web, principal.as_ref(), &preview, path, has_account).await?),
    };
    let page = AcceptancePage { outside, offer, way, faults: Faults::default() };
    reply::refused(status, &page)
}

fn unknown(outside: Outside) -> Shown {
    let (title, advice) = (outside.t("link-dead"), outside.t("accept-unknown"));
    let way = Way::Dead { title, advice, open: None };
    reply::refused(
        404,
        &AcceptancePage { outside, offer: None, way, faults: Faults::default() },
    )
}

/// Why an invitation can no longer be accepted, and how to get another.
fn dead(web: &Web, text: Text, preview: &InvitationPreview) -> Option<Way> {
    let (inviter, workspace) = (&preview.inviter, preview.workspace.name.to_string());
    let again = || text!(text, "accept-again", inviter = inviter);
    let (title, advice, open) = match preview.invitation.status(web.app.now()) {
        "pending" if preview.outdated.is_none() => return None,
        "pending" => (text.get("accept-outdated"), again(), None),
        "accepted" => {
            let advice = text!(text, "accept-used-advice", workspace = &workspace);
            let path = format!("/workspace/{}", preview.workspace.slug);
            (text.get("accept-used"), advice, Some(path))
        }
        "revoked" => (text.get("accept-revoked"), again(), None),
        _ => (text.get("accept-expired"), again(), None),
    };
    Some(Way::Dead { title, advice, open })
}

/// What the reader can do with an invitation that can be accepted.
async fn way(
    web: &Web,
    principal: Option<&Principal>,
    preview: &InvitationPreview,
    path: String,
    has_account: bool,
) -> Result<Way, Failure> {
    let Some(principal) = principal else {
        if has_account {
            return Ok(Way::Known { path });
        }
        let name = preview.invitation.name.clone().unwrap_or_default();
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        return Ok(Way::New { first_name, last_name, path });
    };
    let account = web.app.accounts().load(principal).await?;
    if account.email == preview.invitation.email {
        return Ok(Way::Own);
    }
    Ok(Way::Other { signed_in: account.email.to_string(), path })
}

async fn accept(
    State(web): State<Web>,
    Anyone(principal): Anyone,
    Client(origin): Client,
    RequestId(request): RequestId,
    reader: Reader,
    Path(token): Path<String>,
    Raw(body): Raw,
) -> Shown {
    let (form, text) = (Form::parse(&body), reader.text);
    let path = format!("/invitations/{token}");
    let token = Token::received(&token);
    let preview = match web.app.invitations().load(&token).await {
        Ok(preview) => preview,
        Err(hallpass_app::Error::Missing { .. }) => {
            return unknown(Outside::new(text.language, None));
        }
        Err(error) => return Err(error.into()),
    };
    let accepted = match &principal {
        Some(principal) => {
            let accepted = web.app.invitations().accept(principal, &token).await;
            accepted.map(|acceptance| (Entry::Open, acceptance))
        }
        None => join(&web, &token, (text, &form), &origin, &request).await,
    };
    match accepted {
        Ok((entry, acceptance)) => joined(&web, text, &entry, &acceptance),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem.into());
            }
            let offer = Some(Offer::of(&web, text, &preview));
            let (way, faults) = match dead(&web, text, &preview) {
                Some(way) => (way, Faults::default()),
                None if principal.is_some() => {
                    let way = way(&web, principal.as_ref(), &preview, path, false).await?;
                    (way, Faults::of(text, &problem, &[]))
                }
                None => again(text, &form, &problem, path, offer.as_ref()),
            };
            let outside = reader.outside_again();
            let page = AcceptancePage { outside, offer, way, faults };
            reply::refused(problem.status, &page)
        }
    }
}

/// How a person who has joined goes on.
enum Entry {
    /// With the session that they have.
    Open,
    /// With a new session.
    Session(Token),
    /// With the second factor of their account.
    SecondFactor(Token),
}

/// Accepts with a password: a new account, or the one of the address, which is then signed in.
async fn join(
    web: &Web,
    token: &Token,
    (text, form): (Text, &Form),
    origin: &Origin,
    request: &str,
) -> Result<(Entry, Acceptance), hallpass_app::Error> {
    let sign_up = SignUp {
        email: String::new(),
        password: Secret::new(form.exact("password").to_owned()),
        first_name: form.text("first_name").to_owned(),
        last_name: form.text("last_name").to_owned(),
        locale: Some(text.language.tag().to_owned()),
    };
    let invitations = web.app.invitations();
    let (session, joined) =
        invitations.accept_with_password(token, &sign_up, origin, request).await?;
    if let Some(session) = session {
        return Ok((Entry::Session(session), joined));
    }
    let (sessions, email) = (web.app.sessions(), joined.member.email.as_str());
    let entry =
        match sessions.begin_sign_in(email, sign_up.password.expose(), None, origin).await? {
            SignIn::Complete(done) => Entry::Session(done.session),
            SignIn::Pending(pending) => Entry::SecondFactor(pending),
        };
    Ok((entry, joined))
}

/// Lands in the workspace.
fn joined(
    web: &Web,
    text: Text,
    entry: &Entry,
    acceptance: &Acceptance,
) -> Result<Response, Failure> {
    let name = acceptance.workspace.name.as_str();
    let welcome = text!(text, "accept-done", workspace = name);
    let lapsed = acceptance.lapsed.iter().map(ToString::to_string);
    let message: Vec<String> = std::iter::once(welcome).chain(lapsed).collect();
    let path = format!("/workspace/{}", acceptance.workspace.slug);
    let (path, cookie) = match entry {
        Entry::Open => (path, None),
        Entry::Session(session) => (path, Some(session_cookie(web, session))),
        Entry::SecondFactor(pending) => (code_path(&path), Some(pending_cookie(web, pending))),
    };
    let mut response = reply::done(&path, &message.join(" "))?;
    if let Some(cookie) = cookie {
        reply::add_cookie(&mut response, &cookie);
    }
    Ok(response)
}

/// The form that was refused, or the other one where the address has an account, or has none.
fn again(
    text: Text,
    form: &Form,
    problem: &Problem,
    path: String,
    offer: Option<&Offer>,
) -> (Way, Faults) {
    let was_known = form.text("have") == "account";
    let is_known = ["address_taken", "bad_credentials"].contains(&problem.code);
    let email = offer.map(|offer| offer.email.as_str()).unwrap_or_default();
    if is_known {
        let faults = if was_known {
            Faults::field("password", text.get("accept-wrong-password"))
        } else {
            Faults::whole(text!(text, "accept-has-account", email = email))
        };
        return (Way::Known { path }, faults);
    }
    if was_known && problem.status != 422 {
        return (Way::Known { path }, Faults::of(text, problem, &["password"]));
    }
    let faults = if was_known {
        Faults::whole(text!(text, "accept-no-account", email = email))
    } else {
        Faults::of(text, problem, &["password", "first_name", "last_name"])
    };
    let (first_name, last_name) =
        (form.text("first_name").to_owned(), form.text("last_name").to_owned());
    (Way::New { first_name, last_name, path }, faults)
}
