//! How each engine finds records by parts of their text.
//!
//! SQLite has a table of its full-text search beside the records, whose rows have numbers in the order of
//! the records: the text of a record at its `doc`, its title at [`TITLE`] more. It holds sets of three
//! characters and no text, so a candidate is compared with the record. PostgreSQL has an index of the
//! records themselves.

use std::fmt::Write;
use std::ops::Range;

use hallpass_domain::search::{Words, distinct};
use hallpass_domain::text::escape_like;

use super::Dialect;
use crate::value::Value;

/// The bits of the number of a record within its type.
const SEQUENCE_BITS: u32 = 36;

/// The bits of the number of a record: one says whether a row of the index is of the title.
pub(crate) const SCOPE_SHIFT: u32 = SEQUENCE_BITS + 1;

/// What the row of a title is above that of the whole text.
pub(crate) const TITLE: i64 = 1 << SEQUENCE_BITS;

/// The most words that PostgreSQL looks up; the others are compared.
const MOST_WORDS: usize = 4;

/// So many characters of the beginning and of the end of a longer word are what PostgreSQL looks up. Each further one is
/// one more list of its index to read, and leaves hardly a record out.
const ENDS: [usize; 2] = [12, 8];

/// What is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SearchedPart {
    /// The whole text.
    Text,
    /// The title.
    Title,
}

impl SearchedPart {
    /// What its rows in the index are above those of the whole text.
    pub(crate) const fn offset(self) -> i64 {
        match self {
            SearchedPart::Text => 0,
            SearchedPart::Title => TITLE,
        }
    }
}

/// A search for candidates, with the numbers of its parameters.
pub(crate) struct CandidateSearch<'s> {
    pub(crate) part: SearchedPart,
    /// `ASC` or `DESC`.
    pub(crate) direction: &'s str,
    /// The words, as [`Dialect::words`] binds them.
    pub(crate) words: Range<usize>,
    /// On SQLite the lowest row, after which the highest follows; on PostgreSQL the number of the type.
    pub(crate) scope: usize,
    /// How many.
    pub(crate) limit: usize,
}

impl CandidateSearch<'_> {
    /// A search that is a statement by itself. On SQLite it takes the words, the lowest and the highest row, and
    /// the limit; on PostgreSQL the number of the type, the limit and so many words.
    pub(crate) const fn alone(
        dialect: Dialect,
        part: SearchedPart,
        words: usize,
        direction: &str,
    ) -> CandidateSearch<'_> {
        match dialect {
            Dialect::Sqlite => {
                CandidateSearch { part, direction, words: 2..3, scope: 3, limit: 5 }
            }
            Dialect::Postgres => {
                CandidateSearch { part, direction, words: 4..4 + words, scope: 2, limit: 3 }
            }
        }
    }
}

