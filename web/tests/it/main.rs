//! The API as its callers see it: the real router, a database of its own for each test.

mod bad_input;
mod behaviours;
mod walk;
