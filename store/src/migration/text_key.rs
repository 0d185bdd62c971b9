//! Computes the keys by which texts are compared and searched, for the rows of an earlier version.
//!
//! **Invariant:** a key that another row has already is left as it was. Of several accounts with one
//! mailbox, the one that is confirmed first gets the mailbox; no request finds the others by it.

use std::collections::HashMap;

use hallpass_domain::email::Email;
use hallpass_domain::search::searched_text;
use hallpass_domain::text::fold;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::error::Error;
use crate::member::{name_key, search_text};
use crate::query::parameters;
use crate::record::title_key;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// The migration that changes how texts are compared.
const COMPARISON: &str = "0012_text_key";

/// The migration that changes how texts are sorted.
const ORDER: &str = "0015_sort_key";

/// How many rows are in memory at a time.
const BATCH: i64 = 500;

/// A table with keys.
struct Keyed {
    table: &'static str,
    /// Its primary key: the workspace first, the id last.
    primary: &'static [&'static str],
    /// The texts that the keys are computed from.
    texts: &'static [&'static str],
    /// The keys.
    keys: &'static [&'static str],
    /// Where the first key is unique in a workspace, the condition under which it is.
    unique: Option<&'static str>,
    /// Whether rows are sorted by a key.
    is_sorted: bool,
    /// Computes the keys of a row.
    compute: fn(&Row) -> Result<Vec<String>, Error>,
}

const GROUP: Keyed = Keyed {
    table: "roles",
    primary: &["workspace_id", "id"],
    texts: &["name"],
    keys: &["name_key"],
    unique: Some("TRUE"),
    is_sorted: false,
    compute: |row| Ok(vec![fold(row.text("name")?)]),
};

const TABLES: [Keyed; 7] = [
    GROUP,
    Keyed { table: "profiles", ..GROUP },
    Keyed { table: "teams", ..GROUP },
    Keyed { table: "departments", unique: None, ..GROUP },
    Keyed {
        table: "members",
        texts: &["first_name", "last_name", "email"],
        keys: &["name_key", "search"],
        unique: None,
        is_sorted: true,
        compute: |row| {
            let (first, last) = (row.text("first_name")?, row.text("last_name")?);
            Ok(vec![name_key(first, last), search_text(first, last, row.text("email")?, None)])
        },
        ..GROUP
    },
    Keyed {
        table: "invitations",
        texts: &["email"],
        keys: &["email_key"],
        unique: Some("state = 'pending'"),
        compute: |row| Ok(vec![address(row)?.key().to_owned()]),
        ..GROUP
    },
    Keyed {
        table: "records",
        primary: &["workspace_id", "entity", "id"],
        texts: &["title", "fields"],
        keys: &["title_key", "search_text"],
        unique: None,
        is_sorted: true,
        compute: |row| {
            let fields = row.json::<Map<String, Json>>("fields")?;
            let title = row.text("title")?;
            Ok(vec![title_key(title), searched_text(title, &fields)])
        },
    },
];

/// Computes the keys that a migration changes, of every row.
pub(super) async fn compute(tx: &mut Tx, migration: &str) -> Result<(), Error> {
    match migration {
        COMPARISON => {
            compute_accounts(tx).await?;
            compute_tables(tx, |_| true).await
        }
        ORDER => compute_tables(tx, |table| table.is_sorted).await,
        _ => Ok(()),
    }
}

async fn compute_tables(tx: &mut Tx, is_changed: fn(&Keyed) -> bool) -> Result<(), Error> {
    for table in TABLES.iter().filter(|table| is_changed(table)) {
        let mut position = table.start();
        while let Some(last) = compute_batch(tx, table, &position).await? {
            position = last;
        }
    }
    Ok(())
}

/// Computes the keys of the rows behind a position, and returns the position of the last one.
async fn compute_batch(
    tx: &mut Tx,
    table: &Keyed,
    position: &[Value],
) -> Result<Option<Vec<Value>>, Error> {
    let mut values = position.to_vec();
    values.push(BATCH.into());
    let mut last = None;
    for row in &tx.query(&table.select(), &values).await? {
        let mut values = table.position(row)?;
        last = Some(values.clone());
        let right = (table.compute)(row)?;
        let stored = table.keys.iter().map(|key| row.text(*key));
        if stored.collect::<Result<Vec<_>, _>>()? == right {
            continue;
        }
        values.extend(right.iter().map(|key| Value::from(key.as_str())));
        let is_taken = match table.taken() {
            Some(taken) => tx.find(&taken, &values).await?.is_some(),
            None => false,
        };
        if !is_taken {
            tx.execute(&table.update(), &values).await?;
        }
    }
    Ok(last)
}

