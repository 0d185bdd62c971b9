//! Custom actions: what an access model lets members do to a record apart from create, read, update
//! and delete.
//!
//! The effect of an action follows from the access model: the action that reassigns changes the owner,
//! an action that a stage names moves the record to that stage, and the one that claims makes the
//! caller the owner of an unowned record. Every action is noted on the record's timeline.

use hallpass_domain::id::RecordId;
use hallpass_domain::name::description;
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde_json::{Map, Value};

use super::change::save;
use super::ownership::check_hand_over;
use super::part::{claims, reassigning};
use super::stage::{Mover, move_to, stage_of};
use super::{RecordDetails, Records, load_visible, owner_word};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::RecordWritePermission;
use crate::naming::{self, OwnerRef};

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
    #[boxed]
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
        let mut after = before.clone();
        let pass = change_owner(ctx, &resource, &mut after, action, input).await?;
        ctx.check_version(before.version)?;
        let text = input.text.as_deref().map(description).transpose();
        let text =
            text.map_err(|error| Refusal::field("/text", "bad_text", error.to_string()))?;
        if let Some(stage) = stage_of(&resource, action) {
            // The stage that the record leaves is that of its former owner.
            let owner = std::mem::replace(&mut after.owner, before.owner);
            move_to(ctx, &resource, &mut after, stage, Mover::Action).await?;
            after.owner = owner;
        }
        let detail = detail(&before, &after, text);
        save(ctx, &pass, &resource, &before, after, action, Some(detail)).await
    }
}

/// Asks the gate for an action, and for the owner that the record gets by it.
async fn change_owner(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    record: &mut Record,
    action: &str,
    input: &ActionInput,
) -> Result<Pass<RecordWritePermission>, Error> {
    let id = record.id.to_string();
    let target = ctx.owner_target(record.owner);
    let permission = RecordWritePermission::new(&resource.key, action);
    let pass = ctx.check_on(permission, target, &id).await?;
    match (reassigning(resource) == action, input.to) {
        (true, Some(to)) => {
            let owners = (record.owner, naming::owner(ctx, to));
            check_hand_over(ctx, resource, owners, "/to", &id).await?;
            record.owner = owners.1;
        }
        (true, None) => {
            let detail = "the new owner is required: `me`, `unowned` or a member's id";
            return Err(Refusal::field("/to", "missing", detail).into());
        }
        (false, Some(_)) => {
            let detail = format!("`{action}` does not change the owner");
            return Err(Refusal::field("/to", "unknown_field", detail).into());
        }
        (false, None) if claims(resource, action) => {
            if record.owner != Owner::Unowned {
                let detail = "the record has an owner; only unowned records can be claimed";
                return Err(Refusal::field("/owner", "owned", detail).into());
            }
            record.owner = naming::owner(ctx, OwnerRef::Me);
        }
        (false, None) => {}
    }
    Ok(pass)
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

/// Checks that an action has no route of its own.
fn check_custom(resource: &Resource, action: &str) -> Result<(), Refusal> {
    let routed = [resource.create, resource.read, resource.update, resource.delete];
    let has_route = |key: &str| routed.iter().any(|part| resource.key_of(*part) == Some(key));
    let keys = resource.actions.iter().map(|known| &known.key);
    let known: Vec<String> = keys.filter(|key| !has_route(key)).cloned().collect();
    if known.iter().any(|key| key == action) {
        return Ok(());
    }
    let (resource, action) = (resource.key.clone(), action.to_owned());
    Err(Refusal::NoSuchAction { resource, action, known })
}
