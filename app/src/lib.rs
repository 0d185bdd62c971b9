//! Use cases behind one gate.
//!
//! A [`Principal`] enters a workspace, in a [`WorkspaceContext`]. A use case is a method of a handle, as
//! in `ctx.teams().create(…)`: it asks the gate for a [`Pass`], loads, applies the rule, saves and
//! audits, in one transaction. Only [`gate`] makes a pass.

#![expect(
    clippy::must_use_candidate,
    reason = "boxed methods return futures, which must be used anyway"
)]

pub mod access;
mod access_change;
pub mod account;
pub mod admission;
pub mod api_key;
pub mod app;
pub mod audit;
pub mod billing;
pub mod blueprint;
pub mod bulk_job;
pub mod comparison;
mod compute;
pub mod connection;
pub mod context;
pub mod dashboard;
pub mod denial;
pub mod department;
pub mod device;
pub mod dry_run;
pub mod entity;
pub mod environment;
pub mod error;
pub mod export;
pub mod export_file;
pub mod factor;
pub mod future_time;
pub mod gate;
pub mod group_mapping;
pub mod hasher;
pub mod health;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod invitation;
pub mod job;
pub mod mail;
pub mod mailer;
pub mod member;
pub mod naming;
pub mod operation;
pub mod operator;
pub mod origin;
pub mod ownership;
pub mod passkey;
pub mod pick;
pub mod presence;
pub mod preview;
pub mod principal;
pub mod profile;
pub mod proven_domain;
mod provider_cache;
pub mod readiness;
pub mod record;
pub mod recovery_code;
pub mod report;
pub mod role;
pub mod sample;
pub mod saved_report;
pub mod saved_view;
pub mod search;
pub mod secret;
pub mod service_account;
pub mod session;
pub mod setting;
mod sharing;
pub mod sign_on_request;
pub mod snapshot;
pub mod team;
pub mod text_record;
pub mod totp;
pub mod version;
pub mod view;
pub mod workspace;

// An `async fn` is compiled where it is awaited: in the server, in the binary, and in each test of
// either. A boxed one is compiled here, once.
pub(crate) use async_recursion::async_recursion as boxed;

pub use app::{App, Rules};
pub use context::WorkspaceContext;
pub use error::Error;
pub use gate::Pass;
pub use hallpass_store::{PART_BYTES, share};
pub use principal::Principal;
pub use snapshot::Snapshot;