impl Keyed {
    /// The position before every row.
    fn start(&self) -> Vec<Value> {
        let first = |column: &&str| match *column {
            "entity" => Value::from(""),
            _ => Uuid::nil().into(),
        };
        self.primary.iter().map(first).collect()
    }

    fn position(&self, row: &Row) -> Result<Vec<Value>, Error> {
        let value = |column: &&str| match *column {
            "entity" => row.text("entity").map(Value::from),
            _ => row.id(*column).map(Value::from),
        };
        self.primary.iter().map(value).collect()
    }

    fn select(&self) -> String {
        let (table, primary) = (self.table, self.primary.join(", "));
        let columns = [self.primary, self.texts, self.keys].concat().join(", ");
        let behind = parameters(1, self.primary.len());
        let limit = self.primary.len() + 1;
        format!(
            "SELECT {columns} FROM {table} WHERE ({primary}) > ({behind}) \
             ORDER BY {primary} LIMIT ?{limit}"
        )
    }

    /// Asks whether another row has the first key, where keys are unique. It takes the values of
    /// the update.
    fn taken(&self) -> Option<String> {
        let (table, key) = (self.table, self.keys.first()?);
        let condition = self.unique?;
        Some(format!(
            "SELECT 1 AS found FROM {table} WHERE workspace_id = ?1 AND id <> ?2 AND {key} = ?3 \
             AND {condition}"
        ))
    }

    fn update(&self) -> String {
        let numbered = |first: usize, columns: &[&str]| {
            let pairs = columns.iter().zip(first..);
            pairs.map(|(column, number)| format!("{column} = ?{number}")).collect::<Vec<_>>()
        };
        let keys = numbered(self.primary.len() + 1, self.keys).join(", ");
        let row = numbered(1, self.primary).join(" AND ");
        format!("UPDATE {} SET {keys} WHERE {row}", self.table)
    }
}

/// An account of a mailbox.
struct Holder {
    id: Uuid,
    stored: String,
    /// Confirmed accounts come first, then the older ones; ids are in the order of time.
    order: (bool, i64, Uuid),
}

async fn compute_accounts(tx: &mut Tx) -> Result<(), Error> {
    let mut holders: HashMap<String, Vec<Holder>> = HashMap::new();
    let sql = "SELECT id, email, email_key, confirmed_at FROM accounts \
               WHERE deleted_at IS NULL AND id > ?1 ORDER BY id LIMIT ?2";
    let mut last = Uuid::nil();
    loop {
        let rows = tx.query(sql, &[last.into(), BATCH.into()]).await?;
        for row in &rows {
            last = row.id("id")?;
            let (stored, key) =
                (row.text("email_key")?.to_owned(), address(row)?.key().to_owned());
            // The key of an ASCII domain that is no punycode has not changed, and no other spelling
            // leads to it.
            if stored == key && !key.contains("xn--") {
                continue;
            }
            let confirmed = row.optional("confirmed_at", Row::int)?;
            let order = (confirmed.is_none(), confirmed.unwrap_or_default(), last);
            holders.entry(key).or_default().push(Holder { id: last, stored, order });
        }
        if rows.is_empty() {
            break;
        }
    }
    let update = "UPDATE accounts SET email_key = ?2 WHERE id = ?1";
    for (key, mut accounts) in holders {
        accounts.sort_by_key(|account| account.order);
        let others = accounts.split_off(1);
        for other in others.iter().filter(|other| other.stored == key) {
            let freed = format!("{key} (not valid)");
            tx.execute(update, &[other.id.into(), freed.into()]).await?;
        }
        for first in accounts.iter().filter(|first| first.stored != key) {
            tx.execute(update, &[first.id.into(), key.as_str().into()]).await?;
        }
    }
    Ok(())
}

fn address(row: &Row) -> Result<Email, Error> {
    row.parsed("email", Email::stored)
}

#[cfg(test)]
mod tests;
