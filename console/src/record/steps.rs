//! The stages of a record as buttons.

use hallpass_app::record::RecordDetails;
use hallpass_app::record::stage::needed_by_update;

use super::kind::Kind;
use crate::frame::Frame;

/// A stage of a record.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) is_current: bool,
    /// Whether the record has gone past it.
    pub(crate) is_past: bool,
    /// What is missing to move the record to it; none where it may be moved.
    pub(crate) needs: Option<String>,
}

impl Step {
    #[cfg(test)]
    pub(crate) fn sample() -> Step {
        Step {
            key: "lost".to_owned(),
            name: "<script>".to_owned(),
            is_current: false,
            is_past: false,
            needs: Some("Lost needs “Close”.".to_owned()),
        }
    }
}

/// The stages of a record.
pub(crate) fn steps(frame: &Frame, kind: &Kind, details: &RecordDetails) -> Vec<Step> {
    let stages = &kind.resource.stages;
    let current = details.record.stage.as_deref();
    let place = stages.iter().position(|stage| Some(stage.key.as_str()) == current);
    let step = |(index, stage): (usize, &hallpass_engine::Stage)| {
        let missing = missing_for(kind, details, &stage.key).unwrap_or_default();
        let names: Vec<String> = missing.iter().map(|key| kind.action_name(key)).collect();
        let needs = text!(
            frame.text,
            "record-stage-needs",
            stage = &stage.name,
            action = names.join(", ")
        );
        Step {
            key: stage.key.clone(),
            name: stage.name.clone(),
            is_current: Some(stage.key.as_str()) == current,
            is_past: place.is_some_and(|place| index < place),
            needs: (!names.is_empty()).then_some(needs),
        }
    };
    stages.iter().enumerate().map(step).collect()
}

/// Whether the reader may move a record to another stage.
pub(crate) fn may_move(kind: &Kind, details: &RecordDetails, stage: &str) -> bool {
    missing_for(kind, details, stage).is_some_and(|missing| missing.is_empty())
}

/// The actions that the reader lacks to move a record to another stage; none for the stage that it has.
pub(crate) fn missing_for(
    kind: &Kind,
    details: &RecordDetails,
    stage: &str,
) -> Option<Vec<String>> {
    let from = details.record.stage.as_deref();
    let to = kind.resource.stages.iter().find(|known| known.key == stage)?;
    if from == Some(stage) {
        return None;
    }
    let needed = needed_by_update(&kind.resource, from, to).into_iter();
    let missing = needed.filter(|key| !details.allowed.iter().any(|known| known == key));
    Some(missing.map(str::to_owned).collect())
}
