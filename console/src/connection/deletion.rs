//! The deletion of a connection.

use hallpass_web::extract::Path;

use super::form::parse;
use crate::dialog::Dialog;
use crate::reply::{self, Shown};
use crate::setting::AuthenticationPage;
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

pub(super) async fn ask(Path((_, id)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let connection = ctx.connections().load(parse(&id)?).await?.connection;
    let path = format!("{}/settings/authentication", frame.base);
    let dialog = Dialog {
        title: text!(frame.text, "connection-delete-title", name = &connection.name),
        effects: vec![frame.t("connection-delete-effect"), frame.t("cannot-be-undone")],
        action: format!("{path}/{}/delete", connection.id),
        verb: frame.t("connection-delete"),
        keep: frame.t("keep-it"),
        back: format!("{path}/{}", connection.id),
        word: None,
    };
    reply::page(&AuthenticationPage::covered(&mut ctx, frame, dialog).await?)
}

pub(super) async fn delete(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let mut ctx = submission.write().await?;
    ctx.connections().delete(&principal, id).await?;
    let frame = &submission.frame;
    let path = format!("{}/settings/authentication", frame.base);
    reply::done(&path, &frame.t("connection-deleted"))
}
