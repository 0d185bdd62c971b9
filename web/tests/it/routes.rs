//! Every route, generically: bad bodies, ids and pages, members of other workspaces, and the access
//! matrix. A new route fails here until `rules` has what it needs.

mod bodies;
mod book;
mod examples;
mod factor;
mod idempotency;
mod identity;
mod matrix;
mod no_body;
mod pages;
mod preconditions;
mod registry;
mod rules;
mod scene;
mod scope;
mod statements;
mod view;

/// Fails the test unless a response is a problem with one of these statuses.
#[track_caller]
fn problem(answer: &hallpass_testkit::Answer, statuses: &[u16], what: &str) {
    assert!(statuses.contains(&answer.status), "{what}: {} {}", answer.status, answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.body["status"], answer.status, "{what}");
    assert!(!answer.code().is_empty(), "{what}: {}", answer.text);
}
