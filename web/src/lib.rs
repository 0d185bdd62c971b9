//! How Hallpass speaks: REST, pages and mail.
