//! An entry of the audit log, in words: who did what, and what it changed.

use hallpass_app::context::WorkspaceContext;
use hallpass_domain::audit::undo::UNDONE;
use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::MemberId;
use serde_json::Value;

use crate::format::Moment;
use crate::frame::{Frame, Person};

use super::words::{in_words, label};

/// The lines of an unfolded entry at most.
const MOST: usize = 40;

/// The characters of a value at most.
const LONGEST: usize = 200;

/// An entry in the list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) at: Moment,
    pub(super) actor: Person,
    /// What was done, in words: "Member update".
    pub(super) action: String,
    /// What it was done to.
    pub(super) subject: String,
    pub(super) is_denied: bool,
    /// How many times, if more than once.
    pub(super) times: Option<i64>,
    /// The link that unfolds it, or folds it again.
    pub(super) href: String,
    pub(super) details: Option<Details>,
}

/// What an unfolded entry shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// Why it was refused.
    pub(super) reason: Option<String>,
    /// The fields that changed.
    pub(super) changes: Vec<Change>,
    /// The names of fields whose values the reader may not read.
    pub(super) hidden: Vec<String>,
    /// Whether what members may do after it can be compared with now.
    pub(super) is_comparable: bool,
    /// The request.
    pub(super) request: String,
}

/// A field that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) field: String,
    pub(super) before: String,
    pub(super) after: String,
}

impl Row {
    pub(super) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        entry: &Entry,
        href: String,
        is_open: bool,
    ) -> Row {
        let actor = entry.actor.map(|id| id.to_string()).unwrap_or_default();
        Row {
            id: entry.id.to_string(),
            at: frame.stamp(entry.last_at),
            actor: Person::new(&actor, &entry.actor_name),
            action: in_words(ctx, frame.text, &entry.action),
            subject: subject(ctx, entry),
            is_denied: entry.outcome == Outcome::Denied,
            times: (entry.times > 1).then_some(entry.times),
            href,
            details: is_open.then(|| details(ctx, entry)),
        }
    }
}

/// The name of what an entry is about, from its values or among the members.
pub(crate) fn subject(ctx: &WorkspaceContext, entry: &Entry) -> String {
    let named = |value: &Value| {
        let keys = ["name", "email", "title", "slug"];
        keys.iter().find_map(|key| value.get(key)?.as_str().map(str::to_owned))
    };
    let member = entry.subject.parse::<MemberId>().ok();
    let name = member.and_then(|id| ctx.known_name(id).map(str::to_owned));
    name.or_else(|| named(&entry.after)).or_else(|| named(&entry.before)).unwrap_or_default()
}

fn details(ctx: &WorkspaceContext, entry: &Entry) -> Details {
    let mut details = Details { request: entry.request.clone(), ..Details::default() };
    details.is_comparable =
        entry.outcome == Outcome::Done && UNDONE.contains(&entry.action.as_str());
    if entry.outcome == Outcome::Denied {
        let reason = entry.after.as_str().or_else(|| entry.after.get("reason")?.as_str());
        details.reason = reason.map(str::to_owned);
        if details.reason.is_some() {
            return details;
        }
    }
    for value in [&entry.before, &entry.after] {
        let names = value.get("hidden").and_then(Value::as_array).into_iter().flatten();
        details.hidden.extend(names.filter_map(Value::as_str).map(str::to_owned));
    }
    details.hidden.dedup();
    let mut fields = Vec::new();
    for value in [&entry.before, &entry.after] {
        let keys = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        fields.extend(keys.filter(|key| *key != "hidden"));
    }
    fields.sort_unstable();
    fields.dedup();
    let of = |value: &Value, field: &str| text(ctx, value.get(field).unwrap_or(&Value::Null));
    let changes = fields.into_iter().map(|field| Change {
        field: label(field),
        before: of(&entry.before, field),
        after: of(&entry.after, field),
    });
    details.changes = changes.filter(|one| one.before != one.after).take(MOST).collect();
    details
}

/// A value as text, with the names of members in the place of their ids.
fn text(ctx: &WorkspaceContext, value: &Value) -> String {
    let text = match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => match text.parse::<MemberId>() {
            Ok(id) => ctx.known_name(id).map_or_else(|| text.clone(), str::to_owned),
            Err(_) => ctx.snapshot().name(text),
        },
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().map(|one| self::text(ctx, one)).collect();
            texts.join(", ")
        }
        Value::Object(map) => {
            let texts = map.iter().map(|(key, one)| format!("{key}: {}", self::text(ctx, one)));
            texts.collect::<Vec<_>>().join(", ")
        }
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let short: String = text.chars().take(LONGEST).collect();
    format!("{short} …")
}
