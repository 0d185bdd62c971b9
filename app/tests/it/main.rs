//! The use cases at random and at once: what guards promise holds after every step and every race.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect has failed"
)]

mod comeback;
mod guards;
mod races;
mod restoration;
mod test_server;
