//! The page of the profile.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::account::ProfileChange;
use hallpass_domain::account::NOTIFICATIONS;
use hallpass_domain::member::Status;
use hallpass_domain::session::Session;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::client::program;
use super::factor::SigningIn;
use super::reader::OwnReader;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::Frame;
use crate::picture::Picture;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::text::Language;
use crate::viewer::Authenticated;

/// The page of the profile.
#[derive(Template)]
#[template(path = "own_profile/page.html")]
pub(crate) struct OwnProfilePage {
    frame: Frame,
    email: String,
    is_confirmed: bool,
    first_name: String,
    last_name: String,
    picture: Picture,
    /// The languages: tag, name, whether it is chosen.
    languages: Vec<(String, &'static str, bool)>,
    /// The notifications: key, text, whether it is on.
    notifications: Vec<(&'static str, String, bool)>,
    signing_in: SigningIn,
    sessions: Vec<SessionRow>,
    has_others: bool,
    workspaces: Vec<WorkspaceRow>,
    faults: Faults,
}

/// A session in the list.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    id: String,
    /// The program, as far as its name tells.
    client: String,
    icon: &'static str,
    seen: Moment,
    is_current: bool,
}

/// A workspace in the list.
#[derive(Clone, Debug)]
pub(crate) struct WorkspaceRow {
    slug: String,
    name: String,
    initial: String,
    role: String,
    is_current: bool,
    is_active: bool,
}

impl SessionRow {
    fn of(frame: &Frame, session: &Session, current: Option<&Session>) -> SessionRow {
        let is_phone =
            ["Mobile", "Android", "iPhone"].iter().any(|word| session.client.contains(word));
        SessionRow {
            id: session.id.to_string(),
            client: program(frame, &session.client),
            icon: if is_phone { "smartphone" } else { "monitor" },
            seen: frame.moment(session.seen_at),
            is_current: current.is_some_and(|current| current.id == session.id),
        }
    }
}

impl OwnProfilePage {
    pub(super) async fn load(
        web: &Web,
        principal: &Principal,
        frame: Frame,
        typed: Option<&Form>,
        faults: Faults,
    ) -> Result<OwnProfilePage, Failure> {
        let account = web.app.accounts().load(principal).await?;
        let sessions = web.app.sessions().list(principal).await?;
        let id = principal.session()?;
        let current = sessions.iter().find(|session| session.id == id);
        let rows = sessions.iter().map(|one| SessionRow::of(&frame, one, current)).collect();
        let memberships = web.app.accounts().memberships(principal).await?;
        let workspaces = memberships.iter().map(|one| {
            let (name, slug) = (one.workspace.name.to_string(), one.workspace.slug.to_string());
            WorkspaceRow {
                initial: name.chars().next().map(String::from).unwrap_or_default(),
                is_current: slug == frame.slug,
                is_active: one.status == Status::Active,
                role: one.role_name.clone(),
                name,
                slug,
            }
        });
        let of = |key: &str, stored: &str| {
            let typed = typed.and_then(|form| form.find(key));
            typed.map_or_else(|| stored.to_owned(), str::to_owned)
        };
        let locale = of("locale", &account.locale);
        let chosen = Language::of_tag(&locale);
        let names = [(Language::English, "English"), (Language::German, "Deutsch")];
        let languages = names.map(|(language, name)| {
            let is_chosen = chosen == Some(language);
            let tag = if is_chosen { locale.clone() } else { language.tag().to_owned() };
            (tag, name, is_chosen)
        });
        let notifications = NOTIFICATIONS.map(|(key, _)| {
            let text = match key {
                "api_key_expiring" => frame.t("notify-api-key"),
                "invitation_accepted" => frame.t("notify-invitation"),
                "ownership_transferred" => frame.t("notify-ownership"),
                _ => frame.t("notify-deleted"),
            };
            (key, text, account.wants(key))
        });
        Ok(OwnProfilePage {
            email: account.email.to_string(),
            is_confirmed: account.confirmed_at.is_some(),
            first_name: of("first_name", account.first_name.as_str()),
            last_name: of("last_name", &account.last_name),
            picture: Picture::new("picture", account.picture.clone(), faults.at("picture")),
            languages: languages.into(),
            notifications: notifications.into(),
            signing_in: SigningIn::load(web, principal, &frame).await?,
            has_others: sessions.len() > 1,
            sessions: rows,
            workspaces: workspaces.collect(),
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> OwnProfilePage {
        let session = SessionRow {
            id: "ses_1".into(),
            client: "<script>".into(),
            icon: "monitor",
            seen: Moment::default(),
            is_current: false,
        };
        let workspace = WorkspaceRow {
            slug: "northwind".into(),
            name: "<script>".into(),
            initial: "N".into(),
            role: "Owner".into(),
            is_current: true,
            is_active: true,
        };
        OwnProfilePage {
            frame: Frame::sample(),
            email: "dana@northwind.io".into(),
            is_confirmed: false,
            first_name: "<script>".into(),
            last_name: "Whitfield".into(),
            picture: Picture::sample(),
            languages: vec![("en".into(), "English", true)],
            notifications: vec![("workspace_deleted", "Deleted".into(), true)],
            signing_in: SigningIn::sample(),
            sessions: vec![session],
            has_others: true,
            workspaces: vec![workspace],
            faults: Faults::field("present", "Wrong.".into()),
        }
    }
}

pub(super) async fn show(reader: OwnReader) -> Shown {
    let OwnReader { web, principal, frame } = reader;
    let faults = Faults::default();
    reply::page(&OwnProfilePage::load(&web, &principal, frame, None, faults).await?)
}

pub(super) async fn save(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    submission: Submission,
) -> Shown {
    let form = &submission.form;
    let text = |key: &str| form.find(key).map(str::to_owned);
    let picture = if form.is_checked("picture_remove") {
        Some(None)
    } else {
        form.filled("picture").map(|picture| Some(picture.to_owned()))
    };
    // A form of another part of the page has no notifications, and changes none.
    let notifications: Map<String, Value> = if form.is_checked("notifications") {
        let chosen =
            NOTIFICATIONS.map(|(key, _)| (key.to_owned(), form.is_checked(key).into()));
        chosen.into_iter().collect()
    } else {
        Map::new()
    };
    let change = ProfileChange {
        first_name: text("first_name"),
        last_name: text("last_name"),
        picture,
        locale: text("locale"),
        notifications,
    };
    match web.app.accounts().update(&principal, &change).await {
        Ok(account) => {
            let language = Language::of_tag(&account.locale).unwrap_or_default();
            let message = crate::text::Text { language }.get("profile-saved");
            reply::done(&format!("{}/profile", submission.frame.base), &message)
        }
        Err(error) => refused(&web, &principal, submission, &Problem::from(error)).await,
    }
}

/// Shows the page with what was refused.
pub(super) async fn refused(
    web: &Web,
    principal: &Principal,
    submission: Submission,
    problem: &Problem,
) -> Shown {
    let known = ["first_name", "last_name", "picture", "locale", "present", "new"];
    let faults = if problem.code == "wrong_password" {
        Faults::field("present", submission.frame.t("wrong-password"))
    } else {
        Faults::of_form(&submission.frame, problem, &known)?
    };
    let (frame, form) = (submission.frame, submission.form);
    let page = OwnProfilePage::load(web, principal, frame, Some(&form), faults).await?;
    reply::refused(problem.status, &page)
}
