//! The sentence over a list: how many records the reader sees, and whose they are.

use hallpass_app::access::Question;
use hallpass_app::access::list::{ListPart, ListReasons};
use hallpass_app::context::WorkspaceContext;
use hallpass_engine::Relations;

use super::kind::Kind;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::text::IntoValue;

/// What the reader sees of a record type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// The sentence.
    pub(crate) sentence: String,
    /// The page that explains it.
    pub(crate) why: String,
    /// The number of records.
    pub(crate) total: Option<i64>,
    /// The number of the reader's own records; none where it is not counted apart.
    pub(crate) own: Option<i64>,
    /// The number of records without an owner; none where it is not counted apart.
    pub(crate) unowned: Option<i64>,
    /// Whether the reader sees every record, of which there are some.
    pub(crate) is_all: bool,
    /// Whether nothing is hidden from the reader, also where there is nothing.
    pub(crate) is_unlimited: bool,
    /// Whether the reader sees records of others, or of no owner.
    pub(crate) has_others: bool,
}

impl Reach {
    /// Loads what the reader sees of a record type.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        kind: &Kind,
    ) -> Result<Reach, Failure> {
        let action = kind.resource.key_of(kind.resource.read).unwrap_or_default().to_owned();
        let question = Question {
            resource: kind.key.clone(),
            action: action.clone(),
            ..Question::default()
        };
        let reasons = ctx.access().explain_list(None, &question).await?;
        let why =
            format!("{}/settings/explain?resource={}&action={action}", frame.base, kind.key);
        Ok(Reach { why, ..Reach::of(frame, kind, &reasons) })
    }

    fn of(frame: &Frame, kind: &Kind, reasons: &ListReasons) -> Reach {
        let parts = &reasons.parts;
        let of = |relation: Relations| {
            let found = parts.iter().find(|part| part.relation == relation);
            found.and_then(|part| part.records)
        };
        let is_all = parts.iter().any(|part| part.relation == Relations::ALL);
        Reach {
            sentence: sentence(frame, kind, reasons, is_all),
            why: String::new(),
            total: reasons.total,
            own: of(Relations::SELF),
            unowned: of(Relations::UNOWNED),
            is_all,
            is_unlimited: reasons.is_unlimited,
            has_others: parts.iter().any(|part| part.relation != Relations::SELF),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Reach {
        Reach {
            sentence: "You see 87 deals: 12 of your own.".to_owned(),
            why: "/workspace/northwind/settings/explain".to_owned(),
            total: Some(87),
            own: Some(12),
            unowned: Some(5),
            is_all: false,
            is_unlimited: false,
            has_others: true,
        }
    }
}

fn sentence(frame: &Frame, kind: &Kind, reasons: &ListReasons, is_all: bool) -> String {
    let text = frame.text;
    let total = reasons.total.unwrap_or_default();
    let count = frame.number(total);
    let things = if total == 1 { &kind.one } else { &kind.many };
    if reasons.parts.is_empty() {
        return text!(text, "records-see-none", things = &kind.many);
    }
    if is_all {
        return match total {
            1 => text!(text, "records-see-only", thing = &kind.one),
            _ => text!(text, "records-see-all", count = count, things = &kind.many),
        };
    }
    let words: Vec<String> = reasons.parts.iter().map(|part| part_words(frame, part)).collect();
    let list = match words.as_slice() {
        [most @ .., last] if !most.is_empty() => {
            text!(text, "records-list-and", most = most.join(", "), last = last)
        }
        _ => words.concat(),
    };
    text!(text, "records-see", count = count, things = things, list = list)
}

fn part_words(frame: &Frame, part: &ListPart) -> String {
    let text = frame.text;
    let n = frame.number(part.records.unwrap_or_default());
    let key = match part.relation {
        Relations::SELF => return text!(text, "records-of-own", n = n),
        Relations::UNOWNED => return text!(text, "records-of-unowned", n = n),
        Relations::ASSIGNED => "records-of-assigned",
        Relations::TEAM => "records-of-team",
        Relations::DEPARTMENT => "records-of-department",
        Relations::ASSIGNED_IN_DEPARTMENT => "records-of-assigned-department",
        Relations::TEAM_IN_DEPARTMENT => "records-of-team-department",
        _ => "records-of-workspace",
    };
    let people = match part.owners {
        Some(people) => text!(text, "records-people", n = people),
        None => frame.t("records-people-some"),
    };
    let values = [("n", n.into_value()), ("people", people.into_value())];
    text.with(key, &values.into_iter().collect())
}
