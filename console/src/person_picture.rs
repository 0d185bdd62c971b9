//! Pictures beside names: those of members, and the logo of the workspace. Each has an address that is another one when
//! the picture is, so that a browser loads it once.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::picture::Picture;
use hallpass_domain::id::MemberId;
use hallpass_web::routes::Routes;

use crate::failure::Failure;
use crate::frame::{Frame, Person, workspace_logo};
use crate::reply::Shown;
use crate::viewer::Viewer;

/// How long a browser keeps a picture: its address has the version in it.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400");

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/pictures/{member}", show)
        .get("/workspace/{ws}/logo", show_logo)
}

/// Gives the people of a page their pictures.
pub(crate) async fn add<'p>(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    people: impl IntoIterator<Item = &'p mut Person>,
) -> Result<(), Failure> {
    let with_id = |person: &'p mut Person| Some((person.id.parse::<MemberId>().ok()?, person));
    let people: Vec<(MemberId, &mut Person)> = people.into_iter().filter_map(with_id).collect();
    let mut ids: Vec<MemberId> = people.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let found = ctx.members().pictures(&ids).await?;
    for (id, person) in people {
        *person = std::mem::take(person).with_picture(&frame.base, found.get(&id).copied());
    }
    Ok(())
}

async fn show(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, .. } = viewer;
    let member = member.parse().map_err(|_| Failure::missing("picture"))?;
    file(ctx.members().picture(member).await?)
}

async fn show_logo(viewer: Viewer) -> Shown {
    let logo = workspace_logo(&viewer.ctx).and_then(Picture::of_url);
    file(logo.ok_or_else(|| Failure::missing("picture"))?)
}

fn file(picture: Picture) -> Shown {
    let kind = HeaderValue::from_str(&picture.kind).map_err(|_| Failure::missing("picture"))?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEPT)];
    Ok((headers, picture.data).into_response())
}
