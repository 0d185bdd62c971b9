//! The log of operations: what operators and jobs did from outside.

use askama::Template;
use axum::extract::State;
use hallpass_domain::id::OperationId;
use hallpass_domain::operation::Operation;
use hallpass_web::Web;
use serde_json::Value;

use super::gate::OperatorViewer;
use super::workspace_list::href;
use crate::audit::{action_in_words, label};
use crate::blueprint;
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::text::Text;

/// The rows of a page.
const PAGE: usize = 30;

/// The characters of a value that are shown.
const LONGEST: usize = 160;

const PATH: &str = "/operator/operations";

/// The log of operations.
#[derive(Template)]
#[template(path = "operator/operations.html")]
pub(crate) struct OperationsPage {
    frame: Frame,
    /// The kinds: key, words, whether it is chosen.
    actions: Vec<(String, String, bool)>,
    rows: Vec<OperationRow>,
    is_filtered: bool,
    first: Option<String>,
    next: Option<String>,
}

/// An operation in the log.
#[derive(Clone, Debug)]
pub(crate) struct OperationRow {
    at: Moment,
    actor: String,
    action: String,
    subject: String,
    /// What else there is to say: name, value.
    details: Vec<(String, String)>,
}

impl OperationRow {
    fn of(frame: &Frame, known: &[KnownName], operation: &Operation) -> OperationRow {
        let mut details = Vec::new();
        flatten("", &operation.detail, &mut details);
        let details = details.into_iter().map(|(name, value)| {
            let value = named(known, &name, &value).unwrap_or(value);
            (label(&name), value)
        });
        let details = details.collect();
        OperationRow {
            at: frame.moment(operation.at),
            actor: operation.actor.clone(),
            action: words(frame.text, &operation.action),
            subject: operation.subject.clone(),
            details,
        }
    }
}

/// Names for the keys in details: what a key is of, the key, and the name.
type KnownName = (&'static str, String, String);

fn known_names(web: &Web) -> Vec<KnownName> {
    let models = blueprint::shipped().into_iter();
    let models = models.map(|model| ("blueprint", model.id, model.name));
    let plans = web.app.rules().plans.iter();
    let plans = plans.map(|plan| ("plan", plan.key.clone(), plan.name.clone()));
    models.chain(plans).collect()
}

/// The name of what a value of a detail, such as `after plan`, has the key of.
fn named(known: &[KnownName], name: &str, value: &str) -> Option<String> {
    let of = name.rsplit(' ').next()?;
    let found = known.iter().find(|(kind, key, _)| *kind == of && key == value);
    found.map(|(.., name)| name.clone())
}

/// Lists the values of a detail with their names: `after plan`.
fn flatten(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    let mut add = |text: &str| {
        let shown: String = text.chars().take(LONGEST).collect();
        let cut = if shown.len() < text.len() { "…" } else { "" };
        found.push((name.to_owned(), format!("{shown}{cut}")));
    };
    match value {
        Value::Null => {}
        Value::String(text) => add(text),
        Value::Object(values) => {
            for (key, value) in values {
                let name = if name.is_empty() { key.clone() } else { format!("{name} {key}") };
                flatten(&name, value, found);
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => add(&value.to_string()),
    }
}

/// What only operators and jobs do, by key.
const OWN: [(&str, &str); 8] = [
    ("account.create", "operation-account-create"),
    ("account.operator", "operation-account-operator"),
    ("account.operator_end", "operation-account-operator-end"),
    ("mail.drop", "operation-mail-drop"),
    ("mail.retry", "operation-mail-retry"),
    ("secrets.rotate", "operation-secrets-rotate"),
    ("workspace.discard_import", "operation-workspace-discard-import"),
    ("workspace.purge", "operation-workspace-purge"),
];

/// An operation in the words of the audit log.
fn words(text: Text, action: &str) -> String {
    let own = OWN.iter().find(|(known, _)| *known == action).map(|(_, key)| text.get(key));
    own.or_else(|| action_in_words(text, action))
        .unwrap_or_else(|| label(&action.replace('.', " ")))
}

impl OperationsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> OperationsPage {
        let row = OperationRow {
            at: Moment::default(),
            actor: "Dana <script>".into(),
            action: "Workspace deleted".into(),
            subject: "wsp_1".into(),
            details: vec![("workspace".into(), "<script>".into())],
        };
        OperationsPage {
            frame: Frame::sample(),
            actions: vec![("workspace.delete".into(), "Workspace deleted".into(), true)],
            rows: vec![row],
            is_filtered: true,
            first: Some("#".into()),
            next: Some("#".into()),
        }
    }
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { operator, mut frame, query, .. } = viewer;
    let action = query.filled("action");
    let below = query.filled("below").and_then(|id| id.parse::<OperationId>().ok());
    let operations = web.app.operations();
    let (found, has_more) = operations.list(&operator, action, below, PAGE).await?;
    let actions = operations.list_actions(&operator).await?;
    frame.expect(&query, "action", |action| actions.iter().any(|known| known == action));
    frame.expect(&query, "below", |id| id.parse::<OperationId>().is_ok());
    let link =
        |below: &str| href(PATH, &[("action", action.unwrap_or_default()), ("below", below)]);
    let last = found.last().filter(|_| has_more);
    let chosen = |name: String| {
        let is_chosen = action == Some(name.as_str());
        let words = words(frame.text, &name);
        (name, words, is_chosen)
    };
    let known = known_names(&web);
    let page = OperationsPage {
        rows: found.iter().map(|one| OperationRow::of(&frame, &known, one)).collect(),
        next: last.map(|last| link(&last.id.to_string())),
        first: below.map(|_| link("")),
        is_filtered: action.is_some(),
        actions: actions.into_iter().map(chosen).collect(),
        frame,
    };
    reply::page(&page)
}
