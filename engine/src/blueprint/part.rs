//! Parts: which action of a resource creates, reads, updates, deletes, claims, reassigns and shares.

use super::action::{Action, find_action};
use super::section::Section;

/// The positions of the actions that play a part in the product; `None` where no action plays it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) create: Option<usize>,
    pub(crate) read: Option<usize>,
    pub(crate) update: Option<usize>,
    pub(crate) delete: Option<usize>,
    pub(crate) claim: Option<usize>,
    pub(crate) reassign: Option<usize>,
    pub(crate) share: Option<usize>,
}

impl Parts {
    /// Reads keys such as `read = "view"`; by default the action of the same key plays a part.
    pub(crate) fn read(section: &Section<'_>, actions: &[Action]) -> Parts {
        let parts = Parts {
            create: read_part(section, "create", actions),
            read: read_part(section, "read", actions),
            update: read_part(section, "update", actions),
            delete: read_part(section, "delete", actions),
            claim: read_part(section, "claim", actions),
            reassign: read_part(section, "reassign", actions),
            share: read_part(section, "share", actions),
        };
        let parts = parts.without_taken(section);
        parts.check(section, actions);
        Parts { reassign: parts.reassign.or(parts.update), ..parts }
    }

    /// An action named `create` or `claim` does not play that part by default if it is the one that reads.
    fn without_taken(self, section: &Section<'_>) -> Parts {
        let free = |part: &'static str, action: Option<usize>| {
            action.filter(|action| section.has(part) || self.read != Some(*action))
        };
        Parts { create: free("create", self.create), claim: free("claim", self.claim), ..self }
    }

    /// Creating is decided for the future owner, and claiming takes unowned records only: their actions
    /// can play no other part.
    fn check(&self, section: &Section<'_>, actions: &[Action]) {
        let others = [
            ("read", self.read),
            ("update", self.update),
            ("delete", self.delete),
            ("reassign", self.reassign),
            ("share", self.share),
        ];
        let claim = ("claim", self.claim);
        let of_create =
            others.into_iter().chain([claim]).map(|other| ("create", self.create, other));
        let of_claim = others.into_iter().map(|other| ("claim", self.claim, other));
        for (part, action, (other, known)) in of_create.chain(of_claim) {
            let Some(action) = action.filter(|action| known == Some(*action)) else { continue };
            let key = actions.get(action).map_or("", |action| action.key.as_str());
            let message =
                format!("`{}` has one action `{key}` to {part} and to {other}", section.path);
            let hint = format!("declare an action of its own for `{part}`");
            section.log.add(section.at, message, Some(hint));
        }
    }
}

fn read_part(section: &Section<'_>, part: &'static str, actions: &[Action]) -> Option<usize> {
    let Some(key) = section.text(part) else {
        return actions.iter().position(|action| action.key == part);
    };
    find_action(section, &key, actions)
}
