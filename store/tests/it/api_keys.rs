//! API keys: found by their hash in their own workspace, deleted with their member.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId};
use hallpass_domain::time::Timestamp;

use crate::fixture::{Fixture, id, insert_workspace};
use crate::record::{read, write};

contract! {
    every: [
        a_key_is_found_by_its_hash_only_in_its_workspace,
        a_key_is_updated_and_deleted,
        keys_are_deleted_with_their_member_and_their_maker,
    ],
    persistent: [],
}

pub(crate) fn key(number: u128, member: u128, made_by: u128) -> ApiKey {
    ApiKey {
        id: ApiKeyId(id(number)),
        name: format!("Key {number}"),
        member: MemberId(id(member)),
        made_by: MemberId(id(made_by)),
        created_at: Timestamp::from_micros(1),
        expires_at: Some(Timestamp::from_micros(9)).filter(|_| number == 1),
        seen_at: None,
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
        assert_eq!(found.as_ref(), Some(key));
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
    tx.api_keys().update_seen_at(key.id, Timestamp::from_micros(4)).await.unwrap();
    let seen = tx.api_keys().find(key.id).await.unwrap().unwrap();
    assert_eq!(seen, ApiKey { seen_at: Some(Timestamp::from_micros(4)), ..key.clone() });
    assert!(tx.api_keys().delete(key.id).await.unwrap());
    assert!(!tx.api_keys().delete(key.id).await.unwrap());
    assert_eq!(tx.api_keys().find_by_token(key.name.as_bytes()).await.unwrap(), None);
}

async fn keys_are_deleted_with_their_member_and_their_maker(fixture: Fixture) {
    let stored = key(4, 7, 8);
    add(&fixture, &[key(1, 5, 6), key(2, 6, 5), key(3, 5, 5), stored.clone()]).await;

    let mut tx = write(&fixture, 1).await;
    tx.api_keys().delete_by_member(MemberId(id(5))).await.unwrap();

    assert_eq!(tx.api_keys().list_all().await.unwrap(), [stored]);
}
