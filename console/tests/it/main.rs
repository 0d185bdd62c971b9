//! The pages as a browser sees them: the real router, a database of its own for each test.

mod records;

mod acceptance;
mod account;
mod administration;
mod entity;
mod group;
mod role;
mod routes;
mod setting;
mod sign_in;
mod workspace;
