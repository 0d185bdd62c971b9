//! The statements of a search in many record types: one for all of them, however many there are.

use std::fmt::Write as _;
use std::ops::Range;

use crate::dialect::Dialect;
use crate::dialect::list::Merge;
use crate::dialect::search::{CandidateSearch, SearchedPart};
use crate::record::row::COLUMNS;
use crate::record::statement::{BYTES, PRIMARY, StreamKind, contains_words};

/// The types in `?2` that have records, with their numbers in the index.
pub(in crate::record) fn types_searched(dialect: Dialect) -> String {
    format!(
        "SELECT t.entity AS entity, s.scope AS scope, s.is_indexed AS is_indexed \
         FROM record_totals t JOIN search_scopes s \
         ON s.workspace_id = ?1 AND s.entity = t.entity \
         WHERE t.workspace_id = ?1 AND t.n > 0 AND t.entity {}",
        dialect.seek_texts("?2")
    )
}

/// The parameters of [`candidates_of_types`] that are the words.
pub(in crate::record) const fn words(words: usize) -> Range<usize> {
    2..2 + words
}

/// The candidates of some types by some parts of each, with the place of the type. It takes the words, and for each
/// type its scope and how many candidates.
pub(in crate::record) fn candidates_of_types(
    dialect: Dialect,
    types: &[&[SearchedPart]],
    texts: usize,
) -> String {
    let words = words(texts);
    let of_type = match dialect {
        Dialect::Sqlite => 5,
        Dialect::Postgres => 2,
    };
    let mut sql = String::new();
    for (place, parts) in types.iter().enumerate() {
        let first = words.end + of_type * place;
        for part in parts.iter().copied() {
            // On SQLite each part has rows of its own.
            let scope = match (dialect, part) {
                (Dialect::Sqlite, SearchedPart::Text) => first + 2,
                (Dialect::Sqlite | Dialect::Postgres, _) => first,
            };
            let search = CandidateSearch {
                part,
                direction: "DESC",
                words: words.clone(),
                scope,
                limit: first + of_type - 1,
            };
            let union = if sql.is_empty() { "" } else { " UNION ALL " };
            // Writing into a string does not fail.
            let _ = write!(
                sql,
                "{union}SELECT CAST({place} AS BIGINT) AS place, {is_title} AS is_title, \
                 id, owner_id, doc FROM ({candidates}) AS of_{place}_{part:?}",
                is_title = truth(part == SearchedPart::Title),
                candidates = dialect.candidates(&search),
            );
        }
    }
    sql
}

/// The records with the pairs of a type and an id in `?2` that have so many words, with whether all are in the
/// title. It takes the words from `?3` on.
pub(in crate::record) fn matches_of_types(dialect: Dialect, texts: usize) -> String {
    let found =
        dialect.lookup_pairs("entity, id, search_text", "records", ["entity", "id"], "?2");
    let [in_text, in_title] = contains_words(dialect, 3, texts);
    format!(
        "SELECT entity, id, ({in_title}) AS in_title FROM ({found}) AS found_rows WHERE {in_text}"
    )
}

/// The newest records of some types, each of an owner, of owners or of all, with whether they have so many words,
/// and whether all are in the title. It takes the ends of all ids, the words, and for each type the type, how many,
/// and the owner or owners, which are not used for all.
pub(in crate::record) fn newest_of_types(
    dialect: Dialect,
    kinds: &[StreamKind],
    texts: usize,
) -> String {
    let [in_text, in_title] = contains_words(dialect, 4, texts);
    // PostgreSQL has read the text where it finds the id. SQLite finds ids in an index without it.
    let text = match dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => ", search_text",
    };
    let mut sql = String::new();
    let mut next = 4 + texts;
    for (place, kind) in kinds.iter().enumerate() {
        let [entity, limit, owner] =
            [next, next + 1, next + 2].map(|number| format!("?{number}"));
        let has_owner = matches!(kind, StreamKind::One | StreamKind::Merge);
        next += if has_owner { 3 } else { 2 };
        let merge = Merge {
            entity: &entity,
            keys: &["id"],
            columns: text,
            index: "records_owner",
            direction: "DESC",
            comparisons: ["<", ">"],
            positions: ["?2", "?3"],
            owners: &owner,
            restriction: "",
            limit: &limit,
        };
        let ids = match kind {
            StreamKind::Merge => dialect.merge(&merge),
            StreamKind::One | StreamKind::Walk | StreamKind::Scan => {
                let (index, of_owner) = if has_owner {
                    ("records_owner", format!(" AND owner_id = {owner}"))
                } else {
                    (PRIMARY, String::new())
                };
                format!(
                    "SELECT id{text} FROM records{by_index} WHERE workspace_id = ?1 AND entity = {entity}\
                     {of_owner} AND id < ?2 AND id > ?3 ORDER BY id DESC LIMIT {limit}",
                    by_index = dialect.by_index(index),
                )
            }
        };
        let union = if place == 0 { "" } else { " UNION ALL " };
        let rows = match dialect {
            Dialect::Sqlite => Dialect::records_of(&ids, &entity, PRIMARY),
            Dialect::Postgres => format!("({ids}) AS r"),
        };
        // Writing into a string does not fail.
        let _ = write!(
            sql,
            "{union}SELECT CAST({place} AS BIGINT) AS place, r.id AS id, ({in_text}) AS is_match, \
             ({in_title}) AS in_title FROM {rows}",
        );
    }
    sql
}

/// The records with the pairs of a type and an id in `?2`.
pub(in crate::record) fn rows_of_types(dialect: Dialect) -> String {
    dialect.lookup_pairs(COLUMNS.list(), "records", ["entity", "id"], "?2")
}

/// The bytes of the records with the pairs of a type and an id in `?2`.
pub(in crate::record) fn sizes_of_types(dialect: Dialect) -> String {
    let columns = format!("id, {BYTES}");
    dialect.lookup_pairs(&columns, "records", ["entity", "id"], "?2")
}

const fn truth(is_true: bool) -> &'static str {
    if is_true { "TRUE" } else { "FALSE" }
}
