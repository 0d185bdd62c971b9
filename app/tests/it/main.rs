//! The use cases at random: what guards promise holds after every step.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect has failed"
)]

mod chance;
mod comeback;
mod effort;
mod guards;
mod town;
