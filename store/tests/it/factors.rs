//! Second factors: each code once, found by their account, gone with it.

use hallpass_domain::device::Device;
use hallpass_domain::factor::Factors;
use hallpass_domain::id::{AccountId, DeviceId, PasskeyId};
use hallpass_domain::name::Name;
use hallpass_domain::passkey::Passkey;
use hallpass_domain::time::Span;

use crate::accounts::{NOW, sign_up};
use crate::fixture::{Fixture, id};

contract! {
    every: [
        a_step_of_an_app_counts_once,
        an_app_that_is_confirmed_is_not_replaced,
        a_recovery_code_counts_once,
        a_passkey_is_found_by_its_credential_and_of_one_account,
        what_waits_is_taken_once_and_not_late,
        a_device_is_of_its_account,
        accounts_with_a_factor_are_found_and_lose_everything_at_once,
    ],
    persistent: [],
}

fn passkey(number: u128, account: AccountId) -> Passkey {
    Passkey {
        id: PasskeyId(id(number)),
        account,
        credential_id: number.to_be_bytes().to_vec(),
        name: Name::parse("Laptop").unwrap(),
        credential: "{}".to_owned(),
        created_at: NOW,
        used_at: None,
    }
}

async fn a_step_of_an_app_counts_once(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let mut tx = fixture.db.write().await.unwrap();
    assert!(!tx.totps().accept(anna, 7).await.unwrap());
    assert!(tx.totps().enroll(anna, b"sealed", NOW).await.unwrap());

    let accepted = [7, 7, 6, 8];
    let mut counted = Vec::new();
    for step in accepted {
        counted.push(tx.totps().accept(anna, step).await.unwrap());
    }

    assert_eq!(counted, [true, false, false, true]);
    assert_eq!(tx.totps().find(anna).await.unwrap().unwrap().last_step, Some(8));
}

async fn an_app_that_is_confirmed_is_not_replaced(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let mut tx = fixture.db.write().await.unwrap();
    for secret in [b"one", b"two"] {
        assert!(tx.totps().enroll(anna, secret, NOW).await.unwrap());
    }
    assert!(tx.totps().confirm(anna, NOW).await.unwrap());

    assert!(!tx.totps().enroll(anna, b"three", NOW).await.unwrap());
    assert!(!tx.totps().confirm(anna, NOW).await.unwrap());

    let stored = tx.totps().find(anna).await.unwrap().unwrap();
    assert_eq!(
        (stored.secret.expose().as_slice(), stored.confirmed_at),
        (b"two".as_slice(), Some(NOW))
    );
    assert!(tx.totps().delete(anna).await.unwrap());
    assert!(!tx.totps().delete(anna).await.unwrap());
}

async fn a_recovery_code_counts_once(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let mut tx = fixture.db.write().await.unwrap();
    tx.recovery_codes().replace(anna, &[b"a".to_vec(), b"b".to_vec()]).await.unwrap();

    assert!(!tx.recovery_codes().consume(ben, b"a").await.unwrap());
    assert!(tx.recovery_codes().consume(anna, b"a").await.unwrap());
    assert!(!tx.recovery_codes().consume(anna, b"a").await.unwrap());

    assert_eq!(tx.factors().load(anna).await.unwrap().recovery_codes, 1);
    tx.recovery_codes().replace(anna, &[b"c".to_vec()]).await.unwrap();
    assert!(!tx.recovery_codes().consume(anna, b"b").await.unwrap());
}

async fn a_passkey_is_found_by_its_credential_and_of_one_account(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let (first, second) = (passkey(1, anna), passkey(2, anna));
    let mut tx = fixture.db.write().await.unwrap();
    for passkey in [&first, &second] {
        tx.passkeys().insert(passkey).await.unwrap();
    }
    tx.passkeys().update_use(first.id, "{\"counter\":1}", NOW).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write().await.unwrap();
    let used = tx.passkeys().find_for_update(&first.credential_id).await.unwrap().unwrap();
    assert_eq!((used.used_at, used.credential.as_str()), (Some(NOW), "{\"counter\":1}"));
    assert_eq!(tx.passkeys().list(anna).await.unwrap(), [used, second.clone()]);
    assert_eq!(tx.passkeys().find(b"other").await.unwrap(), None);
    let name = Name::parse("Phone").unwrap();
    assert!(!tx.passkeys().rename(ben, second.id, &name).await.unwrap());
    assert!(tx.passkeys().rename(anna, second.id, &name).await.unwrap());
    assert!(!tx.passkeys().delete(ben, second.id).await.unwrap());
    assert!(tx.passkeys().delete(anna, second.id).await.unwrap());
    let stolen = Passkey { id: PasskeyId(id(3)), account: ben, ..first };
    let inserted = tx.passkeys().insert(&stolen).await;
    assert!(matches!(inserted, Err(hallpass_store::Error::Conflict(_))));
}

