//! The identity providers that the reader's account is connected to: the list, and the end of one.

use axum::extract::State;
use axum::response::Response;
use hallpass_app::Principal;
use hallpass_app::identity::own::OwnConnection;
use hallpass_web::Web;
use hallpass_web::extract::{Path, session_cookie};

use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Authenticated;

/// A connection of the workspace, as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct IdentityRow {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The path that begins to connect.
    pub(crate) connect_path: String,
    /// Since when the account is connected.
    pub(crate) since: Option<Moment>,
}

impl IdentityRow {
    fn of(frame: &Frame, connection: OwnConnection) -> IdentityRow {
        IdentityRow {
            id: connection.of.connection.to_string(),
            connect_path: connection.of.path("connect"),
            name: connection.name,
            since: connection.connected.map(|(since, _)| frame.moment(since)),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<IdentityRow> {
        let row = |since| IdentityRow {
            id: "con_1".to_owned(),
            name: "<script>".to_owned(),
            connect_path: "/sso/a/b/connect".to_owned(),
            since,
        };
        vec![row(None), row(Some(Moment::default()))]
    }
}

/// The connections of the workspace that are on, and those that the account is connected to.
pub(super) async fn load_rows(
    web: &Web,
    principal: &Principal,
    frame: &Frame,
) -> Result<Vec<IdentityRow>, Failure> {
    let found = web.app.identities().list_own(principal, &frame.slug).await?;
    Ok(found.list.into_iter().map(|one| IdentityRow::of(frame, one)).collect())
}

pub(super) async fn disconnect(
    State(web): State<Web>,
    Authenticated(principal): Authenticated,
    Path((_, connection)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    let id = connection.parse().map_err(|_| Failure::missing("connection"))?;
    let frame = &submission.frame;
    let token = web.app.identities().disconnect(&principal, &frame.slug, id).await?;
    let path = format!("{}/profile#signing-in", frame.base);
    let mut response: Response = reply::done(&path, &frame.t("identity-disconnected"))?;
    reply::add_cookie(&mut response, &session_cookie(&web, &token));
    Ok(response)
}
