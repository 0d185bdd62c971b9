//! Refusals in the words of pages: by what was refused and its data, in the language of the reader, who is “you”.
//!
//! The texts of the API are English and name the member; a page never shows one where it knows the kind.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::denial::{Denial, DenialLimit};
use hallpass_app::gate::Permission;
use hallpass_domain::connection::arrival::Turned;
use hallpass_domain::export_file::state::NoFile;
use hallpass_domain::refusal::Refusal;
use hallpass_web::error::{Cause, Problem, WrongField};

use crate::failure::sentence;
use crate::text::{Language, Text};

/// How many permissions a refusal names.
const NAMED: usize = 12;

/// What is wrong, and what to do about it.
pub(crate) fn of_problem(text: Text, problem: &Problem) -> String {
    match (problem.cause.as_deref(), &*problem.errors) {
        (Some(Cause::Denied(denial)), _) => of_denial(text, denial),
        (None | Some(Cause::Refused(Refusal::Fields(_))), [error]) => of_field(text, error),
        (Some(Cause::Refused(refusal)), _) => of_refusal(text, refusal),
        (None, _) => of_code(text, problem),
    }
}

/// What the reader may not do, and why.
pub(crate) fn of_denial(text: Text, denial: &Denial) -> String {
    let (action, resource) = &denial.names;
    let denied = if denial.limit == DenialLimit::Other || resource.is_empty() {
        text.get("refusal-denied-here")
    } else {
        text!(text, "refusal-denied", action = action.to_lowercase(), resource = resource)
    };
    let limit = match &denial.limit {
        DenialLimit::Uncovered => text.get("refusal-limit-uncovered"),
        DenialLimit::Scopes => text.get("refusal-limit-scopes"),
        DenialLimit::Inactive => text.get("refusal-limit-inactive"),
        DenialLimit::NoTeam => text.get("refusal-limit-no-team"),
        DenialLimit::Visibility => text.get("refusal-limit-visibility"),
        DenialLimit::Level { name: None } => text.get("refusal-limit-no-level"),
        DenialLimit::Level { name: Some(name) } => {
            text!(text, "refusal-limit-level", name = name)
        }
        DenialLimit::Role { name } => text!(text, "refusal-limit-role", name = name),
        DenialLimit::Profile { name, team } => {
            text!(text, "refusal-limit-profile", name = name, team = team)
        }
        DenialLimit::Other => return denied,
    };
    format!("{denied} {limit}")
}

/// Why the gate would not let the reader do something; none where it would.
pub(crate) fn of_permission(
    ctx: &WorkspaceContext,
    text: Text,
    permission: &impl Permission,
) -> Option<String> {
    ctx.denial(permission).map(|denial| of_denial(text, &denial))
}

/// A mistake in a field. The English text of the API has its data.
pub(crate) fn of_field(text: Text, error: &WrongField) -> String {
    of_fault(text, &error.code).unwrap_or_else(|| sentence(&error.detail))
}

/// The words of the code of a mistake, without its data; none for a code without words, and in English.
pub(crate) fn of_fault(text: Text, code: &str) -> Option<String> {
    match text.language {
        Language::English => None,
        Language::German => {
            let key = format!("fault-{}", code.replace('_', "-"));
            CODES.contains(&code).then(|| text.get(&key))
        }
    }
}

