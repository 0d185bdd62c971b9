//! How each engine binds a list of ids, is held to an index, and merges the streams of many owners.

use std::fmt::Write;

use uuid::Uuid;

use super::Dialect;
use crate::value::Value;

/// The merge of the streams of many owners.
pub(crate) struct Merge<'a> {
    /// The parameter of the record type.
    pub(crate) entity: &'a str,
    /// The columns that it returns, in the order that they sort by: `title_key, id`.
    pub(crate) keys: &'a [&'a str],
    /// Further columns that it returns, each after a comma.
    pub(crate) columns: &'a str,
    /// The index that holds each owner's stream in order.
    pub(crate) index: &'a str,
    /// `ASC` or `DESC`.
    pub(crate) direction: &'a str,
    /// How a row compares with the position before it, and with the far end.
    pub(crate) comparisons: [&'a str; 2],
    /// The parameters of the position before, and of the far end.
    pub(crate) positions: [&'a str; 2],
    /// The parameter of the owners.
    pub(crate) owners: &'a str,
    /// A further condition, after an `AND`, on a column of the index between owner and keys.
    pub(crate) restriction: &'a str,
    /// The parameter of the limit.
    pub(crate) limit: &'a str,
}

/// The rows of one record type whose last part of the primary key is in a list.
pub(crate) struct Lookup<'a> {
    /// The columns that it returns.
    pub(crate) columns: &'a str,
    /// The table.
    pub(crate) table: &'a str,
    /// The index of its primary key, as SQLite calls it.
    pub(crate) index: &'a str,
    /// The last column of its primary key.
    pub(crate) key: &'a str,
    /// Further conditions.
    pub(crate) filter: &'a str,
    /// The parameter of the list.
    pub(crate) keys: &'a str,
}

impl Dialect {
    /// A list of ids of any length as one parameter.
    pub(crate) fn ids(self, ids: impl IntoIterator<Item = Uuid>) -> Value {
        let (open, quote, close) = match self {
            Dialect::Sqlite => ("[", "\"", "]"),
            Dialect::Postgres => ("{", "", "}"),
        };
        let mut text = String::from(open);
        for (position, id) in ids.into_iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            // Writing into a string does not fail.
            let _ = write!(text, "{comma}{quote}{}{quote}", id.as_simple());
        }
        text.push_str(close);
        Value::Text(text)
    }

    /// Follows a column whose value is in such a list.
    pub(crate) fn in_ids(self, parameter: &str) -> String {
        match self {
            Dialect::Sqlite => format!("IN (SELECT unhex(value) FROM json_each({parameter}))"),
            Dialect::Postgres => format!("IN (SELECT unnest({parameter}::text::uuid[]))"),
        }
    }

    /// Follows a column in whose index each id is looked up that a query finds.
    pub(crate) fn in_rows(self, query: &str) -> String {
        match self {
            Dialect::Sqlite => format!("IN ({query})"),
            // The subquery is evaluated once, not for every row.
            Dialect::Postgres => format!("= ANY (ARRAY({query}))"),
        }
    }

    /// Like [`Dialect::in_ids`], for a column in whose index each id is looked up.
    pub(crate) fn seek_ids(self, parameter: &str) -> String {
        match self {
            Dialect::Sqlite => self.in_ids(parameter),
            // The subquery is evaluated once, not for every row.
            Dialect::Postgres => format!("= ANY ((SELECT {parameter}::text::uuid[])::uuid[])"),
        }
    }

    /// Follows a column of text, in whose index each text of a JSON array is looked up.
    pub(crate) fn seek_texts(self, parameter: &str) -> String {
        match self {
            Dialect::Sqlite => format!("IN (SELECT value FROM json_each({parameter}))"),
            Dialect::Postgres => {
                format!(
                    "= ANY (ARRAY(SELECT json_array_elements_text({parameter}::text::json)))"
                )
            }
        }
    }

    /// The rows of a workspace whose primary key goes on with a text and an id, of which each pair of a JSON
    /// array is looked up; for PostgreSQL like [`Dialect::lookup`].
    pub(crate) fn lookup_pairs(
        self,
        columns: &str,
        table: &str,
        [text, id]: [&str; 2],
        pairs: &str,
    ) -> String {
        match self {
            Dialect::Sqlite => format!(
                "SELECT {columns} FROM {table} WHERE workspace_id = ?1 AND ({text}, {id}) IN \
                 (SELECT value ->> 0, unhex(value ->> 1) FROM json_each({pairs}))"
            ),
            Dialect::Postgres => format!(
                "SELECT {columns} FROM (SELECT pair ->> 0 AS wanted_text, \
                 (pair ->> 1)::uuid AS wanted_id \
                 FROM json_array_elements({pairs}::text::json) AS pair) AS wanted \
                 CROSS JOIN LATERAL (SELECT * FROM {table} WHERE workspace_id = ?1 \
                 AND {text} = wanted_text AND {id} >= wanted_id ORDER BY {id} LIMIT 1) AS found \
                 WHERE {id} = wanted_id"
            ),
        }
    }

    /// The rows of a workspace whose primary key goes on with a text, of which each that another table has is
    /// looked up, and an id, of which each in a list is; for PostgreSQL like [`Dialect::lookup`].
    pub(crate) fn lookup_under(
        self,
        columns: &str,
        table: &str,
        (texts, text): (&str, &str),
        (id, ids): (&str, &str),
    ) -> String {
        match self {
            Dialect::Sqlite => format!(
                "SELECT {columns} FROM {table} WHERE workspace_id = ?1 \
                 AND {text} IN (SELECT {text} FROM {texts} WHERE workspace_id = ?1) \
                 AND {id} {}",
                self.in_ids(ids)
            ),
            Dialect::Postgres => format!(
                "SELECT {columns} FROM (SELECT {text} AS wanted_text FROM {texts} \
                 WHERE workspace_id = ?1) AS texts \
                 CROSS JOIN unnest({ids}::text::uuid[]) AS wanted (wanted_id) \
                 CROSS JOIN LATERAL (SELECT * FROM {table} WHERE workspace_id = ?1 \
                 AND {text} = wanted_text AND {id} >= wanted_id ORDER BY {id} LIMIT 1) AS found \
                 WHERE {id} = wanted_id"
            ),
        }
    }

    /// Follows a table that is read by one index and no other. PostgreSQL is held to it by the order of
    /// the rows, since it sorts only where no index has that order; between an owner's index and one of
    /// all owners it takes the narrower.
    pub(crate) fn by_index(self, index: &str) -> String {
        match self {
            Dialect::Sqlite => format!(" INDEXED BY {index}"),
            Dialect::Postgres => String::new(),
        }
    }

    /// Looks up a list, one key after the other. For PostgreSQL it is the first row from a key on: only
    /// the primary key has that order, while any index of the workspace could serve equality.
    pub(crate) fn lookup(self, lookup: &Lookup<'_>) -> String {
        let Lookup { columns, table, index, key, filter, keys } = lookup;
        match self {
            Dialect::Sqlite => format!(
                "SELECT {columns} FROM {table} INDEXED BY {index} WHERE workspace_id = ?1 \
                 AND entity = ?2 AND {key} {}{filter}",
                self.in_ids(keys)
            ),
            Dialect::Postgres => format!(
                "SELECT {columns} FROM unnest({keys}::text::uuid[]) AS wanted (wanted_key) \
                 CROSS JOIN LATERAL (SELECT * FROM {table} \
                 WHERE workspace_id = ?1 AND entity = ?2 AND {key} >= wanted_key \
                 ORDER BY {key} LIMIT 1) AS found WHERE {key} = wanted_key{filter}"
            ),
        }
    }

    /// Follows FROM on SQLite: the records of a type with the ids that a query finds, as `r`, each looked up. It goes on
    /// with AND.
    pub(crate) fn records_of(ids: &str, entity: &str, index: &str) -> String {
        format!(
            "({ids}) AS wanted CROSS JOIN records AS r INDEXED BY {index} \
             WHERE r.workspace_id = ?1 AND r.entity = {entity} AND r.id = wanted.id"
        )
    }

    /// The first rows of the streams of many owners together. SQLite leaves the stream of an owner as
    /// soon as it passes the last of the rows that it holds, so a plain list is the merge. For
    /// PostgreSQL the steps are spelled out: the head of each stream; of these as many as the limit;
    /// each stream down to the last of them.
    pub(crate) fn merge(self, merge: &Merge<'_>) -> String {
        match self {
            Dialect::Sqlite => merge_in_list(merge, &self.by_index(merge.index)),
            Dialect::Postgres => merge_heads(merge),
        }
    }
}

