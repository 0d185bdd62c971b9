//! View as: the dialog that begins a view, and the way back.

use askama::Template;
use axum::extract::{Path, State};
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::MemberId;
use hallpass_web::Web;
use hallpass_web::extract::Client;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/settings/team/{member}/view", ask)
        .post("/workspace/{ws}/settings/team/{member}/view", begin)
        .post("/workspace/{ws}/view/end", end)
}

/// The page that begins a view.
#[derive(Template)]
#[template(path = "view/page.html")]
pub(crate) struct ViewPage {
    frame: Frame,
    person: Person,
    refused: Option<String>,
}

impl ViewPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ViewPage {
        let person = Person::new(&"mbr_2", "Ben <script>");
        let refused = Some("The password is wrong.".to_owned());
        ViewPage { frame: Frame::sample(), person, refused }
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        member: MemberId,
    ) -> Result<ViewPage, Failure> {
        let found = ctx.members().load(member).await?.member;
        let person = Person::new(&found.id, &found.name());
        Ok(ViewPage { frame, person, refused: None })
    }
}

fn parse(member: &str) -> Result<MemberId, Failure> {
    member.parse().map_err(|_| Failure::missing("member"))
}

async fn ask(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&ViewPage::load(&mut ctx, frame, parse(&member)?).await?)
}

async fn begin(
    State(web): State<Web>,
    Client(origin): Client,
    Authenticated(principal): Authenticated,
    Path((ws, member)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    let member = parse(&member)?;
    let mut submission = submission;
    let password = submission.form.exact("password");
    let sessions = web.app.sessions();
    let begun = match sessions.confirm_password(&principal, password, &origin).await {
        Ok(password) => {
            let mut ctx = web.app.enter_to_write(&principal, &ws).await?;
            ctx.views().begin(&principal, member, password).await
        }
        Err(error) => Err(error),
    };
    match begun.map_err(Failure::from) {
        Ok(_) => reply::go(&submission.frame.base),
        Err(Failure(problem)) if problem.status < 500 => {
            let mut ctx = submission.read().await?;
            let page = ViewPage::load(&mut ctx, submission.frame, member).await?;
            let refused = Some(refusal::of_problem(page.frame.text, &problem));
            reply::refused(problem.status, &ViewPage { refused, ..page })
        }
        Err(failure) => Err(failure),
    }
}

async fn end(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path(ws): Path<String>,
) -> Shown {
    let mut ctx = web.app.enter_to_write(&principal.clone().without_view(), &ws).await?;
    ctx.views().end(&principal).await?;
    reply::go(&format!("/workspace/{ws}/settings/team"))
}
