//! Every action that the code writes is known, and belongs to an area that its readers open.

use std::collections::BTreeSet;

use hallpass_domain::audit::ACTIONS;
use hallpass_domain::id::AuditId;
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use super::*;
use crate::gate::tests::{app, sources};

/// An action of the operator, which no workspace has in its log.
const OPERATIONS: [&str; 9] = [
    "account.create",
    "account.link",
    "account.operator",
    "account.operator_end",
    "mail.drop",
    "mail.retry",
    "secrets.rotate",
    "workspace.discard_import",
    "workspace.purge",
];

/// The texts of a source that look like actions: two words with a dot between.
fn actions_in(text: &str) -> impl Iterator<Item = &str> {
    let is_word =
        |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && word.len() > 1;
    text.split('"').filter(move |literal| {
        literal.split_once('.').is_some_and(|(noun, verb)| is_word(noun) && is_word(verb))
    })
}

#[test]
fn every_action_that_the_code_writes_is_listed() {
    let mut found = BTreeSet::new();
    for (path, text) in sources() {
        // These are names of Stripe's events.
        if !path.ends_with("billing/stripe/event.rs") {
            found.extend(actions_in(&text).map(str::to_owned));
        }
    }

    let known = ACTIONS.iter().chain(&OPERATIONS).copied().map(str::to_owned);
    let known: BTreeSet<String> = known.collect();
    assert!(found.len() > 40, "{found:?}");
    assert_eq!(found.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    // The name of an area of settings is not in the code as a whole.
    let unwritten: Vec<&String> =
        known.difference(&found).filter(|action| !action.starts_with("settings.")).collect();
    assert_eq!(unwritten, Vec::<&String>::new());
}

#[tokio::test]
async fn every_action_belongs_to_an_area() {
    let (app, principal) = app().await;
    let ctx = app.enter(&principal, "north").await.unwrap();
    let settings = Area::EVERY.iter().map(|area| format!("settings.{}", area.word()));
    for action in ACTIONS.iter().map(|action| (*action).to_owned()).chain(settings) {
        let entry = Entry {
            id: AuditId(Uuid::nil()),
            at: Timestamp::from_micros(0),
            actor: None,
            actor_name: String::new(),
            action: action.clone(),
            outcome: Outcome::Done,
            subject: String::new(),
            before: Value::Null,
            after: Value::Null,
            revision: 0,
            request: String::new(),
            times: 1,
            last_at: Timestamp::from_micros(0),
        };
        let (noun, verb) = action.split_once('.').unwrap();
        // The owner reads everything.
        assert_eq!(reads_area(&ctx, noun, verb, &entry), Some(true), "{action}");
    }
}
