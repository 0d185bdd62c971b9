//! Integrations: the connections that programs of the workspace read.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ConnectIntegrations, DisconnectIntegrations};
use hallpass_domain::setting::Area;
use hallpass_web::extract::Path;
use serde_json::{Value, json};

use super::values::{self, Values};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of the integrations.
#[derive(Template)]
#[template(path = "setting/integrations.html")]
pub(crate) struct IntegrationsPage {
    frame: Frame,
    version: String,
    connections: Vec<Connection>,
    may_connect: bool,
    may_disconnect: bool,
    key: String,
    kind: String,
    name: String,
    faults: Faults,
}

/// A connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    key: String,
    kind: String,
    name: String,
    is_on: bool,
    /// The names of its secrets.
    secrets: String,
}

impl Connection {
    fn of(key: &str, value: &Value) -> Connection {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let secrets = value["config"].as_object().into_iter().flatten();
        Connection {
            key: key.to_owned(),
            kind: text("kind"),
            name: text("name"),
            is_on: value["enabled"] != json!(false),
            secrets: secrets.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        }
    }
}

impl IntegrationsPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        typed: &Form,
        faults: Faults,
    ) -> Result<IntegrationsPage, Failure> {
        let values = Values::load(ctx, Area::Integrations, None).await?;
        let connections = values.objects("connections");
        Ok(IntegrationsPage {
            connections: connections.map(|(key, one)| Connection::of(key, one)).collect(),
            version: values.version(),
            may_connect: ctx.opens(&ConnectIntegrations),
            may_disconnect: ctx.opens(&DisconnectIntegrations),
            key: typed.text("key").to_owned(),
            kind: typed.text("kind").to_owned(),
            name: typed.text("name").to_owned(),
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> IntegrationsPage {
        let value = json!({"kind": "slack", "name": "<script>", "config": {"token": "•"}});
        IntegrationsPage {
            frame: Frame::sample(),
            version: "a".to_owned(),
            connections: vec![Connection::of("slack", &value)],
            may_connect: true,
            may_disconnect: true,
            key: String::new(),
            kind: String::new(),
            name: String::new(),
            faults: Faults::default(),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let (form, faults) = (Form::default(), Faults::default());
    reply::page(&IntegrationsPage::load(&mut ctx, frame, &form, faults).await?)
}

/// Adds a connection.
pub(super) async fn connect(submission: Submission) -> Shown {
    let form = submission.form.clone();
    let secret = form.exact("secret");
    let (kind, name) = (form.text("kind"), form.text("name"));
    let connection = if secret.is_empty() {
        json!({"kind": kind, "name": name})
    } else {
        json!({"kind": kind, "name": name, "config": {"secret": secret}})
    };
    let key = form.text("key").to_owned();
    save(submission, key, connection, "integrations-connected").await
}

/// Switches a connection on or off, or removes it.
pub(super) async fn change(
    Path((_, key)): Path<(String, String)>,
    submission: Submission,
) -> Shown {
    match submission.form.text("do") {
        "remove" => save(submission, key, Value::Null, "integrations-removed").await,
        "on" => save(submission, key, json!({"enabled": true}), "integrations-saved").await,
        _ => save(submission, key, json!({"enabled": false}), "integrations-saved").await,
    }
}

async fn save(
    mut submission: Submission,
    key: String,
    connection: Value,
    message: &'static str,
) -> Shown {
    let connections = Value::Object(values::one(&key, connection));
    let given = values::one("connections", connections);
    match values::save(&mut submission, Area::Integrations, &given).await {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/integrations", frame.base);
            reply::done(&path, &frame.t(message))
        }
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &[])?;
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame, submission.form);
            let page = IntegrationsPage::load(&mut ctx, frame, &form, faults).await?;
            reply::refused(problem.status, &page)
        }
    }
}
