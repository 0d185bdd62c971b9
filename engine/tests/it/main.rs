//! The engine held against a reference that shares no code with it, and against hostile input.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it did not expect has failed"
)]

mod behaviours;
mod changes;
mod comparisons;
mod control;
mod differential;
mod documents;
mod edits;
mod explanations;
mod hints;
mod hostile;
mod lists;
mod matrices;
mod model;
mod models;
mod questions;
mod reference;
mod render;
mod rng;
mod shipped;
mod test_size;
mod worlds;
