//! Every combination of facts has the answer that the rules give it.

use uuid::Uuid;

use super::{Arrival, Facts, Membership, Turned, decide};
use crate::id::AccountId;

const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));

/// Every combination in which the groups decide nothing.
fn every() -> Vec<Facts> {
    let of_groups = |facts: &Facts| facts.lacks_groups || facts.is_ended_by_groups;
    with_groups().into_iter().filter(|facts| !of_groups(facts)).collect()
}

fn with_groups() -> Vec<Facts> {
    let mut found = Vec::new();
    let memberships =
        [None, Some(Membership::Active), Some(Membership::Inactive), Some(Membership::Removed)];
    for bits in 0..256_u32 {
        for membership in memberships {
            let bit = |at: u32| bits & (1 << at) != 0;
            found.push(Facts {
                connected: bit(0).then_some(ACCOUNT),
                is_disabled: bit(7),
                speaks_for_address: bit(1),
                address_has_account: bit(2),
                membership,
                is_invited: bit(3),
                may_sign_up: bit(4),
                lacks_groups: bit(5),
                is_ended_by_groups: bit(6),
            });
        }
    }
    found
}

#[test]
fn an_account_is_entered_by_an_identity_that_is_connected_to_it_and_no_other() {
    for facts in every() {
        let entered = match decide(&facts) {
            Ok(
                Arrival::Member(account)
                | Arrival::Invited(account)
                | Arrival::SignsUp(account),
            ) => Some(account),
            Ok(Arrival::NewInvited | Arrival::NewSignsUp) | Err(_) => None,
        };
        if entered.is_some() {
            assert_eq!(entered, facts.connected, "{facts:?}");
        }
    }
}

#[test]
fn a_new_account_has_an_address_that_is_proven_and_free() {
    for facts in every() {
        if matches!(decide(&facts), Ok(Arrival::NewInvited | Arrival::NewSignsUp)) {
            assert_eq!(facts.connected, None, "{facts:?}");
            assert!(facts.speaks_for_address, "{facts:?}");
            assert!(!facts.address_has_account, "{facts:?}");
        }
    }
}

#[test]
fn who_was_deactivated_or_removed_does_not_enter_without_a_new_invitation() {
    let enabled = |facts: &Facts| facts.connected.is_some() && !facts.is_disabled;
    for facts in every().into_iter().filter(enabled) {
        match facts.membership {
            Some(Membership::Inactive) => {
                assert_eq!(decide(&facts), Err(Turned::NotAMember), "{facts:?}");
            }
            Some(Membership::Removed) if !facts.is_invited => {
                assert_eq!(decide(&facts), Err(Turned::NotAMember), "{facts:?}");
            }
            Some(Membership::Removed) => {
                assert_eq!(decide(&facts), Ok(Arrival::Invited(ACCOUNT)), "{facts:?}");
            }
            Some(Membership::Active) => {
                assert_eq!(decide(&facts), Ok(Arrival::Member(ACCOUNT)), "{facts:?}");
            }
            None => {}
        }
    }
}

#[test]
fn a_disabled_account_is_entered_by_no_identity() {
    for facts in every().into_iter().filter(|facts| facts.connected.is_some()) {
        let is_refused = decide(&facts) == Err(Turned::AccountDisabled);
        assert_eq!(is_refused, facts.is_disabled, "{facts:?}");
    }
}

#[test]
fn without_an_invitation_only_sign_up_leads_in() {
    for facts in every().into_iter().filter(|facts| facts.membership.is_none()) {
        let is_in = decide(&facts).is_ok();
        assert!(!is_in || facts.is_invited || facts.may_sign_up, "{facts:?}");
        if facts.connected.is_some() && !facts.is_disabled {
            assert_eq!(is_in, facts.is_invited || facts.may_sign_up, "{facts:?}");
        }
    }
}

#[test]
fn groups_let_nobody_in_whom_nothing_else_lets_in() {
    for facts in with_groups() {
        let decided = decide(&facts);
        if facts.lacks_groups && !(facts.is_disabled && facts.connected.is_some()) {
            assert_eq!(decided, Err(Turned::TooManyGroups), "{facts:?}");
            continue;
        }
        let without = Facts { is_ended_by_groups: false, ..facts.clone() };
        let is_ended = facts.is_ended_by_groups
            && !facts.is_disabled
            && facts.connected.is_some()
            && facts.membership == Some(Membership::Active);
        let expected = if is_ended { Err(Turned::GroupsGone) } else { decide(&without) };
        assert_eq!(decided, expected, "{facts:?}");
    }
}

#[test]
fn the_reason_is_the_first_that_the_person_can_do_something_about() {
    let facts = Facts {
        connected: None,
        is_disabled: false,
        speaks_for_address: true,
        address_has_account: false,
        membership: None,
        is_invited: false,
        may_sign_up: false,
        lacks_groups: false,
        is_ended_by_groups: false,
    };
    assert_eq!(decide(&facts), Err(Turned::NotInvited));
    let taken = Facts { address_has_account: true, ..facts.clone() };
    assert_eq!(decide(&taken), Err(Turned::MustConnect));
    let foreign = Facts { speaks_for_address: false, ..taken };
    assert_eq!(decide(&foreign), Err(Turned::AddressNotProven));
    let known = Facts { connected: Some(ACCOUNT), ..facts };
    assert_eq!(decide(&known), Err(Turned::NotInvited));
}

#[test]
fn words_are_distinct() {
    let mut words = vec![
        Arrival::Member(ACCOUNT).word(),
        Arrival::Invited(ACCOUNT).word(),
        Arrival::SignsUp(ACCOUNT).word(),
        Arrival::NewInvited.word(),
        Arrival::NewSignsUp.word(),
        Turned::AccountDisabled.word(),
        Turned::NotAMember.word(),
        Turned::NotInvited.word(),
        Turned::MustConnect.word(),
        Turned::AddressNotProven.word(),
        Turned::AnotherPerson.word(),
        Turned::GroupsGone.word(),
        Turned::TooManyGroups.word(),
    ];
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), 13);
}
