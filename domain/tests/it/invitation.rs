//! Invitations: their states, and who accepts them.

use std::sync::Arc;

use hallpass_domain::email::Email;
use hallpass_domain::id::{InvitationId, MemberId};
use hallpass_domain::invitation::{
    Invitation, InvitationState, Lapse, Outdated, check_fields, expiry,
};
use hallpass_domain::member::MemberAccess;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_engine::Blueprint;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_seconds(1_000_000);
const BEN: MemberId = MemberId(Uuid::from_u128(2));

fn blueprint(id: &str) -> Arc<Blueprint> {
    let text = hallpass_domain::blueprint::find(id).unwrap();
    Arc::new(Blueprint::parse(text).unwrap())
}

/// An invitation that expires now.
fn invitation(state: InvitationState) -> Invitation {
    Invitation {
        id: InvitationId(Uuid::from_u128(1)),
        email: Email::parse("Cleo@Example.com").unwrap(),
        name: None,
        access: MemberAccess::new(&blueprint("standard"), "member"),
        landing: None,
        state,
        invited_by: None,
        invited_at: Timestamp::from_seconds(1),
        expires_at: NOW,
        version: 1,
    }
}

/// The moment before the invitation expires.
fn just_before() -> Timestamp {
    Timestamp::from_micros(NOW.as_micros() - 1)
}

fn code<T>(result: Result<T, Refusal>) -> &'static str {
    result.err().map_or("done", |refusal| refusal.code())
}

#[test]
fn only_a_pending_invitation_that_has_not_expired_is_open() {
    for (state, early, late) in [
        (InvitationState::Pending, "done", "invitation_expired"),
        (InvitationState::Accepted, "invitation_accepted", "invitation_accepted"),
        (InvitationState::Revoked, "invitation_revoked", "invitation_revoked"),
    ] {
        assert_eq!(code(invitation(state).open(just_before())), early, "{state:?}");
        assert_eq!(code(invitation(state).open(NOW)), late, "{state:?}");
    }
}

#[test]
fn the_status_shows_whether_it_has_expired() {
    for (state, early, late) in [
        (InvitationState::Pending, "pending", "expired"),
        (InvitationState::Accepted, "accepted", "accepted"),
        (InvitationState::Revoked, "revoked", "revoked"),
    ] {
        assert_eq!(invitation(state).status(just_before()), early);
        assert_eq!(invitation(state).status(NOW), late);
    }
    assert!(invitation(InvitationState::Pending).is_expired(NOW));
    assert!(!invitation(InvitationState::Pending).is_expired(just_before()));
}

#[test]
fn an_invitation_is_accepted_by_its_address_only() {
    let accept = |address: &str| {
        let open = invitation(InvitationState::Pending).open(just_before()).unwrap();
        open.accept(&Email::parse(address).unwrap())
    };

    assert_eq!(accept("cleo@example.com").unwrap().state, InvitationState::Accepted);
    for other in ["ben@example.com", "cleo@example.org", "cleo@mail.example.com"] {
        let wrong = Refusal::WrongAccount { invited: "Cleo@Example.com".to_owned() };
        assert_eq!(accept(other), Err(wrong), "{other}");
    }
}

#[test]
fn an_open_invitation_shows_what_it_is() {
    let pending = invitation(InvitationState::Pending);

    let open = pending.clone().open(just_before()).unwrap();

    assert_eq!(open.invitation(), &pending);
}

#[test]
fn a_resent_invitation_expires_later_and_is_by_the_member_who_resent_it() {
    let resend = |state| invitation(state).resend(Some(BEN), 14, NOW);

    let resent = resend(InvitationState::Pending).unwrap();

    let expected = Invitation {
        invited_by: Some(BEN),
        invited_at: NOW,
        expires_at: NOW + Span::days(14),
        ..invitation(InvitationState::Pending)
    };
    assert_eq!(resent, expected);
    assert_eq!(code(resend(InvitationState::Accepted)), "invitation_accepted");
    assert_eq!(code(resend(InvitationState::Revoked)), "invitation_revoked");
    assert_eq!(expiry(1, NOW), NOW + Span::days(1));
}

#[test]
fn a_pending_invitation_is_revoked_once() {
    let revoked = invitation(InvitationState::Pending).revoke().unwrap();

    assert_eq!(revoked.state, InvitationState::Revoked);
    assert_eq!(code(revoked.revoke()), "invitation_revoked");
    assert_eq!(code(invitation(InvitationState::Accepted).revoke()), "invitation_accepted");
}

#[test]
fn the_billing_contact_that_an_invitation_promised_lapses() {
    let mut promised = invitation(InvitationState::Pending);
    promised.access.is_billing_contact = true;

    let (without, lapse) = promised.without_billing();

    assert_eq!(without, invitation(InvitationState::Pending));
    assert_eq!(lapse, Some(Lapse::BillingContact));
    let (same, lapse) = invitation(InvitationState::Pending).without_billing();
    assert_eq!((same, lapse), (invitation(InvitationState::Pending), None));
}

#[test]
fn why_an_invitation_is_outdated_names_no_right_and_no_id() {
    let reasons = [Outdated::Grantor, Outdated::Contents, Outdated::Address];
    for reason in reasons {
        let refusal = Refusal::from(reason);
        assert_eq!(refusal.code(), "invitation_outdated");
        assert!(refusal.to_string().contains(reason.reason()), "{refusal}");
    }
    let distinct: std::collections::BTreeSet<_> = reasons.map(Outdated::reason).into();
    assert_eq!(distinct.len(), 3);
}

#[test]
fn an_invitation_has_the_fields_of_its_access_model_and_those_that_it_requires() {
    let check = |id: &str, given: &[&str]| match check_fields(&blueprint(id), given) {
        Ok(()) => Vec::new(),
        Err(Refusal::Fields(errors)) => {
            errors.iter().map(|one| format!("{} {}", one.pointer, one.code)).collect()
        }
        Err(other) => vec![other.to_string()],
    };

    assert_eq!(check("halo", &["email", "role", "levels"]), Vec::<String>::new());
    assert_eq!(check("halo", &["email"]), ["/role missing"]);
    assert_eq!(check("halo", &["teams", "role"]), ["/teams unknown_field", "/email missing"]);
    assert_eq!(check("halo", &[]), ["/email missing", "/role missing"]);
}

#[test]
fn every_state_is_parsed_from_its_word() {
    for state in InvitationState::EVERY {
        assert_eq!(InvitationState::parse(state.word()), Some(state));
    }
    assert_eq!(InvitationState::parse("expired"), None);
}
