//! What a list leaves out beside what its reach does, as conditions on the rows.

use std::fmt::{self, Write as _};

use hallpass_domain::search::Words;

use super::query::ListQuery;
use crate::dialect::Dialect;
use crate::value::Value;

/// Which of the records with the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// All of them.
    Any,
    /// Those with all words in the title.
    Title,
    /// The others.
    Other,
}

/// Conditions with the values that they bind.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// The conditions, each after an `AND`, with parameters from a number on.
    pub(super) sql: String,
    /// Whether all words are in the title; a condition.
    pub(super) in_title: String,
    /// The values that they bind.
    pub(super) values: Vec<Value>,
}

impl Filter {
    /// The conditions of a query, with parameters from a number on.
    pub(super) fn new(
        query: &ListQuery,
        words: Option<&Words>,
        dialect: Dialect,
        (first, rank): (usize, Rank),
    ) -> Filter {
        let mut filter = Filter::default();
        if let Some(stage) = &query.stage {
            filter.add(format_args!(" AND stage = ?{first}"));
            filter.values.push(stage.as_str().into());
        }
        let narrowing = &query.narrowing;
        let times = [
            ("created_at >=", narrowing.created.from),
            ("created_at <=", narrowing.created.to),
            ("updated_at >=", narrowing.updated.from),
            ("updated_at <=", narrowing.updated.to),
        ];
        let times = times.into_iter().filter_map(|(test, time)| Some((test, time?.into())));
        let open = narrowing.open.map(|is_open| ("is_open =", is_open.into()));
        for (test, value) in times.chain(open) {
            let value: Value = value;
            let number = first + filter.values.len();
            filter.add(format_args!(" AND {test} ?{number}"));
            filter.values.push(value);
        }
        let title = dialect.first_line("search_text");
        let mut titles = Vec::new();
        for word in words.iter().flat_map(|words| words.iter()) {
            let number = format!("?{}", first + filter.values.len());
            filter.values.push(word.into());
            let condition = dialect.contains("search_text", &number);
            filter.add(format_args!(" AND {condition}"));
            titles.push(dialect.contains(&title, &number));
        }
        filter.in_title =
            if titles.is_empty() { "1 = 0".to_owned() } else { titles.join(" AND ") };
        let in_title = filter.in_title.clone();
        match rank {
            Rank::Any => {}
            Rank::Title => filter.add(format_args!(" AND ({in_title})")),
            Rank::Other => filter.add(format_args!(" AND NOT ({in_title})")),
        }
        filter
    }

    fn add(&mut self, condition: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.sql.write_fmt(condition);
    }
}
