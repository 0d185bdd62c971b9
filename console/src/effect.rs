//! The effect of a change, in sentences: how many people gain and lose what.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::Preview;

use crate::frame::Frame;

/// How many sentences a page shows.
const MOST: usize = 8;

/// The effect of a change that was previewed.
#[derive(Clone, Debug, Default)]
pub(crate) struct EffectSummary {
    /// What people gain.
    pub(crate) gains: Vec<String>,
    /// What people lose.
    pub(crate) losses: Vec<String>,
    /// What else happens, or that nothing does.
    pub(crate) notes: Vec<String>,
}

impl EffectSummary {
    /// Describes a preview.
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        preview: &Preview,
    ) -> EffectSummary {
        let name = |resource: &str, action: &str| {
            let resources = ctx.policy().resources();
            let known = resources.iter().find(|known| known.key == resource);
            let name = known.map_or(resource, |known| known.name.as_str());
            let found = known.and_then(|known| known.actions.get(known.action(action)?));
            (name.to_owned(), found.map_or(action, |found| found.name.as_str()).to_lowercase())
        };
        let (mut gains, mut losses) = (Vec::new(), Vec::new());
        for total in &preview.totals {
            let (resource, action) = name(&total.resource, &total.action);
            if total.gaining > 0 {
                let people = total.gaining;
                gains.push(text!(
                    frame.text,
                    "effect-gain",
                    n = people,
                    action = &action,
                    resource = &resource
                ));
            }
            if total.losing > 0 {
                let people = total.losing;
                losses.push(text!(
                    frame.text,
                    "effect-loss",
                    n = people,
                    action = &action,
                    resource = &resource
                ));
            }
        }
        let mut notes = Vec::new();
        let left_out = gains.len().saturating_sub(MOST) + losses.len().saturating_sub(MOST);
        gains.truncate(MOST);
        losses.truncate(MOST);
        if left_out > 0 {
            notes.push(text!(frame.text, "effect-more", n = left_out));
        }
        let keys = preview.api_keys.as_ref().map_or(0, Vec::len);
        if keys > 0 {
            notes.push(text!(frame.text, "effect-keys", n = keys));
        }
        let invitations = preview.invitations.as_ref().map_or(0, Vec::len);
        if invitations > 0 {
            notes.push(text!(frame.text, "effect-invitations", n = invitations));
        }
        if gains.is_empty() && losses.is_empty() && notes.is_empty() {
            notes.push(frame.t("effect-none"));
        }
        EffectSummary { gains, losses, notes }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> EffectSummary {
        EffectSummary {
            gains: vec!["2 people gain export on <script>.".to_owned()],
            losses: vec!["One person loses delete on Deals.".to_owned()],
            notes: vec!["One API key stops working.".to_owned()],
        }
    }
}
