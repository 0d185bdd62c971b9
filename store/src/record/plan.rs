//! Every statement that lists are read by, for the golden files of their plans.

use super::figure::statement as sums_of;
use super::match_count::{first_parameter, matches};
use super::query::SortOrder;
use super::statement::{
    GroupFilter, OwnerFilter, StreamKind, any, count_first, count_of, events, events_after,
    months_of_stage, owners, rows, sizes, stream, walked,
};
use super::type_search::statement::{
    candidates_of_types, matches_of_types, newest_of_types, rows_of_types, sizes_of_types,
    types_searched,
};
use super::{counter, reassignment};
use crate::counter_cache::figure::SumDetail;
use crate::dialect::Dialect;
use crate::dialect::search::{CandidateSearch, SearchedPart};
use crate::statement::Planning;

/// Whether PostgreSQL plans a statement for the values of each execution.
#[must_use]
pub fn is_planned_for_values(sql: &str) -> bool {
    Planning::of(sql) == Planning::ForValues
}

/// Every statement that lists are read by, with a name.
#[must_use]
pub fn statements(dialect: Dialect) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for order in [SortOrder::Newest, SortOrder::Oldest, SortOrder::Title, SortOrder::TitleDown]
    {
        for kind in [StreamKind::Walk, StreamKind::Scan, StreamKind::One, StreamKind::Merge] {
            let name = format!("{kind:?} {order:?}").to_lowercase();
            all.push((name, stream(dialect, order, kind, GroupFilter::Every)));
            if matches!(order, SortOrder::Newest | SortOrder::Oldest) {
                let groups =
                    [("of a stage", GroupFilter::Stage), ("of open ones", GroupFilter::Open)];
                for (which, group) in groups {
                    let name = format!("{kind:?} {order:?}").to_lowercase();
                    all.push((format!("{name} {which}"), stream(dialect, order, kind, group)));
                }
            }
        }
    }
    let filter = |first: usize| {
        format!(
            " AND stage = ?{first} AND {}",
            dialect.contains("search_text", &format!("?{}", first + 1))
        )
    };
    let candidates = |part| {
        let search = CandidateSearch::alone(dialect, part, 1, "DESC");
        dialect.candidates(&search)
    };
    let parts = [SearchedPart::Title, SearchedPart::Text];
    let kinds = [StreamKind::Walk, StreamKind::One, StreamKind::Merge];
    let others = [
        ("rows", rows(dialect, "")),
        ("sizes", sizes(dialect, "")),
        ("rows behind a filter", rows(dialect, &filter(4))),
        ("count behind a filter", count_of(dialect, &filter(4))),
        ("candidates by the text", candidates(SearchedPart::Text)),
        ("candidates by the title", candidates(SearchedPart::Title)),
        ("candidates of two types", candidates_of_types(dialect, &[&parts, &parts], 1)),
        ("matches of types", matches_of_types(dialect, 2)),
        ("newest of types", newest_of_types(dialect, &kinds, 2)),
        ("records of types", rows_of_types(dialect)),
        ("sizes of types", sizes_of_types(dialect)),
        ("types that are searched", types_searched(dialect)),
        ("months of a stage", months_of_stage(dialect, OwnerFilter::All, &[])),
        ("months of a stage of owners", months_of_stage(dialect, OwnerFilter::Owners, &[])),
        ("sums of types", sums_of::sums(dialect, OwnerFilter::All, SumDetail::Slots)),
        ("sums of owners", sums_of::sums(dialect, OwnerFilter::Owners, SumDetail::Slots)),
        (
            "sums of owners by stage",
            sums_of::sums(dialect, OwnerFilter::Owners, SumDetail::Stages),
        ),
        ("sums of types of owners", sums_of::counts_of_pairs(dialect)),
        ("largest owners of two types", sums_of::largest(dialect, 2)),
        ("totals of types", sums_of::totals(dialect)),
        ("counters of types", sums_of::counters(dialect)),
        ("counters of owners of types", sums_of::counters_of_owners(dialect)),
        ("sums of a stage by owner", sums_of::owners_of_stage(dialect, OwnerFilter::All)),
        (
            "sums of a stage by owner of owners",
            sums_of::owners_of_stage(dialect, OwnerFilter::Owners),
        ),
        ("sums of an owner", reassignment::SUMS.to_owned()),
        ("sums of named records", reassignment::summed_named(dialect)),
        ("total", counter::TOTAL.to_owned()),
        ("total and scope", counter::TOTAL_AND_SCOPE.to_owned()),
        ("counters of a type", counter::ALL.to_owned()),
        ("counters that have changed", counter::CHANGED.to_owned()),
        ("counters", counter::of_owners(dialect)),
        ("workloads", counter::of_members(dialect)),
        ("named records of an owner", reassignment::count_named(dialect)),
        ("reassignment of all", reassignment::reassign_some(dialect)),
        ("reassignment of some", reassignment::reassign_named(dialect)),
        ("records of an owner", reassignment::records_of(dialect, "")),
        ("some records of an owner", reassignment::records_of(dialect, "?4")),
        ("next records of an owner", reassignment::next_of(dialect)),
        ("last record of an owner", reassignment::last_of(dialect)),
        ("owners of records", owners(dialect)),
        ("record of any type", any()),
        ("timeline", events()),
        ("timeline in order", events_after()),
    ];
    all.extend(others.map(|(name, sql)| (name.to_owned(), sql)));
    let first = first_parameter(dialect, 1) + 1;
    let of_all = matches(dialect, 1, false, &filter(first));
    all.push(("matches of all owners".to_owned(), of_all));
    let of_owners = matches(dialect, 1, true, &filter(first + 1));
    all.push(("matches of owners".to_owned(), of_owners));
    if dialect == Dialect::Postgres {
        for order in [SortOrder::Newest, SortOrder::Oldest] {
            for kind in kinds {
                let name = format!("{kind:?} {order:?} with words").to_lowercase();
                all.push((name, walked(order, kind, 2)));
            }
        }
        all.push(("count of the newest".to_owned(), count_first(false, &filter(4))));
        all.push(("count of owners".to_owned(), count_first(true, &filter(5))));
    }
    all
}
