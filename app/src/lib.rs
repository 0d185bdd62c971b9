//! What Hallpass does: use cases behind one gate.
//!
//! A use case is called by somebody who has signed in ([`Caller`]), enters a workspace ([`Visit`]),
//! asks the gate for a [`Pass`], and then loads, asks the rule, saves and writes the audit entry, in
//! one transaction. Only [`gate`] makes a pass.

pub mod access;
pub mod account;
pub mod answer;
pub mod api_key;
pub mod audit;
pub mod billing;
pub mod caller;
pub mod dashboard;
pub mod department;
pub mod entity;
pub mod error;
pub mod export;
pub mod gate;
pub mod hasher;
pub mod house;
pub mod invitation;
pub mod job;
pub mod mail;
pub mod mailer;
pub mod member;
pub mod naming;
pub mod operation;
pub mod outside;
pub mod ownership;
pub mod profile;
pub mod record;
pub mod report;
pub mod role;
pub mod search;
pub mod secret;
pub mod session;
pub mod setting;
pub mod snapshot;
pub mod team;
pub mod visit;
pub mod workspace;

pub use caller::Caller;
pub use error::{Denial, Error};
pub use gate::Pass;
pub use house::{House, Rules};
pub use snapshot::Snapshot;
pub use visit::Visit;
