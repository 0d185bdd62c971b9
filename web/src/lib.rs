//! How Hallpass speaks: REST, pages and mail.

pub mod mail;
pub mod network;
pub mod serve;
