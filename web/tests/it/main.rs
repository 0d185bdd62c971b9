//! The API as its callers see it: the real router, a database of its own for each test.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod addresses;
mod api_key_edits;
mod api_key_reminders;
mod api_keys;
mod asset;
mod at_once;
mod attempts;
mod bad_input;
mod behaviours;
mod billing;
mod blueprints;
mod bulk_jobs;
mod choices;
mod claims;
mod comparisons;
mod confirmation;
mod decisions;
mod exactly_once;
mod explanations;
mod factors;
mod failures;
mod filters;
mod idempotency;
mod limit;
mod meanings;
mod openapi;
mod overload;
mod passwords;
mod people;
mod picks;
mod predicate;
mod prepared_exports;
mod previews;
mod records;
mod routes;
mod saved_reports;
mod saved_views;
mod secrets;
mod service_accounts;
mod sessions;
mod settings;
mod setup;
mod sign_in_log;
mod sign_in_policy;
mod sign_in_times;
mod slugs;
mod storage;
mod stripe;
mod timeline;
mod transport;
mod unconfirmed;
mod views;
mod walk;
mod ways;
mod workspace_imports;
