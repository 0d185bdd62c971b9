//! What the store promises, asked of SQLite in memory, of SQLite on a file and of PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect has failed"
)]

/// Asks each question of every engine; the second list only of those that keep what they know
/// when they are closed and read beside the writer.
macro_rules! contract {
    (every: [$($every:ident),* $(,)?], kept: [$($kept:ident),* $(,)?] $(,)?) => {
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
            async fn $kept() {
                super::$kept($crate::fixture::Fixture::on_file().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $every() {
                super::$every($crate::fixture::Fixture::on_postgres().await).await;
            })*
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $kept() {
                super::$kept($crate::fixture::Fixture::on_postgres().await).await;
            })*
        }
    };
}

mod accounts;
mod api_keys;
mod audit;
mod billing;
mod corrupt;
mod fixture;
mod groups;
mod invitations;
mod mails;
mod members;
mod migrations;
mod operations;
mod record;
mod refusals;
mod schema;
mod sessions;
mod transactions;
mod values;
mod workspaces;
