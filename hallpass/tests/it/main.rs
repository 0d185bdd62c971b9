//! The command line as a user types it.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod admin;
mod backup;
mod blueprint;
mod bulk_job;
mod cli;
mod config;
mod crash;
mod database;
mod demo;
mod disk;
mod evaluation;
mod failed_write;
mod files;
mod full_disk;
mod generate;
mod help;
mod load;
mod metrics;
mod power_cut;
mod provider;
mod reminder_crash;
mod secrets;
mod serve;
mod server;
mod stopping;
mod tls;
mod tour;
mod workspace;
mod workspace_import;
