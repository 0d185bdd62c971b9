//! Stages of a record type: who may change the actions that move records into and out of them.

use std::collections::BTreeSet;

use hallpass_domain::model::guard::grant_ceiling;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Resource, Stage};

use crate::context::WorkspaceContext;
use crate::record::part::updating;

/// Checks that the caller may move every record by the actions that a change of stages replaces and
/// introduces: the action of a stage says who moves records, so that changing it grants that.
pub(super) fn check_stage_actions(
    ctx: &WorkspaceContext,
    before: &Resource,
    after: &Resource,
) -> Result<(), Refusal> {
    let Some(member) = ctx.member_index() else { return Ok(()) };
    let moving = |stage: Option<&Stage>| {
        let named = stage.and_then(|stage| after.key_of(stage.by));
        named.unwrap_or_else(|| updating(after)).to_owned()
    };
    let mut lacking = BTreeSet::new();
    for stage in &after.stages {
        let known = before.stages.iter().find(|known| known.key == stage.key);
        let (was, is) = (moving(known), moving(Some(stage)));
        if was == is {
            continue;
        }
        lacking.extend([was, is].into_iter().filter(|action| {
            let cell = ctx.policy().cell(&after.key, action);
            !cell.is_some_and(|cell| ctx.policy().reaches_all(member, cell))
        }));
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let cells = lacking.iter().filter_map(|action| ctx.policy().cell(&after.key, action));
    Err(grant_ceiling(ctx.policy(), cells))
}
