//! A whole house in memory, for tests: the real router, a database of its own, a clock that is told.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use hallpass_testkit::Town;
//! use serde_json::json;
//!
//! let town = Town::in_memory().await;
//! let office = town.found("harmonia").await;
//! let ben = office.join("ben", json!({"role": "member"})).await;
//! assert_eq!(ben.get("/me").await.status, 200);
//! # });
//! ```

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot begin has failed"
)]

pub mod answer;
pub mod chance;
pub mod clock;
pub mod effort;
pub mod ground;
pub mod office;
pub mod person;
pub mod town;

pub use answer::Answer;
pub use chance::Chance;
pub use clock::ToldClock;
pub use ground::Ground;
pub use office::Office;
pub use person::Person;
pub use town::Town;
