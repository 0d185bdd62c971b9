//! The pages as a browser sees them: the real router, a database of its own for each test.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod acceptance;
mod account;
mod administration;
mod bulk_job;
mod comparison;
mod entity;
mod explanation;
mod export_file;
mod factor;
mod figures;
mod group;
mod once;
mod operator;
mod operator_account;
mod person_picture;
mod picker;
mod records;
mod redirects;
mod review;
mod role;
mod routes;
mod saved_views;
mod setting;
mod sign_in;
mod sign_on;
mod style;
mod team;
mod ways_in;
mod workspace;
