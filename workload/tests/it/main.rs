//! Workloads: the shipped folders are answered right, and folders with mistakes are refused.
#![expect(clippy::unwrap_used, reason = "a test that meets an unexpected error has failed")]

mod folder;
