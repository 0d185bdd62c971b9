//! The differences as rows, and what is the same in one line.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::{ActionPreview, MemberPreview};

use super::side::Known;
use crate::effect::names;
use crate::frame::{Frame, Person};
use crate::reach::Reach;
use crate::source::source;

/// The rights that the line about what is the same names.
const NAMED: usize = 12;

/// Differences about one person, or about the second side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    /// The person, where the whole workspace is compared.
    pub(crate) person: Option<Person>,
    pub(crate) rows: Vec<Row>,
}

/// A difference.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) resource: String,
    pub(crate) action: String,
    pub(crate) before: Held,
    pub(crate) after: Held,
    /// How many records the second side has beyond the first; empty for none.
    pub(crate) more: String,
    /// How many it lacks.
    pub(crate) fewer: String,
}

/// How far an action goes on one side.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) reach: Reach,
    /// What gives it.
    pub(crate) note: String,
    /// The page that explains it.
    pub(crate) href: Option<String>,
}

/// What is the same on both sides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Same {
    pub(crate) n: usize,
    pub(crate) named: String,
}

impl Row {
    #[cfg(test)]
    pub(crate) fn sample() -> Row {
        let held = |words: &str, href: Option<String>| Held {
            reach: Reach::of(crate::text::Text::default(), words),
            note: "role <script>".to_owned(),
            href,
        };
        Row {
            resource: "Deals <script>".to_owned(),
            action: "update".to_owned(),
            before: held("own", Some("#".to_owned())),
            after: held("team", None),
            more: "+52".to_owned(),
            fewer: "−2".to_owned(),
        }
    }
}

/// A difference, as a page has it beside its sides.
struct Difference<'d> {
    keys: (&'d str, &'d str),
    reaches: (&'d str, &'d str),
    records: (Option<i64>, Option<i64>),
}

/// The rows of a comparison.
pub(super) struct Rows<'r> {
    pub(super) ctx: &'r WorkspaceContext,
    pub(super) frame: &'r Frame,
    pub(super) sides: (&'r Known, &'r Known),
    pub(super) counts_records: bool,
}

impl Rows<'_> {
    /// The rows about a person or the second side.
    pub(super) fn group(&self, one: &MemberPreview, is_named: bool) -> Group {
        let other = || self.frame.t("effect-other-member");
        let name = || one.name.clone().unwrap_or_else(other);
        let row = |change: &ActionPreview| {
            self.row(&Difference {
                keys: (&change.resource, &change.action),
                reaches: (&change.before, &change.after),
                records: (change.records_gained, change.records_lost),
            })
        };
        Group {
            person: is_named.then(|| Person::new(&one.member, &name())),
            rows: one.changes.iter().map(row).collect(),
        }
    }

    /// The row of a cell without records.
    pub(super) fn cell(&self, keys: (&str, &str), reaches: (&str, &str)) -> Row {
        self.row(&Difference { keys, reaches, records: (None, None) })
    }

    fn row(&self, difference: &Difference<'_>) -> Row {
        let (resource, action) = names(self.ctx, difference.keys.0, difference.keys.1);
        let count = |sign: &str, count: Option<i64>| {
            let shown = count.filter(|n| *n > 0 && self.counts_records);
            shown.map(|n| format!("{sign}{}", self.frame.number(n))).unwrap_or_default()
        };
        Row {
            resource,
            action: action.to_lowercase(),
            before: self.held(self.sides.0, difference.keys, difference.reaches.0),
            after: self.held(self.sides.1, difference.keys, difference.reaches.1),
            more: count("+", difference.records.0),
            fewer: count("−", difference.records.1),
        }
    }

    fn held(&self, side: &Known, (resource, action): (&str, &str), words: &str) -> Held {
        let mut resources = self.ctx.policy().resources().iter();
        let is_scoped =
            resources.find(|known| known.key == resource).is_none_or(|known| known.scoped);
        let right = side.right(resource, action);
        let explain = |id: &String| {
            let base = &self.frame.base;
            format!("{base}/settings/explain?member={id}&action={resource}:{action}")
        };
        Held {
            reach: Reach::of_cell(self.frame.text, is_scoped, words),
            note: right.map(|right| source(self.frame, right)).unwrap_or_default(),
            href: side.member.as_ref().map(|member| explain(&member.id.to_string())),
        }
    }

    /// What both sides have alike: what one of them holds and no row is about.
    pub(super) fn same(&self, differing: &BTreeSet<(String, String)>) -> Option<Same> {
        let held = self.sides.1.held(self.ctx).or_else(|| self.sides.0.held(self.ctx))?;
        let alike: Vec<_> = held.difference(differing).collect();
        let mut by_resource: BTreeMap<usize, (String, Vec<String>)> = BTreeMap::new();
        let resources = self.ctx.policy().resources();
        let place = |key: &str| resources.iter().position(|known| known.key == key);
        let mut ordered = alike.clone();
        ordered.sort_by_key(|(resource, _)| place(resource));
        for (resource, action) in ordered.into_iter().take(NAMED) {
            let (name, action) = names(self.ctx, resource, action);
            let at = place(resource).unwrap_or(usize::MAX);
            let row = by_resource.entry(at).or_insert_with(|| (name, Vec::new()));
            row.1.push(action.to_lowercase());
        }
        let parts = by_resource.values();
        let parts = parts.map(|(name, actions)| format!("{name}: {}", actions.join(", ")));
        let mut named = parts.collect::<Vec<_>>().join(" · ");
        let rest = alike.len().saturating_sub(NAMED);
        if rest > 0 {
            named = format!("{named} · {}", self.frame.count("compare-and-more", rest));
        }
        Some(Same { n: alike.len(), named })
    }
}
