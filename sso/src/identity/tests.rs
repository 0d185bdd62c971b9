//! Whether the person was authenticated again.

use super::*;

#[test]
fn a_provider_that_was_asked_to_authenticate_again_must_have_done_so() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let check = |authenticated_at: Option<i64>, is_accepted: bool| {
        let checked = check_authenticated_since(authenticated_at.map(at), at(1_000));
        assert_eq!(checked.is_ok(), is_accepted, "{authenticated_at:?}");
    };
    check(Some(1_005), true);
    check(Some(1_000 - SKEW), true);
    check(Some(1_000 - SKEW - 1), false);
    check(Some(0), false);
    check(None, false);
}
