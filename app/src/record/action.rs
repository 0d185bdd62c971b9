//! Custom actions: what an access model lets members do to a record apart from create, read, update
//! and delete.
//!
//! The effect of an action follows from the access model: the action that reassigns changes the owner,
//! an action that a stage names moves the record to that stage, and `claim` makes the caller the owner
//! of an unowned record. Every action is noted on the record's timeline.

use hallpass_domain::id::RecordId;
use hallpass_domain::name::description;
use hallpass_domain::record::{Owner, Record, Schema};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde_json::{Map, Value};

use super::change::save;
use super::{RecordDetails, Records, check_owner, load_visible, owner_word, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordWritePermission;
use crate::naming::{self, OwnerRef};

/// The action that takes over an unowned record.
const CLAIM: &str = "claim";

/// The arguments of an action.
#[derive(Clone, Debug, Default)]
pub struct ActionInput {
    /// The new owner, for the action that reassigns.
    pub to: Option<OwnerRef>,
    /// A text, such as a reply or a reason.
    pub text: Option<String>,
}

impl Records<'_> {
    /// Does a custom action to a record.
    ///
    /// # Errors
    ///
    /// `NoSuchAction` when the record type has no such action, or the action has a route of its own.
    pub async fn act(
        &mut self,
        entity: &str,
        id: RecordId,
        action: &str,
        input: &ActionInput,
    ) -> Result<RecordDetails, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        check_custom(&resource, action)?;
        let (before, _) = load_visible(ctx, &resource, id).await?;
        let permission = RecordWritePermission::new(entity, action);
        let target = ctx.owner_target(before.owner);
        let pass = ctx.check_on(permission, target, &id.to_string()).await?;
        let text = input.text.as_deref().map(description).transpose();
        let text =
            text.map_err(|error| Refusal::field("/text", "bad_text", error.to_string()))?;
        let mut after = before.clone();
        after.owner = new_owner(ctx, &resource, &before, action, input)?;
        follow_stage(&resource, &mut after, action)?;
        let detail = detail(&before, &after, text);
        save(ctx, &pass, &resource, &before, after, action, Some(detail)).await
    }
}

/// Returns the owner of a record after an action.
fn new_owner(
    ctx: &WorkspaceContext,
    resource: &Resource,
    record: &Record,
    action: &str,
    input: &ActionInput,
) -> Result<Owner, Refusal> {
    let mut owner = record.owner;
    match (reassigning(resource) == action, input.to) {
        (true, Some(to)) => {
            owner = naming::owner(ctx, to);
            check_owner(ctx, "/to", owner)?;
        }
        (true, None) => {
            let detail = "the new owner is required: `me`, `unowned` or a member's id";
            return Err(Refusal::field("/to", "missing", detail));
        }
        (false, Some(_)) => {
            let detail = format!("`{action}` does not change the owner");
            return Err(Refusal::field("/to", "unknown_field", detail));
        }
        (false, None) => {}
    }
    if action != CLAIM {
        return Ok(owner);
    }
    if record.owner != Owner::Nobody {
        let detail = "the record has an owner; only unowned records can be claimed";
        return Err(Refusal::field("/owner", "owned", detail));
    }
    Ok(naming::owner(ctx, OwnerRef::Me))
}

fn detail(before: &Record, after: &Record, text: Option<String>) -> Value {
    let mut detail = Map::new();
    if let Some(text) = text {
        detail.insert("text".to_owned(), Value::String(text));
    }
    if after.owner != before.owner {
        detail.insert("to".to_owned(), Value::String(owner_word(after.owner)));
    }
    if after.stage != before.stage {
        detail.insert("stage".to_owned(), Value::from(after.stage.clone()));
    }
    Value::Object(detail)
}

/// Moves a record to the stage that names an action.
fn follow_stage(resource: &Resource, record: &mut Record, action: &str) -> Result<(), Refusal> {
    let is_named = |by: Option<usize>| {
        by.and_then(|by| resource.actions.get(by)).is_some_and(|known| known.key == action)
    };
    let Some(stage) = resource.stages.iter().find(|stage| is_named(stage.by)) else {
        return Ok(());
    };
    let schema = Schema::of(resource);
    record.stand(&stage.key, schema).map_err(|error| Refusal::Fields(vec![error]))
}

/// Checks that an action has no route of its own.
fn check_custom(resource: &Resource, action: &str) -> Result<(), Refusal> {
    let reads = resource.read.and_then(|index| resource.actions.get(index));
    let has_route = |key: &str| {
        matches!(key, "create" | "update" | "delete")
            || reads.is_some_and(|known| known.key == key)
    };
    let keys = resource.actions.iter().map(|known| &known.key);
    let known: Vec<String> = keys.filter(|key| !has_route(key)).cloned().collect();
    if known.iter().any(|key| key == action) {
        return Ok(());
    }
    let (resource, action) = (resource.key.clone(), action.to_owned());
    Err(Refusal::NoSuchAction { resource, action, known })
}
