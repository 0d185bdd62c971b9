//! What a line of an export has of each noun: all that an import needs to make it again.

use std::collections::HashMap;

use hallpass_domain::audit::Entry;
use hallpass_domain::id::MemberId;
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::Member;
use hallpass_domain::profile::Profile;
use hallpass_domain::record::{Event, Owner, Record};
use hallpass_domain::sharing::Sharing;
use serde_json::{Value, json};

use crate::record::owner_word;
use crate::{invitation, member, profile};

/// The names of members, also of those who were removed.
pub(super) type Names = HashMap<MemberId, String>;

/// A view with more in it.
fn with(view: Value, more: Value) -> Value {
    let mut view = view;
    if let (Value::Object(view), Value::Object(more)) = (&mut view, more) {
        view.extend(more);
    }
    view
}

/// The view of something saved, with the member who created it.
pub(super) fn with_creator(view: Value, sharing: Sharing) -> Value {
    with(view, json!({"created_by": sharing.created_by}))
}

pub(super) fn profile_view(profile: &Profile) -> Value {
    with(profile::audit_view(profile), json!({"template": profile.template}))
}

pub(super) fn member_view(member: &Member) -> Value {
    let more = json!({
        "first_name": member.first_name, "last_name": member.last_name,
        "joined_at": member.joined_at.to_string(),
        "role_since": member.role_since.to_string(), "role_by": member.role_by,
        "seen_at": member.seen_at.map(|at| at.to_string()),
    });
    with(member::audit_view(member), more)
}

pub(super) fn invitation_view(invitation: &Invitation) -> Value {
    let more = json!({
        "name": invitation.name, "manager": invitation.access.manager,
        "invited_by": invitation.invited_by, "invited_at": invitation.invited_at.to_string(),
    });
    with(invitation::audit_view(invitation), more)
}

pub(super) fn record_view(record: &Record, names: &Names) -> Value {
    let owner = match record.owner {
        Owner::Unowned => None,
        Owner::Member(id) => Some(id),
    };
    json!({
        "entity": record.entity, "owner": owner_word(record.owner),
        "owner_name": name(names, owner), "title": record.title,
        "fields": record.fields, "stage": record.stage, "open": record.open,
        "created_by": record.created_by.map(|id| id.to_string()),
        "created_by_name": name(names, record.created_by),
        "created_at": record.created_at.to_string(),
        "updated_at": record.updated_at.to_string(),
    })
}

pub(super) fn event_view(event: &Event, names: &Names) -> Value {
    json!({
        "record": event.record.to_string(), "at": event.at.to_string(),
        "actor": event.actor.map(|id| id.to_string()),
        "actor_name": name(names, event.actor), "action": event.action,
        "detail": event.detail,
    })
}

pub(super) fn entry_view(entry: &Entry) -> Value {
    json!({
        "at": entry.at.to_string(), "actor": entry.actor.map(|id| id.to_string()),
        "actor_name": entry.actor_name, "action": entry.action,
        "outcome": entry.outcome.word(), "subject": entry.subject,
        "before": entry.before, "after": entry.after,
        "revision": entry.revision, "request": entry.request,
        "times": entry.times, "last_at": entry.last_at.to_string(),
    })
}

fn name(names: &Names, member: Option<MemberId>) -> Option<&str> {
    names.get(&member?).map(String::as_str)
}
