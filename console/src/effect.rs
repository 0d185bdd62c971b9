//! The effect of a change before it is saved: how many people gain and lose what, and who.

use std::collections::BTreeMap;

use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::{ActionPreview, ActionTotal, MemberPreview, Preview};
use hallpass_web::error::Problem;

use crate::frame::{Frame, Person};
use crate::reach::Reach;
use crate::submission::{Rehearsal, Submission};
use crate::text::Text;

/// The actions that a sentence names at most.
const NAMED: usize = 4;

/// The effect of a change, in sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effect {
    /// Who gains what.
    pub(crate) gains: Vec<Part>,
    /// Who loses what.
    pub(crate) losses: Vec<Part>,
    /// What else happens: keys that stop to work, invitations that can no longer be accepted.
    pub(crate) notes: Vec<String>,
    /// The people, the largest change first.
    pub(crate) people: Vec<Affected>,
    /// How many people the page does not list.
    pub(crate) others: usize,
}

/// "gives 12 people" "delete on contacts (1,204 records)".
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// How many people.
    pub(crate) people: String,
    /// What.
    pub(crate) what: String,
}

/// A person whose access changes.
#[derive(Clone, Debug)]
pub(crate) struct Affected {
    /// The person.
    pub(crate) person: Person,
    /// What changes.
    pub(crate) changes: Vec<Change>,
}

/// An action whose reach changes.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// "Contacts: delete".
    pub(crate) action: String,
    /// The reach before.
    pub(crate) before: Reach,
    /// The reach after.
    pub(crate) after: Reach,
    /// How many records are gained and lost, in words.
    pub(crate) records: String,
}

impl Effect {
    /// Describes a use case that ran up to its first write.
    pub(crate) async fn of(
        submission: &mut Submission,
        ran: Result<(), Error>,
        rehearsal: Rehearsal,
    ) -> Result<Effect, Problem> {
        match ran {
            Ok(()) | Err(Error::DryRun) => {}
            Err(error) => return Err(error.into()),
        }
        let preview = submission.describe(rehearsal.into_effect()).await?;
        let ctx = submission.read().await?;
        Ok(Effect::new(&ctx, &submission.frame, &preview))
    }

