//! Random and concurrent use cases: what the guards promise holds after every step and every race.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an unexpected value fails the test"
)]

mod advice;
mod ahead;
mod clocks;
mod comeback;
mod comparisons;
mod confirmed_password;
mod guards;
mod imports;
mod jobs;
mod previews;
mod races;
mod replacement;
mod restoration;
mod rotation;
mod second_server;
mod test_server;
mod worlds;
