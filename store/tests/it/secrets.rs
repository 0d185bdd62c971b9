//! Sealed secrets: their columns, and the replacement of a ciphertext.

use std::collections::BTreeSet;

use hallpass_domain::id::AccountId;
use hallpass_domain::time::Timestamp;
use hallpass_store::secret::{CONNECTION_SECRETS, SEALED, SealedSecret, TOTP_SECRETS};
use uuid::Uuid;

use crate::fixture::Fixture;

/// The columns of bytes that have no secret, but a hash, a public key, what a peer has made, or what a record has.
const OTHERS: [&str; 20] = [
    "address_changes.new_token",
    "address_changes.present_token",
    "api_keys.former_token",
    "api_keys.token",
    "connections.certificate",
    "devices.token",
    "export_pieces.contents",
    "invitations.token",
    "links.token",
    "passkey_ceremonies.token",
    "passkeys.credential_id",
    "pending_sign_ins.token",
    "recovery_codes.code",
    "sessions.token",
    "setup_links.token",
    "sign_on_requests.browser",
    "sign_on_requests.state",
    "stored_responses.request_hash",
    "trusted_devices.token",
    "workspaces.blueprint_hash",
];

/// A new column of bytes is either sealed or added to the others here.
#[tokio::test]
async fn every_column_of_bytes_is_sealed_or_known_to_be_no_secret() {
    let fixture = Fixture::on_postgres().await;
    let sql = "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
               WHERE table_schema = 'public' AND data_type = 'bytea'";
    let rows = fixture.db.read().await.unwrap().query(sql, &[]).await.unwrap();
    let found: BTreeSet<String> =
        rows.iter().map(|row| row.text("name").unwrap().to_owned()).collect();

    let sealed = SEALED.iter().map(|of| format!("{}.{}", of.table, of.column));
    let known: BTreeSet<String> =
        OTHERS.iter().map(|name| (*name).to_owned()).chain(sealed).collect();

    assert_eq!(found, known);
}

contract! {
    every: [a_secret_that_has_changed_is_not_replaced],
    persistent: [],
}

async fn a_secret_that_has_changed_is_not_replaced(fixture: Fixture) {
    let (owner, now) = (Uuid::from_u128(7), Timestamp::from_micros(1));
    let account = AccountId(owner);
    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().insert(&crate::accounts::account(7, "anna@example.com")).await.unwrap();
    let sealed = |key: u8| vec![1, key, 0, 0, 0, 9, 9, 9];
    assert!(tx.totps().enroll(account, &sealed(1), now).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write().await.unwrap();
    let mut secrets = tx.sealed_secrets();
    assert_eq!(secrets.count(&TOTP_SECRETS).await.unwrap(), [(vec![1, 1, 0, 0, 0], 1)]);
    assert_eq!(secrets.count(&CONNECTION_SECRETS).await.unwrap(), []);
    let head = [1, 2, 0, 0, 0];
    let found = secrets.list_others(&TOTP_SECRETS, &head, &[], 10).await.unwrap();
    assert_eq!((found[0].owner, &found[0].sealed), (owner, &sealed(1)));
    let after = secrets.list_others(&TOTP_SECRETS, &head, &sealed(1), 10).await.unwrap();
    assert!(after.is_empty());
    let stale = SealedSecret { owner, sealed: sealed(3) };
    assert!(!secrets.replace(&TOTP_SECRETS, &stale, &sealed(2)).await.unwrap());
    let other = SealedSecret { owner: Uuid::from_u128(8), sealed: sealed(1) };
    assert!(!secrets.replace(&TOTP_SECRETS, &other, &sealed(2)).await.unwrap());
    assert!(secrets.replace(&TOTP_SECRETS, &found[0], &sealed(2)).await.unwrap());
    assert_eq!(secrets.count(&TOTP_SECRETS).await.unwrap(), [(head.to_vec(), 1)]);
    let left = secrets.list_others(&TOTP_SECRETS, &head, &[], 10).await.unwrap();
    assert!(left.is_empty());
}
