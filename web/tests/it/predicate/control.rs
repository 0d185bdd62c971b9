//! Tests of the comparison itself: it must detect any flaw in a list, a counter or the predicate.

use hallpass_testkit::test_size::first_seed;
use hallpass_testkit::{Person, TestServer};

use super::look;
use super::truth::{Flaw, Truth, tamper};
use super::world::World;

/// Whether the comparison detects a flaw, as any person.
async fn is_detected(world: &mut World<'_>, flaw: Flaw) -> bool {
    let truth = Truth { flaw, ..Truth::of(world).await };
    let people: Vec<Person> = world.people.iter().map(Person::same_session).collect();
    look(world, &truth, &people).await.is_err()
}

#[tokio::test]
async fn a_predicate_that_drops_or_adds_an_owner_is_detected() {
    let server = TestServer::in_memory().await;
    let mut world = World::of(&server, "standard", first_seed(0)).await;
    let truth = Truth::of(&world).await;
    assert!(!is_detected(&mut world, Flaw::None).await);

    let (mut differing, mut missed) = (0, Vec::new());
    for owner in Truth::owners(&world) {
        for flaw in [Flaw::Drops(owner), Flaw::Adds(owner)] {
            let flawed = Truth { flaw, ..Truth::of(&world).await };
            let seen = |truth: &Truth| -> Vec<(usize, usize)> {
                world.people.iter().map(|one| truth.shown_and_hidden(&one.id)).collect()
            };
            if seen(&flawed) != seen(&truth) {
                differing += 1;
                if !is_detected(&mut world, flaw).await {
                    missed.push(flaw);
                }
            }
        }
    }

    assert!(differing > 4, "{differing} flaws make a difference");
    assert_eq!(missed, []);
}

#[tokio::test]
async fn tampered_counters_are_detected() {
    let server = TestServer::in_memory().await;
    let mut world = World::of(&server, "harmonia", first_seed(0)).await;
    // What is in memory is of another version then.
    let next = "UPDATE record_totals SET version = version + 2 WHERE workspace_id = ?1";
    for (table, column) in [
        ("record_counts", "n"),
        ("record_counts", "open_n"),
        ("record_counts", "amount_low"),
        ("record_totals", "n"),
        ("record_sums", "n"),
        ("record_sums", "open_n"),
        ("record_sums", "amount_low"),
    ] {
        let change = |by: &str| {
            format!("UPDATE {table} SET {column} = {column} {by} WHERE workspace_id = ?1")
        };
        tamper(&world, &change("+ 1"), &[]).await;
        tamper(&world, next, &[]).await;
        assert!(is_detected(&mut world, Flaw::None).await, "{table}.{column}");
        tamper(&world, &change("- 1"), &[]).await;
        tamper(&world, next, &[]).await;
    }
    assert!(!is_detected(&mut world, Flaw::None).await);
}

#[tokio::test]
async fn tampered_records_are_detected() {
    for change in ["owner_id = ?2", "title_key = 'moved'", "search_text = ''"] {
        let server = TestServer::in_memory().await;
        let mut world = World::of(&server, "harmonia", first_seed(0)).await;
        let sql =
            format!("UPDATE records SET {change} WHERE workspace_id = ?1 AND owner_id <> ?2");

        tamper(&world, &sql, &[uuid::Uuid::nil().into()]).await;

        assert!(is_detected(&mut world, Flaw::None).await, "`{sql}` is not found out");
    }
}
