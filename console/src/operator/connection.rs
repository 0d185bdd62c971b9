//! The form that turns a single sign-on connection of a workspace off, when its provider fails.

use askama::Template;
use axum::extract::State;
use hallpass_app::connection::operator::Requirement;
use hallpass_app::operation::Operator;
use hallpass_domain::id::ConnectionId;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::gate::{OperatorSubmission, OperatorViewer};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The form.
#[derive(Template)]
#[template(path = "operator/connection.html")]
pub(crate) struct ConnectionOffPage {
    frame: Frame,
    slug: String,
    id: String,
    name: String,
    is_on: bool,
    /// Whether the requirement of single sign-on is to end.
    ends: bool,
    refused: Option<String>,
}

impl ConnectionOffPage {
    async fn load(
        web: &Web,
        (operator, workspace, id): (&Operator, &str, ConnectionId),
        frame: Frame,
        (ends, refused): (bool, Option<String>),
    ) -> Result<ConnectionOffPage, Failure> {
        let found = web.app.connections().list_as(operator, workspace).await?;
        let found = found.into_iter().find(|one| one.connection.id == id);
        let connection = found.ok_or_else(|| Failure::missing("connection"))?.connection;
        Ok(ConnectionOffPage {
            slug: workspace.to_owned(),
            id: id.to_string(),
            name: connection.name,
            is_on: connection.is_on,
            ends,
            refused,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ConnectionOffPage {
        ConnectionOffPage {
            frame: Frame::sample(),
            slug: "northwind".into(),
            id: "con_1".into(),
            name: "<script>".into(),
            is_on: true,
            ends: false,
            refused: Some("Refused.".into()),
        }
    }
}

fn id(text: &str) -> Result<ConnectionId, Failure> {
    text.parse().map_err(|_| Failure::missing("connection"))
}

pub(super) async fn ask(
    State(web): State<Web>,
    Path((workspace, connection)): Path<(String, String)>,
    viewer: OperatorViewer,
) -> Shown {
    let OperatorViewer { operator, frame, .. } = viewer;
    let of = (&operator, workspace.as_str(), id(&connection)?);
    reply::page(&ConnectionOffPage::load(&web, of, frame, (false, None)).await?)
}

pub(super) async fn turn_off(
    State(web): State<Web>,
    Path((workspace, connection)): Path<(String, String)>,
    submission: OperatorSubmission,
) -> Shown {
    let OperatorSubmission { operator, frame, form, .. } = submission;
    let (connection, ends) = (id(&connection)?, form.filled("end_requirement").is_some());
    let requirement = if ends { Requirement::Ends } else { Requirement::Stays };
    let connections = web.app.connections();
    let off = connections.turn_off_as(&operator, &workspace, connection, requirement);
    let Err(error) = off.await else {
        let message = frame.t("operator-connection-off-done");
        return reply::done(&format!("/operator/workspaces/{workspace}"), &message);
    };
    let problem = Problem::from(error);
    if problem.code != "in_use" {
        return Err(problem.into());
    }
    let refused = Some(frame.t("operator-connection-required"));
    let of = (&operator, workspace.as_str(), connection);
    let page = ConnectionOffPage::load(&web, of, frame, (ends, refused)).await?;
    reply::refused(problem.status, &page)
}
