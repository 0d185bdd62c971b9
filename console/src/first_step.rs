//! The steps of a first run: account, workspace, access model, invitations.

use crate::text::Text;

/// A step of a first run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The reader's account.
    Account,
    /// The name of the workspace.
    Workspace,
    /// Its access model.
    Model,
    /// The first people.
    Invite,
}

/// A step as a page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) number: usize,
    pub(crate) is_done: bool,
    pub(crate) is_current: bool,
}

/// The steps, with the one of the page.
pub(crate) fn first_steps(text: Text, current: Stage) -> Vec<Step> {
    let names = [
        (Stage::Account, text.get("step-account")),
        (Stage::Workspace, text.get("step-workspace")),
        (Stage::Model, text.get("step-model")),
        (Stage::Invite, text.get("step-invite")),
    ];
    let step = |((stage, name), number): ((Stage, String), usize)| Step {
        name,
        number,
        is_done: stage < current,
        is_current: stage == current,
    };
    names.into_iter().zip(1..).map(step).collect()
}
