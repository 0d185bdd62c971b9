//! What the store promises, tested on SQLite in memory, on SQLite in a file and on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails on what it does not expect"
)]

/// Runs each test on every engine; those of the second list only on engines that persist when they
/// are closed and read beside the writer.
macro_rules! contract {
    (every: [$($every:ident),* $(,)?], persistent: [$($persistent:ident),* $(,)?] $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $every() {
                super::$every($crate::fixture::Fixture::in_memory().await).await;
            })*
        }
        mod file {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $every() {
                super::$every($crate::fixture::Fixture::on_file().await).await;
            })*
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $persistent() {
                super::$persistent($crate::fixture::Fixture::on_file().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $every() {
                super::$every($crate::fixture::Fixture::on_postgres().await).await;
            })*
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $persistent() {
                super::$persistent($crate::fixture::Fixture::on_postgres().await).await;
            })*
        }
    };
}

mod accounts;
mod api_keys;
mod audit;
mod billing;
mod budgets;
mod changes;
mod corrupt;
mod export_files;
mod factors;
mod fixture;
mod groups;
mod invitations;
mod mails;
mod members;
mod migrations;
mod operations;
mod record;
mod refusals;
mod saved_views;
mod schema;
mod secrets;
mod sessions;
mod sign_on;
mod spans;
mod tls;
mod transactions;
mod values;
mod workspaces;
