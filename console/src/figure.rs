//! Figures: groups of records as a chart that the server draws, with the same numbers as a table.

use std::collections::HashMap;

use hallpass_app::dashboard::{GroupKey, GroupSum};
use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::Measure;
use hallpass_engine::{FieldType, Resource};

use crate::frame::Frame;
use crate::record::value;

/// The months of a chart at most.
const MONTHS: usize = 12;

/// The bars of a chart at most; the table has the others.
const BARS: usize = 12;

/// A chart of bars, one for each group.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// What it shows, for readers who do not see it.
    pub(crate) title: String,
    /// Whether the bars are side by side, as months do.
    pub(crate) is_upright: bool,
    pub(crate) bars: Vec<Bar>,
    /// The groups, each with its numbers.
    pub(crate) rows: Vec<Group>,
    pub(crate) has_amounts: bool,
}

/// A bar of a chart.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) value: String,
    /// Its length, in percent of the longest.
    pub(crate) percent: i64,
}

/// A group of records with its numbers.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) label: String,
    pub(crate) count: String,
    pub(crate) open: String,
    pub(crate) amount: String,
    value: i64,
    short: String,
    /// Whether it is what is left over of other groups.
    is_rest: bool,
}

/// Whether records of a type have an amount of money.
pub(crate) fn has_amounts(resource: &Resource) -> bool {
    resource.fields.iter().any(|field| field.holds == FieldType::Money)
}

impl Chart {
    /// A chart of groups, by what is measured of them.
    pub(crate) fn of(
        frame: &Frame,
        title: String,
        (resource, names): (&Resource, &HashMap<MemberId, String>),
        sums: &[GroupSum],
        measure: Measure,
    ) -> Chart {
        let group = |sum: &GroupSum| Group::of(frame, (resource, names), sum, measure);
        let mut rows: Vec<Group> = sums.iter().map(group).collect();
        let is_upright =
            matches!(sums.first(), Some(GroupSum { group: GroupKey::Month(_), .. }));
        let is_by_owner =
            matches!(sums.first(), Some(GroupSum { group: GroupKey::Owner(_), .. }));
        if is_by_owner {
            // The others are the last row, however many records they have together.
            rows.sort_by_key(|row| (row.is_rest, std::cmp::Reverse(row.value)));
        }
        let drawn: Vec<&Group> = if is_upright {
            rows.iter().rev().take(MONTHS).rev().collect()
        } else {
            rows.iter().take(BARS).collect()
        };
        let most = drawn.iter().map(|row| row.value).max().unwrap_or(0).max(1);
        let bars = drawn.iter().map(|row| row.bar(most)).collect();
        let has_amounts = has_amounts(resource);
        Chart { title, is_upright, bars, rows, has_amounts }
    }

    #[cfg(test)]
    pub(crate) fn sample(is_upright: bool) -> Chart {
        let row = Group {
            label: "<script>".to_owned(),
            count: "12".to_owned(),
            open: "3".to_owned(),
            amount: "CHF 48,000".to_owned(),
            value: 12,
            short: "12".to_owned(),
            is_rest: false,
        };
        Chart {
            title: "By stage".to_owned(),
            is_upright,
            bars: vec![row.bar(12)],
            rows: vec![row],
            has_amounts: true,
        }
    }
}

impl Group {
    fn of(
        frame: &Frame,
        (resource, names): (&Resource, &HashMap<MemberId, String>),
        sum: &GroupSum,
        measure: Measure,
    ) -> Group {
        let label = match &sum.group {
            GroupKey::Stage(None) => frame.t("event-no-stage"),
            GroupKey::Stage(Some(key)) => {
                let known = resource.stages.iter().find(|stage| stage.key == *key);
                known.map_or(key, |stage| &stage.name).clone()
            }
            GroupKey::Owner(Owner::Unowned) => frame.t("records-unassigned"),
            GroupKey::Owner(Owner::Member(id)) => {
                names.get(id).cloned().unwrap_or_else(|| frame.t("records-other-owner"))
            }
            GroupKey::OtherOwners(n) => {
                text!(frame.text, "figure-other-owners", count = *n, n = frame.number(*n))
            }
            GroupKey::Month(month) => value::month(frame, *month),
        };
        let value = match measure {
            Measure::Count => sum.n,
            Measure::Open => sum.open,
            Measure::Amount => sum.amount,
        };
        Group {
            is_rest: matches!(sum.group, GroupKey::OtherOwners(_)),
            label,
            count: frame.number(sum.n),
            open: frame.number(sum.open),
            amount: value::amount(frame, sum.amount),
            value,
            short: value::short(
                frame,
                if measure == Measure::Amount { value / 100 } else { value },
            ),
        }
    }

    /// Its bar in a chart whose longest has a value of `most`: one of nothing is a line.
    fn bar(&self, most: i64) -> Bar {
        let percent = (self.value.max(0).saturating_mul(100) / most).max(1);
        Bar { label: self.label.clone(), value: self.short.clone(), percent }
    }
}