impl Dialect {
    /// Creates what numbers record types, where a row that counts them is in the way.
    pub(super) const fn search_scope_numbers(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => {
                "CREATE SEQUENCE search_scope_numbers; \
                 SELECT setval('search_scope_numbers', n + 1, FALSE) FROM search_scope_count; \
                 DROP TABLE search_scope_count"
            }
        }
    }

    /// Takes the next number of a record type, as `n`.
    pub(crate) const fn next_search_scope(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "UPDATE search_scope_count SET n = n + 1 WHERE id = 1 RETURNING n"
            }
            Dialect::Postgres => "SELECT nextval('search_scope_numbers') AS n",
        }
    }

    /// Creates the index.
    pub(super) const fn search_index(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "CREATE INDEX records_doc ON records (workspace_id, doc, owner_id) \
                 WHERE doc IS NOT NULL;\n\
                 CREATE VIRTUAL TABLE record_index USING fts5 (text, content = '', \
                 contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1')"
            }
            // Few pending entries, since each search reads them all.
            Dialect::Postgres => {
                "CREATE EXTENSION IF NOT EXISTS pg_trgm;\n\
                 CREATE EXTENSION IF NOT EXISTS btree_gin;\n\
                 CREATE INDEX records_search ON records USING gin ((doc >> 37), \
                 search_text gin_trgm_ops, (split_part(search_text, E'\\n', 1)) gin_trgm_ops) \
                 WITH (gin_pending_list_limit = 256) WHERE doc IS NOT NULL"
            }
        }
    }

    /// The first line of a text that has several.
    pub(crate) fn first_line(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => {
                format!("substr({column}, 1, instr({column}, char(10)) - 1)")
            }
            Dialect::Postgres => format!("split_part({column}, E'\\n', 1)"),
        }
    }

    /// Whether a text contains another as it is.
    pub(crate) fn contains(self, text: &str, part: &str) -> String {
        match self {
            Dialect::Sqlite => format!("instr({text}, {part}) > 0"),
            Dialect::Postgres => format!("strpos({text}, {part}) > 0"),
        }
    }

    /// The records that may have some words, with their owners and numbers. On SQLite the rows are in the
    /// order of a direction; on PostgreSQL they are in none.
    pub(crate) fn candidates(self, search: &CandidateSearch<'_>) -> String {
        let CandidateSearch { part, direction, words, scope, limit } = search;
        match self {
            Dialect::Sqlite => {
                let (offset, word) = (part.offset(), words.start);
                let (low, high) = (scope, scope + 1);
                format!(
                    "SELECT r.id AS id, r.owner_id AS owner_id, r.doc AS doc FROM \
                     (SELECT rowid - {offset} AS doc FROM record_index \
                     WHERE record_index MATCH ?{word} AND rowid BETWEEN ?{low} AND ?{high} \
                     ORDER BY rowid {direction} LIMIT ?{limit}) AS found \
                     CROSS JOIN records AS r INDEXED BY records_doc \
                     ON r.workspace_id = ?1 AND r.doc = found.doc ORDER BY found.doc {direction}"
                )
            }
            Dialect::Postgres => {
                let rows = candidate_rows(OF_ANY_OWNER, search);
                format!("SELECT id, owner_id, doc FROM ({rows} LIMIT ?{limit}) AS candidate")
            }
        }
    }

    /// SQLite: of the first candidates of an [`alone`](CandidateSearch::alone) search, how many there are, the last of
    /// them, and how many are records of the type in `entity` that a filter admits; of the owners in `owners`, where
    /// there is such a parameter. The filter is read for no other records.
    pub(crate) fn count_candidates(
        search: &CandidateSearch<'_>,
        owners: Option<&str>,
        (entity, index, filter): (&str, &str, &str),
    ) -> String {
        let is_match = format!(
            "EXISTS (SELECT 1 FROM records INDEXED BY {index} WHERE workspace_id = ?1 \
             AND entity = {entity} AND id = candidate.id{filter})"
        );
        let is_match = match owners {
            None => is_match,
            Some(owners) => format!(
                "CASE WHEN candidate.owner_id {} THEN {is_match} ELSE 0 END",
                Dialect::Sqlite.in_ids(owners)
            ),
        };
        format!(
            "SELECT count(*) AS candidates, min(doc) AS last, \
             coalesce(sum({is_match}), 0) AS n FROM ({}) AS candidate",
            Dialect::Sqlite.candidates(search)
        )
    }

    /// PostgreSQL: how many records of the type in `entity` the index finds by an [`alone`](CandidateSearch::alone)
    /// search and a filter admits, up to its limit; of the owners in `owners`, where there is such a parameter. It
    /// reads no record whose owner is another: the index of the owners says which those are.
    pub(crate) fn count_indexed(
        search: &CandidateSearch<'_>,
        owners: Option<&str>,
        (entity, filter): (&str, &str),
    ) -> String {
        let from = match owners {
            None => OF_ANY_OWNER.to_owned(),
            Some(owners) => format!(
                "SELECT * FROM records WHERE workspace_id = ?1 AND entity = {entity} \
                 AND owner_id {}",
                Dialect::Postgres.seek_ids(owners)
            ),
        };
        // With an offset, no index of what the filter compares is taken instead.
        format!(
            "SELECT count(*) AS n FROM (SELECT 1 FROM ({} OFFSET 0) AS candidate \
             WHERE entity = {entity}{filter} LIMIT ?{}) AS found",
            candidate_rows(&from, search),
            search.limit
        )
    }

    /// What stands for the words in [`Dialect::candidates`], in parameters that follow each other.
    pub(crate) fn words(self, words: &Words) -> Vec<Value> {
        match self {
            Dialect::Sqlite => {
                let grams = words.grams();
                let quoted =
                    grams.iter().map(|gram| format!("\"{}\"", gram.replace('"', "\"\"")));
                vec![quoted.collect::<Vec<_>>().join(" AND ").into()]
            }
            Dialect::Postgres => {
                words.long().take(MOST_WORDS).map(|word| pattern(word).into()).collect()
            }
        }
    }

    /// Whether each of the candidates has the words.
    pub(crate) fn are_exact(self, words: &Words) -> bool {
        match self {
            Dialect::Sqlite => words.are_grams(),
            Dialect::Postgres => {
                let n = words.iter().count();
                n <= MOST_WORDS && words.long().filter(|word| is_looked_up(word)).count() == n
            }
        }
    }
}

/// What matches a word on PostgreSQL: a long one by its ends.
fn pattern(word: &str) -> String {
    if is_looked_up(word) {
        return format!("%{}%", escape_like(word));
    }
    let ([first, last], word) = (ENDS, distinct(word));
    let beginning: String = word.chars().take(first).collect();
    let n = word.chars().count();
    let end: String = word.chars().skip(n.saturating_sub(last).max(first)).collect();
    format!("%{}%{}%", escape_like(&beginning), escape_like(&end))
}

/// Whether the whole of a word is looked up on PostgreSQL.
fn is_looked_up(word: &str) -> bool {
    word.chars().nth(ENDS.iter().sum()).is_none()
}

/// The records of a workspace on PostgreSQL. As texts, the workspaces are compared by no other index than that of the
/// words.
const OF_ANY_OWNER: &str =
    "SELECT * FROM records WHERE CAST(workspace_id AS TEXT) = CAST(CAST(?1 AS UUID) AS TEXT)";

/// Candidates on PostgreSQL among the records that a statement begins to select.
fn candidate_rows(from: &str, search: &CandidateSearch<'_>) -> String {
    let text = match search.part {
        SearchedPart::Text => "search_text".to_owned(),
        SearchedPart::Title => Dialect::Postgres.first_line("search_text"),
    };
    let mut sql = format!("{from} AND doc IS NOT NULL AND (doc >> 37) = ?{}", search.scope);
    for word in search.words.clone().take(MOST_WORDS) {
        // Writing into a string does not fail.
        let _ = write!(sql, " AND {text} LIKE ?{word}");
    }
    sql
}
