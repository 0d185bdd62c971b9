//! Refusals: what each is about, and its text.

use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::refusal::{FieldError, MOST_ERRORS, Refusal, RefusalKind};

fn text(text: &str) -> String {
    text.to_owned()
}

/// A refusal of each reason, with its code, and what it is about.
fn every() -> Vec<(Refusal, &'static str, RefusalKind)> {
    use RefusalKind::{Conflict, Forbidden, Invalid};
    let role = || text("Owner");
    vec![
        (Refusal::field("/a", "bad", "no"), "invalid", Invalid),
        (Refusal::LastTopRole { role: role(), workspaces: vec![] }, "last_top_role", Conflict),
        (Refusal::TransferOnly { role: role() }, "transfer_only", Conflict),
        (
            Refusal::GrantCeiling { rights: vec![text("a:b")], words: vec![text("b a")] },
            "grant_ceiling",
            Forbidden,
        ),
        (Refusal::HistoryIncomplete { why: text("a gap") }, "history_incomplete", Conflict),
        (Refusal::NoExportFile(NoFile::Preparing), "export_preparing", Conflict),
        (Refusal::NoExportFile(NoFile::Outdated), "export_outdated", Conflict),
        (Refusal::NoExportFile(NoFile::Expired), "export_expired", Conflict),
        (Refusal::NoExportFile(NoFile::Ended), "export_ended", Conflict),
        (Refusal::MayNotGive { role: role() }, "may_not_give", Forbidden),
        (Refusal::MayNotTouch { role: role() }, "may_not_touch", Forbidden),
        (Refusal::NoSelfRemoval, "no_self_removal", Conflict),
        (Refusal::NoSelfDeactivation, "no_self_deactivation", Conflict),
        (Refusal::NoSelfRoleChange, "no_self_role_change", Conflict),
        (
            Refusal::BillingContactStays { workspaces: vec![] },
            "billing_contact_stays",
            Conflict,
        ),
        (Refusal::StillManages, "still_manages", Conflict),
        (Refusal::SecondBillingContact, "second_billing_contact", Conflict),
        (Refusal::NoSuchVerb { verb: "leave" }, "no_such_verb", Conflict),
        (Refusal::NoSuchLayer { layer: "teams" }, "no_such_layer", Conflict),
        (Refusal::BuiltIn { role: role() }, "built_in", Conflict),
        (Refusal::BuiltInEntity { entity: text("deals") }, "built_in", Conflict),
        (Refusal::InUse { noun: "role", by: text("members") }, "in_use", Conflict),
        (Refusal::NameTaken { noun: "role", name: text("Sales") }, "name_taken", Conflict),
        (Refusal::SlugTaken { slug: text("acme") }, "slug_taken", Conflict),
        (Refusal::AddressTaken, "address_taken", Conflict),
        (Refusal::AlreadyMember, "already_member", Conflict),
        (Refusal::InactiveMember, "already_member", Conflict),
        (Refusal::AlreadyInvited { invitation: text("inv_1") }, "already_invited", Conflict),
        (Refusal::InvitationExpired { at: text("2026") }, "invitation_expired", Conflict),
        (Refusal::InvitationRevoked, "invitation_revoked", Conflict),
        (Refusal::InvitationAccepted, "invitation_accepted", Conflict),
        (Refusal::WrongAccount { invited: text("a@b.c") }, "wrong_account", Forbidden),
        (Refusal::InvitationOutdated { why: "it is old" }, "invitation_outdated", Conflict),
        (Refusal::Already { status: "active" }, "already", Conflict),
        (Refusal::TopRoleOnly { role: role() }, "top_role_only", Forbidden),
        (Refusal::ComparisonOutdated, "comparison_outdated", Conflict),
        (Refusal::ViewOutdated { faults: Vec::new() }, "view_outdated", Conflict),
        (
            Refusal::NotSelfServe { what: "create a workspace", contact: text("x") },
            "not_self_serve",
            Forbidden,
        ),
        (
            Refusal::PlanNeeded { entitlement: text("sso"), plan: text("Agency") },
            "plan_needed",
            Forbidden,
        ),
        (
            Refusal::PaymentNeeded { plan: text("Agency"), portal: None },
            "payment_needed",
            Conflict,
        ),
        (Refusal::BadCredentials, "bad_credentials", Conflict),
        (Refusal::WrongPassword, "wrong_password", Invalid),
        (Refusal::WrongCode, "wrong_code", Conflict),
        (Refusal::BadPasskey, "bad_passkey", Conflict),
        (Refusal::NoPasskeys, "no_passkeys", Conflict),
        (Refusal::NoSecondFactor, "no_second_factor", Conflict),
        (Refusal::FactorsKept { contact: "ops".to_owned() }, "factors_kept", Conflict),
        (
            Refusal::AddressNotConfirmed { email: text("a@b.c") },
            "address_not_confirmed",
            Forbidden,
        ),
        (Refusal::DeadLink, "dead_link", Conflict),
        (Refusal::BadSignature, "bad_signature", Forbidden),
        (Refusal::NotByKey, "not_by_key", Forbidden),
        (Refusal::KeyRests, "key_rests", Forbidden),
        (Refusal::TooMany { seconds: 9 }, "too_many_attempts", Conflict),
        (Refusal::Busy { seconds: 9 }, "busy", Conflict),
        (Refusal::TooManyMails { most: 9 }, "too_many_mails", Conflict),
        (Refusal::NotConfirmed { word: text("acme") }, "not_confirmed", Invalid),
        (Refusal::Stale, "stale", Conflict),
        (
            Refusal::NoSuchAction {
                resource: text("deals"),
                action: text("fly"),
                known: vec![text("close")],
            },
            "no_such_action",
            Invalid,
        ),
        (Refusal::SwitchedOff { resource: text("deals") }, "switched_off", Conflict),
    ]
}

