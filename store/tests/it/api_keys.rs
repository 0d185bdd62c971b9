//! API keys: found by their hash in their own workspace, deleted with their member.

use std::sync::Arc;

use hallpass_domain::api_key::{ApiKey, FormerSecret, Secret};
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::time::Timestamp;
use hallpass_engine::Boundary;

use crate::fixture::{Fixture, id, insert_workspace};
use crate::record::{read, write};

contract! {
    every: [
        a_key_is_found_by_its_hash_only_in_its_workspace,
        a_key_is_updated_and_deleted,
        a_rotated_key_is_found_by_both_secrets,
        keys_are_deleted_with_their_member_and_their_maker,
        due_reminders_are_listed_across_workspaces_and_none_of_a_deleted_one,
    ],
    persistent: [],
}

pub(crate) fn key(number: u128, member: u128, made_by: u128) -> ApiKey {
    let (of, at) = ((MemberId(id(member)), MemberId(id(made_by))), Timestamp::from_micros(1));
    let key = ApiKey::new(ApiKeyId(id(number)), format!("Key {number}"), of, at);
    ApiKey {
        expires_at: Some(Timestamp::from_micros(9)).filter(|_| number == 1),
        scopes: Boundary::parse(["contacts:read", "deals:read,update:own"])
            .ok()
            .filter(|_| number == 1)
            .map(Arc::new),
        networks: ["10.0.0.0/8", "2001:db8::1"]
            .into_iter()
            .filter(|_| number == 1)
            .map(|text| text.parse().unwrap())
            .collect(),
        ..key
    }
}

