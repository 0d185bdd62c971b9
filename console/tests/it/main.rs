//! The pages as a browser sees them: the real router, a database of its own for each test.

mod acceptance;
mod account;
mod routes;
mod sign_in;