    fn new(ctx: &WorkspaceContext, frame: &Frame, preview: &Preview) -> Effect {
        let people: Vec<Affected> =
            preview.members.iter().map(|one| affected(ctx, frame, one)).collect();
        let mut notes = Vec::new();
        let keys: Vec<String> =
            preview.api_keys.iter().flatten().map(|key| key.name.clone()).collect();
        if !keys.is_empty() {
            let (n, keys) = (keys.len(), keys.join(", "));
            notes.push(text!(frame.text, "effect-keys", n = n, keys = keys));
        }
        let stopped: Vec<String> = preview
            .invitations
            .iter()
            .flatten()
            .map(|(invitation, _)| invitation.email.to_string())
            .collect();
        if !stopped.is_empty() {
            let (n, people) = (stopped.len(), stopped.join(", "));
            notes.push(text!(frame.text, "effect-invitations", n = n, people = people));
        }
        let total = preview.total.unwrap_or(people.len());
        Effect {
            gains: parts(ctx, frame.text, preview, Side::Gain),
            losses: parts(ctx, frame.text, preview, Side::Loss),
            notes,
            others: total.saturating_sub(people.len()),
            people,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Effect {
        let change = Change {
            action: "Contacts: delete".to_owned(),
            before: Reach::of(Text::default(), "own"),
            after: Reach::of(Text::default(), "team"),
            records: "+ 1,204".to_owned(),
        };
        let part = Part {
            people: "gives 12 people".to_owned(),
            what: "delete on contacts".to_owned(),
        };
        Effect {
            gains: vec![part.clone()],
            losses: vec![part],
            notes: vec!["One API key stops working: <script>.".to_owned()],
            people: vec![Affected { person: Person::new(&1, "Ben"), changes: vec![change] }],
            others: 3,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Gain,
    Loss,
}

/// Groups the actions by how many people gain or lose them, the most people first.
fn parts(ctx: &WorkspaceContext, text: Text, preview: &Preview, side: Side) -> Vec<Part> {
    let mut by_people: BTreeMap<usize, Vec<&ActionTotal>> = BTreeMap::new();
    for total in &preview.totals {
        let people = if side == Side::Gain { total.gaining } else { total.losing };
        if people > 0 {
            by_people.entry(people).or_default().push(total);
        }
    }
    let part = |(people, totals): (usize, Vec<&ActionTotal>)| {
        let named = totals.iter().take(NAMED).map(|total| {
            let records = records_of(preview, total, side).filter(|records| *records > 0);
            let (resource, action) = names(ctx, &total.resource, &total.action);
            let action = action.to_lowercase();
            match records {
                Some(n) => {
                    text!(
                        text,
                        "effect-action-records",
                        action = action,
                        resource = resource,
                        n = n
                    )
                }
                None => text!(text, "effect-action", action = action, resource = resource),
            }
        });
        let mut what: Vec<String> = named.collect();
        let rest = totals.len().saturating_sub(NAMED);
        if rest > 0 {
            what.push(text!(text, "effect-more", n = rest));
        }
        Part {
            people: match side {
                Side::Gain => text!(text, "effect-gives", n = people),
                Side::Loss => text!(text, "effect-takes", n = people),
            },
            what: what.join(", "),
        }
    };
    by_people.into_iter().rev().map(part).collect()
}

/// The records of an action, where every person gains or loses the same number and all are listed.
fn records_of(preview: &Preview, total: &ActionTotal, side: Side) -> Option<i64> {
    if preview.has_more {
        return None;
    }
    let changes = preview.members.iter().flat_map(|member| &member.changes);
    let own = changes
        .filter(|change| change.resource == total.resource && change.action == total.action);
    let count = |change: &ActionPreview| match side {
        Side::Gain => change.records_gained,
        Side::Loss => change.records_lost,
    };
    let mut counts = own.filter_map(count).filter(|count| *count > 0);
    let first = counts.next()?;
    counts.all(|count| count == first).then_some(first)
}

fn affected(ctx: &WorkspaceContext, frame: &Frame, one: &MemberPreview) -> Affected {
    let invited = one.invited.as_ref().map(ToString::to_string);
    let name = one.name.clone().or(invited).unwrap_or_else(|| frame.t("effect-other-member"));
    let change = |change: &ActionPreview| {
        let (resource, action) = names(ctx, &change.resource, &change.action);
        let mut resources = ctx.policy().resources().iter();
        let is_scoped = resources
            .find(|known| known.key == change.resource)
            .is_none_or(|known| known.scoped);
        let count = |sign: &str, count: Option<i64>| {
            count.filter(|n| *n > 0).map(|n| format!("{sign}{}", frame.number(n)))
        };
        let counts = [count("+", change.records_gained), count("−", change.records_lost)];
        Change {
            action: format!("{resource}: {}", action.to_lowercase()),
            before: Reach::of_cell(frame.text, is_scoped, &change.before),
            after: Reach::of_cell(frame.text, is_scoped, &change.after),
            records: counts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    };
    Affected {
        person: Person::new(&one.member, &name),
        changes: one.changes.iter().map(change).collect(),
    }
}

/// The names of a resource and of an action.
pub(crate) fn names(ctx: &WorkspaceContext, resource: &str, action: &str) -> (String, String) {
    let own = ctx.snapshot().record_type(resource);
    let known = ctx.policy().resources().iter().find(|known| known.key == resource);
    let name = own.map(|own| own.name).or_else(|| known.map(|known| known.name.clone()));
    let verb = known.and_then(|known| known.actions.iter().find(|one| one.key == action));
    (
        name.unwrap_or_else(|| resource.to_owned()),
        verb.map_or_else(|| action.to_owned(), |verb| verb.name.clone()),
    )
}