/// Why a rule refuses.
pub(crate) fn of_refusal(text: Text, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Fields(errors) => text!(text, "refusal-fields", n = errors.len()),
        Refusal::SignOnTurned(turned) => text.get(of_turned(*turned)),
        Refusal::LastTopRole { role, workspaces } => {
            text!(text, "refusal-last-top-role", role = role, places = places(text, workspaces))
        }
        Refusal::TransferOnly { role } => text!(text, "refusal-transfer-only", role = role),
        Refusal::GrantCeiling { words, .. } => {
            text!(text, "refusal-grant-ceiling", list = first(text, words))
        }
        Refusal::MayNotGive { role } => text!(text, "refusal-may-not-give", role = role),
        Refusal::MayNotTouch { role } => text!(text, "refusal-may-not-touch", role = role),
        Refusal::NoSelfRemoval => text.get("refusal-no-self-removal"),
        Refusal::NoSelfDeactivation => text.get("refusal-no-self-deactivation"),
        Refusal::NoSelfRoleChange => text.get("refusal-no-self-role-change"),
        Refusal::BillingContactStays { workspaces } => {
            text!(text, "refusal-billing-contact-stays", places = places(text, workspaces))
        }
        Refusal::PersonOnly { .. } => text.get("refusal-person-only"),
        Refusal::StillManages => text.get("refusal-still-manages"),
        Refusal::SecondBillingContact => text.get("refusal-second-billing-contact"),
        Refusal::NoSuchVerb { .. } => text.get("refusal-no-such-verb"),
        Refusal::NoSuchLayer { .. } => text.get("refusal-no-such-layer"),
        Refusal::BuiltIn { role } => text!(text, "refusal-built-in", role = role),
        Refusal::BuiltInEntity { entity } => {
            text!(text, "refusal-built-in-entity", entity = entity)
        }
        Refusal::InUse { by, .. } => text!(text, "refusal-in-use", by = by),
        Refusal::NameTaken { name, .. } => text!(text, "refusal-name-taken", name = name),
        Refusal::SlugTaken { slug } => text!(text, "refusal-slug-taken", slug = slug),
        Refusal::AddressTaken => text.get("refusal-address-taken"),
        Refusal::AlreadyMember => text.get("refusal-already-member"),
        Refusal::InactiveMember => text.get("refusal-inactive-member"),
        Refusal::AlreadyInvited { .. } => text.get("refusal-already-invited"),
        Refusal::InvitationExpired { .. } => text.get("refusal-invitation-expired"),
        Refusal::InvitationRevoked => text.get("refusal-invitation-revoked"),
        Refusal::InvitationAccepted => text.get("refusal-invitation-accepted"),
        Refusal::WrongAccount { invited } => {
            text!(text, "refusal-wrong-account", invited = invited)
        }
        Refusal::InvitationOutdated { .. } => text.get("refusal-invitation-outdated"),
        Refusal::Already { .. } => text.get("refusal-already"),
        Refusal::TopRoleOnly { role } => text!(text, "refusal-top-role-only", role = role),
        Refusal::ComparisonOutdated => text.get("refusal-comparison-outdated"),
        Refusal::PreviewOutdated => text.get("refusal-preview-outdated"),
        Refusal::ViewOutdated { .. } => text.get("refusal-view-outdated"),
        Refusal::ViewOnly => text.get("refusal-view-only"),
        Refusal::NotSelfServe { contact, .. } => {
            text!(text, "refusal-not-self-serve", contact = contact)
        }
        Refusal::PlanNeeded { plan, .. } => text!(text, "refusal-plan-needed", plan = plan),
        Refusal::PaymentNeeded { plan, .. } => {
            text!(text, "refusal-payment-needed", plan = plan)
        }
        Refusal::ConnectionUntested => text.get("refusal-connection-untested"),
        Refusal::SignOnFailed => text.get("refusal-sign-on-failed"),
        Refusal::BadCredentials => text.get("refusal-bad-credentials"),
        Refusal::AccountDisabled => text.get("refusal-account-disabled"),
        Refusal::LastOperator => text.get("refusal-last-operator"),
        Refusal::WrongPassword => text.get("refusal-wrong-password"),
        Refusal::WrongCode => text.get("refusal-wrong-code"),
        Refusal::BadPasskey => text.get("refusal-bad-passkey"),
        Refusal::NoPasskeys => text.get("refusal-no-passkeys"),
        Refusal::NoSecondFactor => text.get("refusal-no-second-factor"),
        Refusal::FactorsKept { contact } => {
            text!(text, "refusal-factors-kept", contact = contact)
        }
        Refusal::AddressNotConfirmed { email } => {
            text!(text, "refusal-address-not-confirmed", email = email)
        }
        Refusal::DeadLink => text.get("refusal-dead-link"),
        Refusal::BadSignature => text.get("refusal-bad-signature"),
        Refusal::NotByKey => text.get("refusal-not-by-key"),
        Refusal::KeyRests => text.get("refusal-key-rests"),
        Refusal::TooMany { seconds } => text!(text, "refusal-too-many", seconds = *seconds),
        Refusal::Busy { seconds } => text!(text, "refusal-busy", seconds = *seconds),
        Refusal::TooManyMails { most } => text!(text, "refusal-too-many-mails", most = *most),
        Refusal::NotConfirmed { word } => text!(text, "refusal-not-confirmed", word = word),
        Refusal::Stale => text.get("refusal-stale"),
        Refusal::HistoryIncomplete { .. } => text.get("refusal-history-incomplete"),
        Refusal::NoExportFile(why) => text.get(match why {
            NoFile::Preparing => "refusal-export-preparing",
            NoFile::Outdated => "refusal-export-outdated",
            NoFile::Expired => "refusal-export-expired",
            NoFile::Ended => "refusal-export-ended",
        }),
        Refusal::NoSuchAction { resource, .. } => {
            text!(text, "refusal-no-such-action", resource = resource)
        }
        Refusal::SwitchedOff { resource } => {
            text!(text, "refusal-switched-off", resource = resource)
        }
    }
}