fn merge_in_list(merge: &Merge<'_>, by_index: &str) -> String {
    let Merge {
        entity,
        direction,
        comparisons: [near, far],
        positions: [before, end],
        limit,
        ..
    } = merge;
    let (restriction, columns) = (merge.restriction, merge.columns);
    let owners = Dialect::Sqlite.in_ids(merge.owners);
    let keys = merge.keys.join(", ");
    let sorted = sorted(merge.keys, direction);
    format!(
        "SELECT {keys}{columns} FROM records{by_index} WHERE workspace_id = ?1 AND entity = {entity} \
         AND owner_id {owners}{restriction} AND ({keys}) {near} ({before}) \
         AND ({keys}) {far} ({end}) \
         ORDER BY {sorted} LIMIT {limit}"
    )
}

fn merge_heads(merge: &Merge<'_>) -> String {
    let Merge {
        entity,
        direction,
        comparisons: [near, far],
        positions: [before, end],
        owners,
        restriction,
        columns,
        limit,
        ..
    } = merge;
    let keys = merge.keys.join(", ");
    let order = sorted(merge.keys, direction);
    let ends = end.split(", ").zip(merge.keys);
    let edge: Vec<String> =
        ends.map(|(end, key)| format!("coalesce((SELECT {key} FROM edge), {end})")).collect();
    let edge = edge.join(", ");
    format!(
        "WITH heads AS MATERIALIZED (\
            SELECT o.owner, head.* FROM unnest({owners}::text::uuid[]) AS o (owner) \
            CROSS JOIN LATERAL (SELECT {keys} FROM records \
                WHERE workspace_id = ?1 AND entity = {entity} AND owner_id = o.owner{restriction} \
                AND ({keys}) {near} ({before}) AND ({keys}) {far} ({end}) \
                ORDER BY {order} LIMIT 1) AS head \
            ORDER BY {order} LIMIT {limit}), \
         edge AS MATERIALIZED (SELECT {keys} FROM heads ORDER BY {order} OFFSET {limit} - 1 LIMIT 1) \
         SELECT stream.* FROM heads CROSS JOIN LATERAL (SELECT {keys}{columns} FROM records \
                WHERE workspace_id = ?1 AND entity = {entity} AND owner_id = heads.owner{restriction} \
                AND ({keys}) {near} ({before}) AND ({keys}) {far}= ({edge}) \
                ORDER BY {order} LIMIT {limit}) AS stream \
         ORDER BY {order} LIMIT {limit}"
    )
}

/// Columns with a direction, to follow ORDER BY.
pub(crate) fn sorted(columns: &[&str], direction: &str) -> String {
    let sorted: Vec<String> = columns.iter().map(|key| format!("{key} {direction}")).collect();
    sorted.join(", ")
}
