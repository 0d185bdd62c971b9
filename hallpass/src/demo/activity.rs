//! What people of the demo do with records: import, custom actions, share links, reassignment.

use hallpass_app::Error;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::action::ActionInput;
use hallpass_app::record::import::ImportLine;
use hallpass_app::record::reassignment::Reassignment;
use hallpass_app::record::sample;
use hallpass_app::record::{RecordDetails, RecordQuery, SortOrder};
use hallpass_engine::{Resource, Target};

use super::people::INACTIVE;
use super::workspace::DemoWorkspace;

/// How many records of each type one import adds.
const PER_IMPORT: usize = 25;

/// How many of the latest records of a type something happens to.
const LATEST: usize = 12;

/// Imports records of every type that the founder may create.
pub(super) async fn import_records(
    workspace: &DemoWorkspace<'_>,
    import: usize,
) -> Result<(), Error> {
    for resource in workspace.record_types() {
        let mut ctx = workspace.ctx().await?;
        let policy = ctx.policy();
        let anna = workspace.members.first().and_then(|id| ctx.model().index(*id));
        let creating = anna.zip(policy.cell(&resource.key, "create"));
        if !creating.is_some_and(|(anna, cell)| policy.decide(anna, cell, Target::Unowned)) {
            continue;
        }
        let first = import * PER_IMPORT + resource.key.len();
        let lines: Vec<ImportLine> = (first..first + PER_IMPORT)
            .map(|number| ImportLine {
                number,
                record: sample::record(resource, number, &workspace.members),
            })
            .collect();
        ctx.records().import(&resource.key, &lines).await?;
    }
    Ok(())
}

/// Runs custom actions on the latest records of each type and shares the very latest.
pub(super) async fn act_on_records(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    for resource in workspace.record_types() {
        let query = RecordQuery {
            order: Some(SortOrder::Newest),
            limit: LATEST,
            ..RecordQuery::default()
        };
        let page = workspace.ctx().await?.records().list(&resource.key, &query).await?;
        for (number, record) in page.records.iter().enumerate() {
            act(workspace, resource, record, number).await?;
        }
        if let Some(record) = page.records.first() {
            workspace.ctx().await?.records().share(&resource.key, record.record.id).await?;
        }
    }
    Ok(())
}

/// Runs one of the custom actions that the record allows, a different one for each number.
async fn act(
    workspace: &DemoWorkspace<'_>,
    resource: &Resource,
    details: &RecordDetails,
    number: usize,
) -> Result<(), Error> {
    let key_of = |index: Option<usize>| {
        index.and_then(|index| resource.actions.get(index)).map(|action| action.key.as_str())
    };
    let plain = ["create", "read", "update", "delete", "claim"];
    let is_custom =
        |key: &&String| !plain.contains(&key.as_str()) && key_of(resource.read) != Some(key);
    let custom: Vec<&String> = details.allowed.iter().filter(is_custom).collect();
    let Some(action) = number.checked_rem(custom.len()).and_then(|index| custom.get(index))
    else {
        return Ok(());
    };
    let reassigns = key_of(resource.reassign) == Some(action.as_str());
    let to = workspace.members.get(number % 6 + 1).filter(|_| reassigns);
    let input = ActionInput {
        to: to.copied().map(OwnerRef::Member),
        text: Some("As discussed on the phone.".to_owned()),
    };
    let mut ctx = workspace.ctx().await?;
    ctx.records().act(&resource.key, details.record.id, action, &input).await.map(drop)
}

/// Reassigns the inactive member's records of one type to another member.
pub(super) async fn reassign_records(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    let members = &workspace.members;
    let resource = workspace.record_types().next();
    let (Some(resource), Some(from), Some(to)) =
        (resource, members.get(INACTIVE), members.get(4))
    else {
        return Ok(());
    };
    let reassignment = Reassignment {
        from: OwnerRef::Member(*from),
        to: OwnerRef::Member(*to),
        entities: Some(vec![resource.key.clone()]),
        records: None,
    };
    workspace.ctx().await?.records().reassign(&reassignment).await.map(drop)
}