async fn add(fixture: &Fixture, keys: &[ApiKey]) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
    let mut tx = write(fixture, 1).await;
    for key in keys {
        tx.api_keys().insert(key.name.as_bytes(), key).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_key_is_found_by_its_hash_only_in_its_workspace(fixture: Fixture) {
    let keys = [key(1, 5, 6), key(2, 5, 5)];
    add(&fixture, &keys).await;

    let mut tx = read(&fixture, 1).await;
    for key in &keys {
        let found = tx.api_keys().find_by_token(key.name.as_bytes()).await.unwrap();
        assert_eq!(found, Some((key.clone(), Secret::Present)));
        assert_eq!(tx.api_keys().find(key.id).await.unwrap().as_ref(), Some(key));
    }
    assert_eq!(tx.api_keys().find_by_token(b"Key 3").await.unwrap(), None);
    let [first, second] = keys;
    assert_eq!(tx.api_keys().list_all().await.unwrap(), [second, first.clone()]);
    drop(tx);

    let mut other = read(&fixture, 2).await;
    assert_eq!(other.api_keys().find_by_token(first.name.as_bytes()).await.unwrap(), None);
    assert_eq!(other.api_keys().find(first.id).await.unwrap(), None);
    assert!(other.api_keys().list_all().await.unwrap().is_empty());
}

async fn a_key_is_updated_and_deleted(fixture: Fixture) {
    let key = key(1, 5, 6);
    add(&fixture, std::slice::from_ref(&key)).await;

    let mut tx = write(&fixture, 1).await;
    let used = key.clone().used(Secret::Present, "192.0.2.7", Timestamp::from_micros(4));
    tx.api_keys().update_use(&used, Secret::Present).await.unwrap();
    let seen = tx.api_keys().find(key.id).await.unwrap().unwrap();
    assert_eq!(seen, used);
    assert_eq!(
        (seen.seen_at, seen.address.as_str()),
        (Some(Timestamp::from_micros(4)), "192.0.2.7")
    );
    let edited = ApiKey {
        name: "Other".to_owned(),
        expires_at: Some(Timestamp::from_micros(99)),
        scopes: None,
        networks: Vec::new(),
        ..used.clone()
    };
    assert!(tx.api_keys().update(&edited).await.unwrap());
    assert!(!tx.api_keys().update(&used).await.unwrap(), "an earlier version");
    let found = tx.api_keys().find(key.id).await.unwrap().unwrap();
    assert_eq!(found, ApiKey { version: 2, ..edited });
    assert!(tx.api_keys().delete(key.id).await.unwrap());
    assert!(!tx.api_keys().delete(key.id).await.unwrap());
    assert_eq!(tx.api_keys().find_by_token(key.name.as_bytes()).await.unwrap(), None);
}

async fn a_rotated_key_is_found_by_both_secrets(fixture: Fixture) {
    let first = key(2, 5, 6);
    add(&fixture, &[first.clone(), key(3, 5, 6)]).await;

    let mut tx = write(&fixture, 1).await;
    let now = Timestamp::from_micros(7);
    let rotated = first.rotated(MemberId(id(8)), Some(1), now).unwrap();
    tx.api_keys().rotate(b"second", &rotated).await.unwrap();
    let rotated = ApiKey { version: 2, ..rotated };
    let find = |token| (token, rotated.clone());
    for (token, secret) in [(&b"second"[..], Secret::Present), (b"Key 2", Secret::Former)] {
        let (token, key) = find(token);
        assert_eq!(tx.api_keys().find_by_token(token).await.unwrap(), Some((key, secret)));
    }
    let used = rotated.clone().used(Secret::Former, "192.0.2.8", Timestamp::from_micros(9));
    tx.api_keys().update_use(&used, Secret::Former).await.unwrap();
    let found = tx.api_keys().find(rotated.id).await.unwrap().unwrap();
    assert_eq!(found, used);
    let seen_at = Some(Timestamp::from_micros(9));
    assert_eq!(
        found.former,
        Some(FormerSecret { until: rotated.former.unwrap().until, seen_at })
    );

    // The next rotation ends the secret before the last.
    let again = found.rotated(MemberId(id(8)), Some(1), now).unwrap();
    tx.api_keys().rotate(b"third", &again).await.unwrap();
    assert_eq!(tx.api_keys().find_by_token(b"Key 2").await.unwrap(), None);
    assert!(tx.api_keys().find_by_token(b"second").await.unwrap().is_some());

    tx.api_keys().end_former(again.id).await.unwrap();
    assert_eq!(tx.api_keys().find_by_token(b"second").await.unwrap(), None);
    let found = tx.api_keys().find_by_token(b"third").await.unwrap();
    assert_eq!(found, Some((ApiKey { former: None, version: 4, ..again }, Secret::Present)));

    // Without an overlap the former one ends at once.
    let last = found.unwrap().0.rotated(MemberId(id(8)), Some(0), now).unwrap();
    tx.api_keys().rotate(b"fourth", &last).await.unwrap();
    assert_eq!(tx.api_keys().find_by_token(b"third").await.unwrap(), None);
    assert!(tx.api_keys().find_by_token(b"Key 3").await.unwrap().is_some());
}

async fn keys_are_deleted_with_their_member_and_their_maker(fixture: Fixture) {
    let stored = key(4, 7, 8);
    add(&fixture, &[key(1, 5, 6), key(2, 6, 5), key(3, 5, 5), stored.clone()]).await;

    let mut tx = write(&fixture, 1).await;
    tx.api_keys().delete_by_member(MemberId(id(5))).await.unwrap();

    assert_eq!(tx.api_keys().list_all().await.unwrap(), [stored]);
}

async fn due_reminders_are_listed_across_workspaces_and_none_of_a_deleted_one(
    fixture: Fixture,
) {
    let at = |micros| Some(Timestamp::from_micros(micros));
    let due = |n, micros| ApiKey { remind_at: at(micros), ..key(n, 5, 6) };
    add(&fixture, &[due(1, 30), due(2, 20), key(3, 5, 6), due(4, 40)]).await;
    let list = async |limit| {
        let mut tx = fixture.db.read().await.unwrap();
        let found = tx.due_api_keys(Timestamp::from_micros(30), limit).await.unwrap();
        found.into_iter().map(|(_, key)| key).collect::<Vec<_>>()
    };
    assert_eq!(list(9).await, [due(2, 20).id, due(1, 30).id]);
    assert_eq!(list(1).await, [due(2, 20).id]);

    let mut tx = write(&fixture, 1).await;
    let reminded = ApiKey { remind_at: None, ..due(2, 20) };
    tx.api_keys().update_reminder(&reminded).await.unwrap();
    assert_eq!(tx.api_keys().find(reminded.id).await.unwrap(), Some(reminded));
    tx.commit().await.unwrap();
    assert_eq!(list(9).await, [due(1, 30).id]);

    let mut tx = write(&fixture, 1).await;
    tx.delete(Timestamp::from_micros(9)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(list(9).await.is_empty());
}
