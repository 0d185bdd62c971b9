//! Parts of statements: conditions that depend on a query, lists of parameters, and JSON.

use hallpass_domain::name::Name;
use hallpass_domain::text::sort_key;
use serde::Serialize;

use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

/// A list of conditions with the values that they bind.
pub(crate) struct Conditions {
    text: String,
    values: Vec<Value>,
    /// The number of the next parameter.
    next: usize,
}

impl Conditions {
    /// No conditions; the first one that is added binds the parameter of this number.
    pub(crate) fn from(next: usize) -> Conditions {
        Conditions { text: String::new(), values: Vec::new(), next }
    }

    /// Adds a condition in which each `?` stands for the next value.
    pub(crate) fn and(
        &mut self,
        condition: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> &mut Conditions {
        self.text.push_str(" AND ");
        let mut values = values.into_iter();
        for piece in condition.split_inclusive('?') {
            self.text.push_str(piece);
            if piece.ends_with('?') {
                self.text.push_str(&self.next.to_string());
                self.next += 1;
                self.values.extend(values.next());
            }
        }
        self
    }

    /// The conditions, each after an `AND`.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The values, in the order of their parameters.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }
}

/// `?2, ?3, ?4`: some parameters from a number on.
pub(crate) fn parameters(first: usize, count: usize) -> String {
    let parameters = (first..first + count).map(|number| format!("?{number}"));
    parameters.collect::<Vec<_>>().join(", ")
}

/// A value as JSON text. What we store has only text keys, so it cannot fail.
pub(crate) fn json(value: &impl Serialize) -> Value {
    Value::Text(serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
}

/// Parses rows, and sorts what they are by name; of the same name, in the order of the rows.
pub(crate) fn sorted_by_name<T>(
    rows: &[Row],
    from_row: fn(&Row) -> Result<T, Error>,
    name: fn(&T) -> &Name,
) -> Result<Vec<T>, Error> {
    let mut found = rows.iter().map(from_row).collect::<Result<Vec<T>, Error>>()?;
    found.sort_by_cached_key(|one| sort_key(name(one).as_str()));
    Ok(found)
}
