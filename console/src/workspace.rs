//! Workspaces: which one to open, and where a member lands in it.

use askama::Template;
use axum::extract::State;
use hallpass_app::Principal;
use hallpass_app::account::Membership;
use hallpass_domain::member::Status;
use hallpass_web::Web;
use hallpass_web::extract::Raw;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::{Frame, Outside};
use crate::rail;
use crate::reply::{self, Shown};
use crate::viewer::{Authenticated, Reader, Viewer};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/", start)
        .get("/workspaces", list)
        .get("/workspaces/menu", menu)
        .post("/workspaces/restore", restore)
        .get("/workspace/{ws}", land)
        .get("/dashboard/settings/team", team_of_latest)
}

/// A workspace to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// The slug.
    pub(crate) slug: String,
    /// The name.
    pub(crate) name: String,
    /// Its first letter.
    pub(crate) initial: String,
    /// The name of the reader's role.
    pub(crate) role: String,
    /// Whether it is the one that is open.
    pub(crate) is_current: bool,
}

impl Choice {
    fn of(membership: &Membership, current: &str) -> Choice {
        let name = membership.workspace.name.to_string();
        let slug = membership.workspace.slug.to_string();
        Choice {
            is_current: slug == current,
            slug,
            initial: name.chars().next().map(String::from).unwrap_or_default(),
            name,
            role: membership.role_name.clone(),
        }
    }
}

/// The page to choose a workspace.
#[derive(Template)]
#[template(path = "workspace/list.html")]
pub(crate) struct ListPage {
    outside: Outside,
    workspaces: Vec<Choice>,
    /// The deleted ones that the reader can restore.
    deleted: Vec<Deleted>,
    /// Whether the reader may open the operator's console.
    is_operator: bool,
}

/// A deleted workspace that the reader can restore.
#[derive(Clone, Debug)]
pub(crate) struct Deleted {
    id: String,
    name: String,
    until: String,
}

/// The workspaces, in the menu of the switcher.
#[derive(Template)]
#[template(path = "workspace/menu.html")]
struct Menu {
    workspaces: Vec<Choice>,
}

/// The page of a member whose role opens nothing (HALO-221).
#[derive(Template)]
#[template(path = "workspace/no_access.html")]
pub(crate) struct NoAccessPage {
    frame: Frame,
    intro: String,
    advice: String,
}

impl ListPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ListPage {
        let choice = |name: &str, is_current| Choice {
            slug: name.to_lowercase(),
            name: name.to_owned(),
            initial: "N".to_owned(),
            role: "Owner".to_owned(),
            is_current,
        };
        let workspaces = vec![choice("Northwind", true), choice("Acme", false)];
        let deleted = Deleted {
            id: "wsp_1".to_owned(),
            name: "<script>".to_owned(),
            until: "until tomorrow".to_owned(),
        };
        ListPage {
            outside: Outside::sample(),
            workspaces,
            deleted: vec![deleted],
            is_operator: true,
        }
    }
}

impl NoAccessPage {
    #[cfg(test)]
    pub(crate) fn sample() -> NoAccessPage {
        let frame = Frame::sample();
        let intro = "You are a member of Northwind.".to_owned();
        NoAccessPage { frame, intro, advice: "Dana can give you access.".to_owned() }
    }
}

async fn memberships(web: &Web, principal: &Principal) -> Result<Vec<Membership>, Failure> {
    let mut found = web.app.accounts().memberships(principal).await?;
    found.retain(|membership| membership.status == Status::Active);
    found.sort_by_key(|membership| std::cmp::Reverse(membership.visited_at));
    Ok(found)
}

/// Opens the workspace that was used last, or the choice.
async fn start(State(web): State<Web>, Authenticated(principal): Authenticated) -> Shown {
    let found = memberships(&web, &principal).await?;
    match found.first() {
        Some(latest) => reply::go(&format!("/workspace/{}", latest.workspace.slug)),
        None => reply::go("/workspaces"),
    }
}

/// The route of Halo for its team page (HALO-005).
async fn team_of_latest(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
) -> Shown {
    let found = memberships(&web, &principal).await?;
    match found.first() {
        Some(latest) => {
            reply::go(&format!("/workspace/{}/settings/team", latest.workspace.slug))
        }
        None => reply::go("/workspaces"),
    }
}

async fn list(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let found = memberships(&web, &principal).await?;
    let workspaces = found.iter().map(|one| Choice::of(one, "")).collect();
    let deleted = web.app.workspaces().list_restorable(&principal).await?;
    let deleted = deleted.into_iter().map(|(workspace, until)| {
        let until = Moment::new(reader.text, until, web.app.now(), "UTC").exact;
        Deleted {
            id: workspace.id.to_string(),
            name: workspace.name.to_string(),
            until: text!(reader.text, "restorable-until", until = until),
        }
    });
    let deleted = deleted.collect();
    let is_operator = web.app.operators().may_enter(&principal).await?;
    let outside = reader.outside();
    reply::page(&ListPage { outside, workspaces, deleted, is_operator })
}

/// Restores a deleted workspace, and opens it.
async fn restore(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
    Raw(body): Raw,
) -> Shown {
    let form = Form::parse(&body);
    let workspace = web.app.workspaces().restore(&principal, form.text("workspace")).await?;
    let message = text!(reader.text, "restored", workspace = workspace.name.as_str());
    reply::done(&format!("/workspace/{}", workspace.slug), &message)
}

async fn menu(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    reader: Reader,
) -> Shown {
    let found = memberships(&web, &principal).await?;
    let current = reader.query.text("current");
    let workspaces = found.iter().map(|one| Choice::of(one, current)).collect();
    reply::page(&Menu { workspaces })
}

/// The page on which a member starts: the one of their choice, else the first that they may open.
async fn land(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    // The transaction is over after the membership is loaded.
    let helpers =
        if frame.rail.is_empty() { ctx.workspace().helpers().await? } else { Vec::new() };
    let own = ctx.workspace().own_membership().await?;
    let landing = own.landing.map(|key| format!("/{key}"));
    let links = frame.rail.groups.iter().flat_map(|group| &group.links);
    let chosen = landing
        .and_then(|landing| links.clone().find(|link| link.href.ends_with(&landing)))
        .or_else(|| frame.rail.first());
    let settings = frame.rail.settings.as_ref().filter(|href| !rail::is_own(href));
    if let Some(href) = chosen.map(|link| &link.href).or(settings) {
        return reply::go(href);
    }
    let intro = text!(frame.text, "no-access-intro", workspace = &frame.workspace);
    let advice = if helpers.is_empty() {
        frame.t("no-access-administrator")
    } else {
        text!(frame.text, "no-access-advice", people = helpers.join(", "))
    };
    reply::page(&NoAccessPage { frame, intro, advice })
}
