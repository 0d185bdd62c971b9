//! Stages: the one way in which a record gets into a stage.

use hallpass_domain::record::{Record, Schema};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Resource, Stage};

use super::part::updating;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::RecordWritePermission;

/// What moves a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mover {
    /// The record is new.
    Creation,
    /// A change of the record.
    Update,
    /// The action that the stage names, which the gate has allowed.
    Action,
}

/// Moves a record to a stage. That takes the actions that the old and the new stage name; between
/// stages that name none, a later change takes the action that updates. Returns the last pass, if any
/// was needed.
pub(super) async fn move_to(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    record: &mut Record,
    stage: &str,
    mover: Mover,
) -> Result<Option<Pass<RecordWritePermission>>, Error> {
    let schema = Schema::of(resource);
    let refusal = |error: FieldError| Refusal::Fields(vec![error]);
    let to = schema.stage(stage).map_err(refusal)?;
    if record.stage.as_deref() == Some(stage) {
        return Ok(None);
    }
    let mut actions = needed(resource, record.stage.as_deref(), to);
    if actions.is_empty() && mover == Mover::Update {
        actions.push(updating(resource));
    }
    let (target, mut pass) = (ctx.owner_target(record.owner), None);
    for action in actions {
        let permission = RecordWritePermission::new(&resource.key, action);
        pass = Some(ctx.check_on(permission, target, &record.id.to_string()).await?);
    }
    record.stand(stage, schema).map_err(refusal)?;
    Ok(pass)
}

/// Lists the actions that the stages of a move name, which the move takes. The action of a stage is
/// enough: closing takes `close`, not `update` as well.
fn needed<'r>(resource: &'r Resource, from: Option<&str>, to: &Stage) -> Vec<&'r str> {
    let from = from.and_then(|key| Schema::of(resource).stage(key).ok());
    let stages = from.into_iter().chain([to]);
    let mut needed: Vec<&str> = stages.filter_map(|stage| resource.key_of(stage.by)).collect();
    needed.dedup();
    needed
}

/// Lists the actions that a change of a record to a stage takes, by key.
#[must_use]
pub fn needed_by_update<'r>(
    resource: &'r Resource,
    from: Option<&str>,
    to: &Stage,
) -> Vec<&'r str> {
    let needed = needed(resource, from, to);
    if needed.is_empty() { vec![updating(resource)] } else { needed }
}

/// Returns the stage that an action moves records to.
pub(super) fn stage_of<'r>(resource: &'r Resource, action: &str) -> Option<&'r str> {
    let named = resource.stages.iter().find(|stage| resource.key_of(stage.by) == Some(action));
    named.map(|stage| stage.key.as_str())
}
