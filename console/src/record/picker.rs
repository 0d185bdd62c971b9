//! The choice of an owner: the reader, no owner, or an active member, found by name.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::owner::may_give;

use super::kind::Kind;
use crate::failure::Failure;
use crate::format;
use crate::frame::Frame;
use crate::picker::{Choice, LISTED, Picker, Search};
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The owners that match a name, as options.
#[derive(Template)]
#[template(path = "record/owners.html")]
struct Owners {
    options: Vec<Choice>,
}

/// The choice of an owner for records of a type; none for a reader who may choose none. `chosen` is
/// the word of the current owner, with their name.
pub(crate) async fn load(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    chosen: (&str, &str),
) -> Result<Option<Picker>, Failure> {
    let reassigns = kind.reassigning().unwrap_or_default();
    if !ctx.opens(&RecordPermission::new(&kind.key, reassigns)) {
        return Ok(None);
    }
    let (mut options, has_more) = options(ctx, kind, None).await?;
    if may_give(ctx, &kind.resource, OwnerRef::Unowned) {
        let name = frame.t("records-unassigned");
        let value = "unowned".to_owned();
        options.insert(0, Choice { value, name, is_chosen: false });
    }
    let (word, name) = chosen;
    if !word.is_empty() && !options.iter().any(|one| one.value == word) {
        let name = if name.is_empty() { word } else { name };
        let choice = Choice { value: word.to_owned(), name: name.to_owned(), is_chosen: true };
        options.insert(0, choice);
    }
    for option in &mut options {
        option.is_chosen = option.value == word;
    }
    let search = has_more.then(|| Search {
        path: format!("{}/owners", kind.path),
        field: "q".to_owned(),
        label: frame.t("record-find-owner"),
        ..Search::default()
    });
    Ok(Some(Picker {
        id: "f-owner".to_owned(),
        name: "owner".to_owned(),
        label: format::capital(&frame.word("record_owner")),
        options,
        search,
        error: None,
        is_first: false,
    }))
}

/// The active members who match a name, and whether there are more.
async fn options(
    ctx: &mut WorkspaceContext,
    kind: &Kind,
    name: Option<String>,
) -> Result<(Vec<Choice>, bool), Failure> {
    let page = ctx.records().list_owners(&kind.key, name, None, LISTED).await?;
    let choice = |member: &hallpass_domain::member::Member| Choice {
        value: member.id.to_string(),
        name: member.name(),
        is_chosen: false,
    };
    let may = |member: &&hallpass_domain::member::Member| {
        may_give(ctx, &kind.resource, OwnerRef::Member(member.id))
    };
    Ok((page.members.iter().filter(may).map(choice).collect(), page.next.is_some()))
}

/// Shows the owners that match a name, for the choice of an owner.
pub(crate) async fn find(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let name = query.filled("q").map(str::to_owned);
    let (options, _) = options(&mut ctx, &kind, name).await?;
    reply::page(&Owners { options })
}
