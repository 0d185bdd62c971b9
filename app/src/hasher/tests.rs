//! Costs, decoys, and the bounded queue.

use super::*;
use crate::environment::SystemRandom;

fn hasher(cost: HashCost) -> Hasher {
    Hasher::new(1, cost, &SystemRandom::default()).unwrap()
}

#[test]
fn a_cost_is_within_limits() {
    for text in ["m=19456,t=2,p=1", "m=47104,t=1,p=1", "m=7168,t=5,p=4", "m=1048576,t=20,p=8"] {
        assert_eq!(text.parse::<HashCost>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "19456",
        "m=19456,t=2",
        "t=2,m=19456,p=1",
        "m=19455,t=2,p=1",
        "m=7168,t=4,p=1",
        "m=1048577,t=2,p=1",
        "m=19456,t=21,p=1",
        "m=19456,t=2,p=0",
        "m=19456,t=2,p=9",
        "m=8,t=1,p=1",
        "m=-1,t=2,p=1",
    ] {
        assert!(text.parse::<HashCost>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn each_hash_is_verified_at_its_own_cost() {
    let random = SystemRandom::default();
    let (right, wrong) = (Password::typed("correct horse battery"), Password::typed("other"));
    let before = hasher(HashCost::of(&Params::new(16, 2, 1, None).unwrap()));
    let now = hasher(HashCost::CHEAP);
    let old = before.hash(&right, &random).await.unwrap();
    let new = now.hash(&right, &random).await.unwrap();

    let verdicts = now.verify(&right, [Some(&old), Some(&new), None, Some("broken")]).await;
    let expected = [Verdict::RightAtOtherCost, Verdict::Right, Verdict::Wrong, Verdict::Wrong];
    assert_eq!(verdicts.unwrap(), expected);
    let verdicts = now.verify(&wrong, [Some(&old), Some(&new)]).await.unwrap();
    assert_eq!(verdicts, [Verdict::Wrong; 2]);
}

#[tokio::test]
async fn the_decoy_costs_a_hash_and_its_password_is_refused() {
    let hasher = hasher(HashCost::CHEAP);
    let verdict = hasher.verify(&Password::typed(""), [None, None]).await.unwrap();
    assert_eq!((verdict, hasher.hashes()), ([Verdict::Wrong; 2], 2));
}

#[tokio::test]
async fn memory_is_reused() {
    let (hasher, random) = (hasher(HashCost::CHEAP), SystemRandom::default());
    for _ in 0..3 {
        hasher.hash(&Password::typed("x"), &random).await.unwrap();
    }
    assert_eq!(hasher.inner.memory().len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_into_the_queue_is_refused() {
    let hasher = hasher(HashCost::CHEAP);
    let all = u32::try_from(1 + WAITING_FOR_EACH).unwrap();
    let full = Arc::clone(&hasher.queue).try_acquire_many_owned(all).unwrap();

    let refused = hasher.verify(&Password::typed("x"), [None]).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Busy { seconds: RETRY_AFTER }))));

    drop(full);
    assert!(hasher.verify(&Password::typed("x"), [None]).await.is_ok());
}
