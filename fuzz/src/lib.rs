//! Fuzzing of the parsers: targets that take any bytes, and a driver that runs on stable Rust.
//!
//! A target panics if the code under test breaks a promise. The driver mutates the files of a corpus
//! with a seed, so that a run can be repeated. `fuzz/libfuzzer` runs the same targets under libFuzzer,
//! which is guided by coverage and needs nightly Rust.

pub mod corpus;
pub mod mutation;
pub mod run;
pub mod targets;

mod rng;
