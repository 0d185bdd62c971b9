//! Secrets at rest: what opens, and what does not.

use super::*;
use crate::environment::SystemRandom;

fn keyring(keys: &[u8]) -> Keyring {
    let keys: Vec<SecretKey> = keys.iter().map(|byte| SecretKey::kept([*byte; 32])).collect();
    Keyring::new(&keys).unwrap()
}

fn seal(keyring: &Keyring, about: (&str, &[u8])) -> Vec<u8> {
    keyring.seal(about, b"a secret", &SystemRandom::default()).unwrap()
}

#[test]
fn a_secret_opens_for_its_purpose_and_its_owner_alone() {
    let keyring = keyring(&[1]);
    let sealed = seal(&keyring, ("totp", b"anna"));
    assert_eq!(keyring.open(("totp", b"anna"), &sealed).unwrap(), b"a secret");
    for about in
        [("totp", b"ben".as_slice()), ("sso", b"anna"), ("totpa", b"nna"), ("", b"totpanna")]
    {
        assert!(keyring.open(about, &sealed).is_err(), "{about:?}");
    }
}

#[test]
fn a_secret_is_never_readable_and_never_sealed_twice_alike() {
    let keyring = keyring(&[1]);
    let sealed = seal(&keyring, ("totp", b"anna"));
    assert!(!sealed.windows(8).any(|window| window == b"a secret"));
    assert_ne!(sealed, seal(&keyring, ("totp", b"anna")));
}

#[test]
fn a_changed_bit_is_noticed() {
    let keyring = keyring(&[1]);
    let sealed = seal(&keyring, ("totp", b"anna"));
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(keyring.open(("totp", b"anna"), &changed).is_err(), "byte {place}");
        assert!(keyring.open(("totp", b"anna"), &sealed[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn an_earlier_key_opens_until_it_is_taken_away() {
    let sealed = seal(&keyring(&[1]), ("totp", b"anna"));
    let rotated = keyring(&[2, 1]);
    assert_eq!(rotated.open(("totp", b"anna"), &sealed).unwrap(), b"a secret");
    assert!(!rotated.is_current(&sealed));
    assert!(rotated.is_current(&seal(&rotated, ("totp", b"anna"))));
    let lost = keyring(&[2]).open(("totp", b"anna"), &sealed).unwrap_err();
    assert!(lost.to_string().contains("lacks the key"), "{lost}");
}

#[test]
fn without_a_key_nothing_is_stored() {
    let none = keyring(&[]);
    assert!(none.seal(("totp", b"anna"), b"a secret", &SystemRandom::default()).is_err());
}

#[test]
fn a_key_is_hidden() {
    assert_eq!(format!("{:?}", SecretKey::kept([7; 32])), "SecretKey(…)");
}
