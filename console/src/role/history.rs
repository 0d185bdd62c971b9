//! The history of a role, as a drawer over its page.

use axum::extract::Path;
use hallpass_app::naming::RoleRef;
use hallpass_domain::audit::Entry;
use serde_json::Value;

use super::over::{Event, History};
use super::page::RolePage;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The entries that the drawer shows.
const SHOWN: usize = 50;

fn event(frame: &Frame, entry: &Entry) -> Event {
    let who = entry.actor_name.as_str();
    let was = entry.before.get("name").and_then(Value::as_str).unwrap_or_default();
    let is = entry.after.get("name").and_then(Value::as_str).unwrap_or_default();
    let sentence = match entry.action.as_str() {
        "role.create" => text!(frame.text, "role-history-created", who = who),
        "role.delete" => text!(frame.text, "role-history-deleted", who = who),
        "role.update" if was != is => {
            text!(frame.text, "role-history-renamed", who = who, was = was, is = is)
        }
        "role.update" => text!(frame.text, "role-history-changed", who = who),
        _ => text!(frame.text, "role-history-given", who = who, name = is),
    };
    let grants = |view: &Value| -> Vec<String> {
        let listed = view.get("grants").and_then(Value::as_array);
        let texts = listed.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let (before, after) = (grants(&entry.before), grants(&entry.after));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|one| !those.contains(one)).cloned().collect()
    };
    Event {
        at: frame.moment(entry.at),
        sentence,
        added: only(&after, &before),
        removed: only(&before, &after),
    }
}

pub(crate) async fn show(Path((_, role)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let reference = RoleRef::from(role.as_str());
    let (entries, has_more) = ctx.roles().history(reference, None, SHOWN).await?;
    let frame = frame.covered();
    let events = entries.iter().map(|entry| event(&frame, entry)).collect();
    let mut page = RolePage::load(&mut ctx, frame, Some(&role), &Form::default()).await?;
    page.history = Some(History { events, has_more });
    reply::page(&page)
}