#[test]
fn every_refusal_has_a_code_and_a_kind_and_says_what_to_do() {
    for (refusal, code, kind) in every() {
        assert_eq!((refusal.code(), refusal.kind()), (code, kind), "{refusal:?}");
        let says = refusal.to_string();
        let is_sentence = says.len() > 1 && !says.ends_with('.');
        assert!(is_sentence && !says.starts_with(char::is_uppercase), "{code}: {says}");
    }
}

#[test]
fn a_refusal_names_what_it_is_about() {
    let names = [
        (Refusal::TransferOnly { role: text("Owner") }, "Owner"),
        (
            Refusal::GrantCeiling {
                rights: vec![text("deals:read")],
                words: vec![text("read deals")],
            },
            "read deals",
        ),
        (Refusal::HistoryIncomplete { why: text("a gap") }, "a gap"),
        (Refusal::MayNotGive { role: text("Lead") }, "Lead"),
        (Refusal::InUse { noun: "team", by: text("its members") }, "its members"),
        (Refusal::NameTaken { noun: "team", name: text("Sales") }, "Sales"),
        (Refusal::SlugTaken { slug: text("acme") }, "acme"),
        (Refusal::WrongAccount { invited: text("anna@example.com") }, "anna@example.com"),
        (Refusal::PlanNeeded { entitlement: text("sso"), plan: text("Agency") }, "Agency"),
        (Refusal::TooMany { seconds: 42 }, "42"),
        (Refusal::NotConfirmed { word: text("acme") }, "acme"),
        (
            Refusal::PaymentNeeded {
                plan: text("Agency"),
                portal: Some(text("https://pay.example.com")),
            },
            "https://pay.example.com",
        ),
    ];
    for (refusal, name) in names {
        assert!(refusal.to_string().contains(name), "{refusal}");
    }
}

#[test]
fn names_take_the_place_of_ids() {
    let named = |refusal: Refusal| refusal.with_names("Acme", |id| format!("role {id}"));
    let acme = || vec![text("Acme")];

    let given = named(Refusal::MayNotGive { role: text("rol_1") });
    assert_eq!(given, Refusal::MayNotGive { role: text("role rol_1") });
    let touched = named(Refusal::MayNotTouch { role: text("rol_1") });
    assert_eq!(touched, Refusal::MayNotTouch { role: text("role rol_1") });
    let last = named(Refusal::LastTopRole { role: text("Owner"), workspaces: Vec::new() });
    assert_eq!(last, Refusal::LastTopRole { role: text("Owner"), workspaces: acme() });
    let contact = named(Refusal::BillingContactStays { workspaces: Vec::new() });
    assert_eq!(contact, Refusal::BillingContactStays { workspaces: acme() });
    let other = Refusal::TransferOnly { role: text("owner") };
    assert_eq!(named(other.clone()), other, "it has a name already");
}

#[test]
fn a_request_with_many_mistakes_reports_the_first_of_them() {
    let errors = |count: usize| {
        let error = |number| FieldError::new(format!("/{number}"), "bad", "no");
        (0..count).map(error).collect::<Vec<_>>()
    };
    let reported = |count| match Refusal::unless_valid(errors(count)) {
        Err(Refusal::Fields(errors)) => errors,
        _ => Vec::new(),
    };

    assert_eq!(Refusal::unless_valid(Vec::new()), Ok(()));
    assert_eq!(reported(1), errors(1));
    assert_eq!(reported(MOST_ERRORS + 5), errors(MOST_ERRORS));
}
