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
    let heads = rotated.heads().unwrap();
    assert!(sealed.starts_with(&heads[1]));
    assert!(seal(&rotated, ("totp", b"anna")).starts_with(&heads[0]));
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

/// Keys that change while a process runs.
struct Changing(std::sync::Mutex<Vec<u8>>);

impl KeySource for Changing {
    fn load(&self) -> Result<Vec<SecretKey>, Error> {
        let keys = self.0.lock().unwrap();
        Ok(keys.iter().map(|byte| SecretKey::kept([*byte; 32])).collect())
    }
}

#[test]
fn a_process_that_runs_learns_of_a_new_key_before_it_seals_and_when_it_meets_one() {
    let (running, other) = (keyring(&[1]), keyring(&[2, 1]));
    let source = Arc::new(Changing(std::sync::Mutex::new(vec![1])));
    running.use_source(Arc::<Changing>::clone(&source));
    let before = seal(&running, ("totp", b"anna"));

    *source.0.lock().unwrap() = vec![2, 1];
    let met = seal(&other, ("totp", b"ben"));
    assert_eq!(running.open(("totp", b"ben"), &met).unwrap(), b"a secret");
    *source.0.lock().unwrap() = vec![3, 2, 1];
    let after = seal(&running, ("totp", b"anna"));

    assert!(after.starts_with(&keyring(&[3]).heads().unwrap()[0]));
    assert_eq!(running.open(("totp", b"anna"), &before).unwrap(), b"a secret");
    *source.0.lock().unwrap() = vec![3];
    let _ = seal(&running, ("totp", b"anna"));
    assert!(running.open(("totp", b"anna"), &before).is_err(), "the key is gone");
}
