//! The timeline of a record: what happened to it, in words.

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::EventId;
use hallpass_domain::record;
use serde_json::Value;

use super::kind::Kind;
use super::subject::Subject;
use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::Frame;

/// The events of a page.
const PAGE: usize = 20;

/// Something that happened to a record.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) actor: String,
    pub(crate) text: String,
    /// What was written with it.
    pub(crate) note: Option<String>,
    pub(crate) at: Moment,
}

impl Event {
    #[cfg(test)]
    pub(crate) fn sample() -> Event {
        Event {
            actor: "Tom Baker".to_owned(),
            text: "moved it from Propose to Negotiate".to_owned(),
            note: Some("<script>".to_owned()),
            at: Moment::default(),
        }
    }

    fn of(ctx: &WorkspaceContext, frame: &Frame, kind: &Kind, event: &record::Event) -> Event {
        let actor = match event.actor {
            None => frame.t("event-operator"),
            Some(id) if Some(id) == ctx.member_id() => frame.t("event-you"),
            Some(id) => {
                let name = ctx.known_name(id).map(str::to_owned);
                name.unwrap_or_else(|| frame.t("records-other-owner"))
            }
        };
        let parts = parts(ctx, frame, kind, event);
        let note = event.detail.get("text").and_then(Value::as_str).map(str::to_owned);
        Event { actor, text: parts.join(", "), note, at: frame.moment(event.at) }
    }
}

fn parts(
    ctx: &WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    event: &record::Event,
) -> Vec<String> {
    let (detail, text) = (&event.detail, frame.text);
    let member = |word: Option<&Value>| person(ctx, frame, word);
    let stage = |key: Option<&Value>| {
        let key = key.and_then(Value::as_str);
        key.map_or_else(|| frame.t("event-no-stage"), |key| kind.stage_name(key))
    };
    let is_update = kind.resource.key_of(kind.resource.update) == Some(event.action.as_str());
    match event.action.as_str() {
        "create" => return vec![frame.t("event-created")],
        "share" if detail.get("link").is_some() => return vec![frame.t("event-shared")],
        _ => {}
    }
    let mut parts = Vec::new();
    if !is_update && event.action != "reassign" {
        parts.push(text!(text, "event-did", action = kind.action_name(&event.action)));
    }
    if let Some(change) = detail.get("stage") {
        parts.push(match change.get("to") {
            Some(to) => text!(
                text,
                "event-moved",
                from = stage(change.get("from")),
                to = stage(Some(to))
            ),
            None => text!(text, "event-moved-to", to = stage(Some(change))),
        });
    }
    if let Some(change) = detail.get("owner") {
        let (from, to) = (member(change.get("from")), member(change.get("to")));
        parts.push(text!(text, "event-owner", from = from, to = to));
    }
    if let Some(to) = detail.get("to") {
        parts.push(text!(text, "event-owner-to", to = member(Some(to))));
    }
    if let Some(fields) = detail.get("fields").and_then(Value::as_array) {
        let names: Vec<String> =
            fields.iter().filter_map(Value::as_str).map(|key| field(kind, key)).collect();
        parts.push(text!(text, "event-changed", fields = names.join(", ")));
    }
    if parts.is_empty() {
        parts.push(frame.t("event-saved"));
    }
    parts
}

fn field(kind: &Kind, key: &str) -> String {
    let known = kind.resource.fields.iter().find(|field| field.key == key);
    known.map_or(key, |field| &field.name).to_owned()
}

/// The owner of a change, as far as the reader may know them.
fn person(ctx: &WorkspaceContext, frame: &Frame, word: Option<&Value>) -> String {
    match word.and_then(Value::as_str) {
        None | Some("unowned") => frame.t("event-no-owner"),
        Some(id) => {
            let name = id.parse().ok().and_then(|id| ctx.known_name(id));
            name.map_or_else(|| frame.t("records-other-owner"), str::to_owned)
        }
    }
}

/// Loads a page of the timeline, with the path of the next one.
pub(crate) async fn load(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    subject: &Subject,
    before: Option<&str>,
) -> Result<(Vec<Event>, Option<String>), Failure> {
    let before: Option<EventId> = match before {
        Some(id) => Some(id.parse().map_err(|_| Failure::missing("page"))?),
        None => None,
    };
    let id = subject.details.record.id;
    let (events, has_more) =
        ctx.records().timeline(&subject.kind.key, id, before, PAGE).await?;
    let last = events.last().filter(|_| has_more);
    let older = last.map(|event| format!("{}?before={}#timeline", subject.path(), event.id));
    let events = events.iter().map(|event| Event::of(ctx, frame, &subject.kind, event));
    Ok((events.collect(), older))
}