/// The key of why a person whom an identity provider has signed in does not come in.
pub(crate) const fn of_turned(turned: Turned) -> &'static str {
    match turned {
        Turned::AccountDisabled => "refused-account-disabled",
        Turned::NotAMember => "refused-not-a-member",
        Turned::NotInvited => "refused-not-invited",
        Turned::MustConnect => "refused-must-connect",
        Turned::AddressNotProven => "refused-address-not-proven",
        Turned::AnotherPerson => "refused-another-person",
        Turned::GroupsGone => "refused-groups-gone",
        Turned::TooManyGroups => "refused-too-many-groups",
    }
}

/// What is not refused by a rule.
fn of_code(text: Text, problem: &Problem) -> String {
    let key = match problem.code {
        "not_found" => "refusal-missing",
        "too_large" => "refusal-too-large",
        "bad_form" => "refusal-bad-form",
        "too_slow" => "refusal-too-slow",
        "unsettled" => "refusal-unsettled",
        "storage_full" => "refusal-storage-full",
        "storage_failing" => "refusal-storage-failing",
        _ => return sentence(&problem.detail),
    };
    text.get(key)
}

/// The first of many permissions.
fn first(text: Text, words: &[String]) -> String {
    let list = words.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match words.len().saturating_sub(NAMED) {
        0 => list,
        n => text!(text, "refusal-more", list = list, n = n),
    }
}

/// The workspaces by name; the one of the request where none is named.
fn places(text: Text, workspaces: &[String]) -> String {
    match workspaces {
        [] => text.get("refusal-this-workspace"),
        named => first(text, named),
    }
}

/// The mistakes of fields that have a text of their own.
const CODES: [&str; 46] = [
    "missing",
    "unknown",
    "too_many",
    "too_many_exports",
    "too_long",
    "empty",
    "bad_name",
    "bad_text",
    "bad_email",
    "bad_slug",
    "bad_key",
    "bad_locale",
    "bad_time_zone",
    "bad_currency",
    "bad_colour",
    "bad_picture",
    "bad_filter",
    "bad_owner",
    "bad_number",
    "bad_date",
    "bad_day",
    "bad_time",
    "bad_password",
    "weak_password",
    "wrong_code",
    "ambiguous",
    "inactive",
    "taken",
    "domain_not_allowed",
    "not_here",
    "no_such_layer",
    "out_of_range",
    "out_of_reach",
    "unknown_field",
    "unknown_stage",
    "same",
    "same_address",
    "self",
    "yourself",
    "circle",
    "cycle",
    "does_not_manage",
    "before_from",
    "no_levels",
    "no_stages",
    "not_offered",
];

/// The keys of the texts of mistakes: tests look for them in every language.
#[cfg(test)]
pub(crate) fn keys() -> impl Iterator<Item = String> {
    CODES.iter().map(|code| format!("fault-{}", code.replace('_', "-")))
}

#[cfg(test)]
mod tests;