async fn what_waits_is_taken_once_and_not_late(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let (until, before) = (NOW + Span::minutes(10), NOW + Span::minutes(9));
    let mut tx = fixture.db.write().await.unwrap();
    for token in [b"a", b"b"] {
        tx.pending_sign_ins().insert(token, anna, until).await.unwrap();
        tx.passkey_ceremonies().insert(token, Some(anna), "{}", until).await.unwrap();
    }
    tx.passkey_ceremonies().insert(b"c", None, "{}", until).await.unwrap();

    assert_eq!(tx.pending_sign_ins().find(b"a", before).await.unwrap(), Some(anna));
    assert_eq!(tx.pending_sign_ins().find(b"a", until).await.unwrap(), None);
    assert_eq!(tx.pending_sign_ins().consume(b"a", until).await.unwrap(), None);
    assert_eq!(tx.pending_sign_ins().consume(b"a", before).await.unwrap(), Some(anna));
    assert_eq!(tx.pending_sign_ins().consume(b"a", before).await.unwrap(), None);
    let state = "{}".to_owned();
    assert_eq!(tx.passkey_ceremonies().consume(b"a", until).await.unwrap(), None);
    let taken = tx.passkey_ceremonies().consume(b"a", before).await.unwrap();
    assert_eq!(taken, Some((Some(anna), state.clone())));
    assert_eq!(tx.passkey_ceremonies().consume(b"a", before).await.unwrap(), None);
    let taken = tx.passkey_ceremonies().consume(b"c", before).await.unwrap();
    assert_eq!(taken, Some((None, state)));
    assert_eq!(tx.pending_sign_ins().delete_expired(until).await.unwrap(), 1);
    assert_eq!(tx.passkey_ceremonies().delete_expired(until).await.unwrap(), 1);
}

async fn a_device_is_of_its_account(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let device = Device {
        id: DeviceId(id(1)),
        account: anna,
        client: "Firefox".to_owned(),
        created_at: NOW,
        seen_at: NOW,
    };
    let mut tx = fixture.db.write().await.unwrap();
    tx.trusted_devices().insert(b"token", &device).await.unwrap();
    tx.trusted_devices().update_seen_at(b"token", NOW + Span::days(1)).await.unwrap();

    let seen = Device { seen_at: NOW + Span::days(1), ..device.clone() };
    assert_eq!(tx.trusted_devices().find(anna, b"token").await.unwrap(), Some(seen.clone()));
    assert_eq!(tx.trusted_devices().find(ben, b"token").await.unwrap(), None);
    assert_eq!(tx.trusted_devices().find(anna, b"other").await.unwrap(), None);
    assert_eq!(tx.trusted_devices().list(anna).await.unwrap(), [seen]);
    assert!(!tx.trusted_devices().delete(ben, device.id).await.unwrap());
    assert_eq!(tx.trusted_devices().delete_before(NOW - Span::days(1)).await.unwrap(), 0);
    assert_eq!(tx.trusted_devices().delete_before(NOW).await.unwrap(), 1);
    assert!(tx.trusted_devices().list(anna).await.unwrap().is_empty());
}

async fn accounts_with_a_factor_are_found_and_lose_everything_at_once(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let cleo = sign_up(&fixture.db, 3, "cleo@example.com").await.id;
    let mut tx = fixture.db.write().await.unwrap();
    tx.totps().enroll(anna, b"sealed", NOW).await.unwrap();
    tx.totps().confirm(anna, NOW).await.unwrap();
    tx.recovery_codes().replace(anna, &[b"a".to_vec()]).await.unwrap();
    tx.passkeys().insert(&passkey(1, ben)).await.unwrap();
    // An app that is not confirmed is none.
    tx.totps().enroll(cleo, b"sealed", NOW).await.unwrap();

    let all = [anna, ben, cleo];
    let enabled = tx.factors().enabled(&all).await.unwrap();
    assert_eq!(enabled, [anna, ben].into());
    let expected = Factors { totp_since: Some(NOW), passkeys: 0, recovery_codes: 1 };
    assert_eq!(tx.factors().load(anna).await.unwrap(), expected);
    assert!(!tx.factors().load(cleo).await.unwrap().is_enabled());

    for account in all {
        tx.factors().delete_all(account).await.unwrap();
        assert_eq!(tx.factors().load(account).await.unwrap(), Factors::default());
    }
    assert!(tx.factors().enabled(&all).await.unwrap().is_empty());
    assert!(tx.factors().enabled(&[]).await.unwrap().is_empty());
}
