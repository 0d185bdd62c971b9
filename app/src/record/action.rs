//! Custom actions: what a blueprint lets people do to a record beside creating, reading, updating
//! and deleting it.
//!
//! What an action does follows from the blueprint: the one that reassigns gives the record to
//! somebody, one that a stage names moves it there, `claim` takes what nobody owns, and every other
//! is written on the record's timeline.

use hallpass_domain::id::RecordId;
use hallpass_domain::name::description;
use hallpass_domain::record::{Owner, Record, Schema};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Resource;
use serde_json::{Value, json};

use super::{owner_word, reassigning};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;

/// Takes what nobody owns.
const CLAIM: &str = "claim";

/// What there is to say about an action.
#[derive(Clone, Debug, Default)]
pub struct ActionInput {
    /// To whom the record goes, for the action that reassigns.
    pub to: Option<Owner>,
    /// A text: a reply, a reason.
    pub text: Option<String>,
}

impl WorkspaceContext {
    /// Does a custom action to a record.
    ///
    /// # Errors
    ///
    /// `Missing`, `Denied`; `NoSuchAction` when the record type has none of this name, or it is done
    /// by a route of its own; `Fields` when something is missing or too much.
    pub async fn act(
        &mut self,
        entity: &str,
        id: RecordId,
        action: &str,
        ask: &ActionInput,
    ) -> Result<(Record, Vec<String>), Error> {
        let resource = self.record_type(entity)?;
        check_custom(&resource, action)?;
        let (before, _) = self.visible_record(&resource, id).await?;
        let target = self.owned(&before);
        let pass = self
            .check_on(RecordPermission::new(entity, action), target, &id.to_string())
            .await?;
        let text = ask.text.as_deref().map(description).transpose();
        let text = text.map_err(|why| Refusal::field("/text", "bad_text", why.to_string()))?;
        let mut after = before.clone();
        let reassigns = reassigning(&resource) == action;
        match (reassigns, ask.to) {
            (true, Some(to)) => {
                self.check_owner(to)?;
                after.owner = to;
            }
            (true, None) => {
                let detail = "say to whom: a member's id or `unowned`";
                return Err(Refusal::field("/to", "missing", detail).into());
            }
            (false, Some(_)) => {
                let detail = format!("`{action}` gives the record to nobody");
                return Err(Refusal::field("/to", "unknown_field", detail).into());
            }
            (false, None) => {}
        }
        if action == CLAIM {
            after.owner = self.claim(&before)?;
        }
        follow_stage(&resource, &mut after, action)?;
        let mut detail = json!({});
        if let (Some(text), Some(detail)) = (text, detail.as_object_mut()) {
            detail.insert("text".to_owned(), Value::String(text));
        }
        if let Some(detail) = detail.as_object_mut() {
            if after.owner != before.owner {
                detail.insert("to".to_owned(), Value::String(owner_word(after.owner)));
            }
            if after.stage != before.stage {
                detail.insert("stage".to_owned(), json!(after.stage));
            }
        }
        self.save_record(&pass, &resource, &before, after, action, detail).await
    }

    fn claim(&self, record: &Record) -> Result<Owner, Error> {
        if record.owner != Owner::Nobody {
            let detail = "somebody owns this record: only unowned ones can be claimed";
            return Err(Refusal::field("", "owned", detail).into());
        }
        Ok(self.member_id().map_or(Owner::Nobody, Owner::Member))
    }
}

/// An action that a stage names moves the record there.
fn follow_stage(resource: &Resource, record: &mut Record, action: &str) -> Result<(), Refusal> {
    let named = |by: Option<usize>| {
        by.and_then(|by| resource.actions.get(by)).is_some_and(|known| known.key == action)
    };
    let Some(stage) = resource.stages.iter().find(|stage| named(stage.by)) else {
        return Ok(());
    };
    let schema = Schema::of(resource);
    record.stand(&stage.key, schema).map_err(|wrong| Refusal::Fields(vec![wrong]))
}

/// Whether an action is one of those that are done by their name.
fn check_custom(resource: &Resource, action: &str) -> Result<(), Error> {
    let has_route = |key: &str| {
        let reads = resource.read.and_then(|index| resource.actions.get(index));
        matches!(key, "create" | "update" | "delete")
            || reads.is_some_and(|known| known.key == key)
    };
    let known: Vec<String> = resource
        .actions
        .iter()
        .map(|known| known.key.clone())
        .filter(|key| !has_route(key))
        .collect();
    if known.iter().any(|key| key == action) {
        return Ok(());
    }
    let (resource, action) = (resource.key.clone(), action.to_owned());
    Err(Refusal::NoSuchAction { resource, action, known }.into())
}
