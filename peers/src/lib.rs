//! Other permission engines, for the bench to compare with on the same questions.

#![expect(
    clippy::missing_errors_doc,
    reason = "an error is a message for the person at the bench"
)]

mod casbin;
mod cedar;
mod load;
mod measure;
mod peer;
mod regorus;
mod slices;
mod workload;

pub use load::{load_questions, peers};
pub use measure::{Report, measure};
pub use peer::{Peer, Question};
