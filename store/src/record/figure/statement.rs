//! The statements that figures are read by.

use crate::counter_cache::figure::SumDetail;
use crate::dialect::Dialect;
use crate::record::statement::OwnerFilter;

/// So many owners have a group of their own; the others are one group.
pub(in crate::record) const OWNERS: usize = 20;

/// The totals of the types in `?2`.
pub(in crate::record) fn totals(dialect: Dialect) -> String {
    format!(
        "SELECT entity, n, owners, version FROM record_totals \
         WHERE workspace_id = ?1 AND entity {}",
        dialect.seek_texts("?2")
    )
}

/// The sums of the types in `?2`: of the owner `?3`, or of the owners in `?3` together.
pub(in crate::record) fn sums(
    dialect: Dialect,
    owners: OwnerFilter,
    detail: SumDetail,
) -> String {
    let types = dialect.seek_texts("?2");
    let grouped = match detail {
        SumDetail::Stages => "'stage'",
        SumDetail::Months => "'stage', 'month'",
        SumDetail::Slots => "'stage', 'month', 'slot'",
    };
    let columns = ["n", "open_n", "amount_high", "amount_low"];
    let (columns, owner, group) = match owners {
        OwnerFilter::All => (columns.join(", "), "= ?3".to_owned(), ""),
        OwnerFilter::Owners => {
            let summed = columns.map(|name| format!("CAST(sum({name}) AS BIGINT) AS {name}"));
            (summed.join(", "), dialect.seek_ids("?3"), " GROUP BY entity, grouped_by, grouped")
        }
    };
    format!(
        "SELECT entity, grouped_by, grouped, {columns} FROM record_sums \
         WHERE workspace_id = ?1 AND entity {types} \
         AND grouped_by IN ({grouped}) AND owner_id {owner} AND n > 0{group}"
    )
}

/// The owners with the most records of so many types. It takes the types.
pub(in crate::record) fn largest(dialect: Dialect, types: usize) -> String {
    let by_index = dialect.by_index("record_counts_n");
    let of_type = |number: usize| {
        format!(
            "SELECT * FROM (SELECT entity, owner_id, n, open_n, amount_high, amount_low \
             FROM record_counts{by_index} WHERE workspace_id = ?1 AND (entity || '') = ?{number} \
             AND n > 0 ORDER BY n DESC, owner_id LIMIT {OWNERS}) AS type_{number}"
        )
    };
    (2..types + 2).map(of_type).collect::<Vec<_>>().join(" UNION ALL ")
}

/// The counters of the pairs of a type and an owner in `?2`.
pub(in crate::record) fn counts_of_pairs(dialect: Dialect) -> String {
    dialect.lookup_pairs(
        "entity, owner_id, n, open_n, amount_high, amount_low",
        "record_counts",
        ["entity", "owner_id"],
        "?2",
    )
}

/// How many records each owner has of the types in `?2`.
pub(in crate::record) fn counters(dialect: Dialect) -> String {
    format!(
        "SELECT entity, owner_id, n FROM record_counts WHERE workspace_id = ?1 \
         AND entity {} AND n > 0",
        dialect.seek_texts("?2")
    )
}

/// Like [`counters`], for the owners in `?3`.
pub(in crate::record) fn counters_of_owners(dialect: Dialect) -> String {
    format!("{} AND owner_id {}", counters(dialect), dialect.seek_ids("?3"))
}

/// The sums of the stage `?3` of the type `?2` by owner: of all, or of those in `?4`.
pub(in crate::record) fn owners_of_stage(dialect: Dialect, owners: OwnerFilter) -> String {
    let owner = match owners {
        OwnerFilter::All => "IN (SELECT owner_id FROM record_counts \
                             WHERE workspace_id = ?1 AND entity = ?2 AND n > 0)"
            .to_owned(),
        OwnerFilter::Owners => dialect.seek_ids("?4"),
    };
    format!(
        "SELECT owner_id, n, open_n, amount_high, amount_low FROM record_sums \
         WHERE workspace_id = ?1 AND entity = ?2 AND grouped_by = 'stage' AND owner_id {owner} \
         AND grouped = ?3 AND n > 0"
    )
}
