//! Every route of the description, generically: bad bodies, bad ids, bad pages, strangers, and who
//! gets what. A route that comes in has no rule yet, and fails here until it has one.

mod bodies;
mod book;
mod identity;
mod matrix;
mod pages;
mod rules;
mod scene;

/// Ends the test unless an answer is a problem with one of these statuses.
#[track_caller]
fn problem(answer: &hallpass_testkit::Answer, statuses: &[u16], what: &str) {
    assert!(statuses.contains(&answer.status), "{what}: {} {}", answer.status, answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.body["status"], answer.status, "{what}");
    assert!(!answer.code().is_empty(), "{what}: {}", answer.text);
}
