//! Integration tests: the engine against a reference implementation, hostile input and the documents.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic fails the test"
)]

mod behaviours;
mod boundaries;
mod ceiling;
mod ceiling_cases;
mod changes;
mod comparison_cases;
mod comparisons;
mod container_cases;
mod containers;
mod control;
mod differential;
mod documents;
mod edits;
mod entries;
mod explanations;
mod hints;
mod hostile;
mod lists;
mod matrices;
mod model;
mod models;
mod namespaces;
mod needs;
mod notes;
mod questions;
mod reference;
mod render;
mod rng;
mod rule_changes;
mod rules;
mod shipped;
mod sizes;
mod switch_cases;
mod test_size;
mod worlds;
