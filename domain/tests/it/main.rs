//! The domain held against workspace folders and what ships with it.
#![expect(clippy::unwrap_used, reason = "a test that meets what it did not expect has failed")]

mod blueprint;
