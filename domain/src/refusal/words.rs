//! What people read when a rule says no: what is so, and what to do about it.

use std::fmt;

use super::Refusal;

#[expect(clippy::too_many_lines, reason = "one sentence for each reason")]
pub(super) fn say(refusal: &Refusal, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match refusal {
        Refusal::Fields(errors) => {
            let one = |error: &super::FieldError| match error.pointer.as_str() {
                "" => error.detail.clone(),
                pointer => format!("`{pointer}`: {}", error.detail),
            };
            f.write_str(&errors.iter().map(one).collect::<Vec<_>>().join("; "))
        }
        Refusal::LastTopRole { role, workspaces } => write!(
            f,
            "{} would be left without an active {role}: make somebody else {role} first",
            places(workspaces)
        ),
        Refusal::TransferOnly { role } => write!(
            f,
            "there is exactly one {role}: the role changes hands by transferring ownership only"
        ),
        Refusal::GrantCeiling { rights } => write!(
            f,
            "nobody gives more than they hold, and you do not hold {}: \
             leave it out, or ask somebody who does",
            listed(rights)
        ),
        Refusal::MayNotGive { role } => write!(
            f,
            "your role may not give the role {role}: choose another, or ask somebody whose role may"
        ),
        Refusal::MayNotTouch { role } => write!(
            f,
            "your role may not change a holder of the role {role}: ask somebody whose role may"
        ),
        Refusal::NoSelfRemoval => {
            f.write_str("nobody removes themselves here: ask another administrator")
        }
        Refusal::NoSelfDeactivation => {
            f.write_str("nobody deactivates themselves: ask another administrator")
        }
        Refusal::NoSelfRoleChange => {
            f.write_str("nobody changes their own role here: ask another administrator")
        }
        Refusal::BillingContactStays { workspaces } => write!(
            f,
            "the billing contact of {} cannot go: transfer billing to somebody else first",
            places(workspaces)
        ),
        Refusal::SecondBillingContact => {
            f.write_str("there is one billing contact at most: transfer billing instead")
        }
        Refusal::NoSuchVerb { verb } => write!(
            f,
            "this workspace's access model does not {verb} members: see `membership.verbs` of its \
             blueprint for what it does"
        ),
        Refusal::NoSuchLayer { layer } => {
            write!(f, "this workspace's access model has no {layer}")
        }
        Refusal::BuiltIn { role } => {
            write!(f, "the built-in role {role} is fixed: make a role of your own instead")
        }
        Refusal::BuiltInEntity { entity } => {
            write!(f, "{entity} belongs to the access model and stays: switch it off instead")
        }
        Refusal::InUse { noun, by } => {
            write!(f, "the {noun} is in use by {by}: change them first")
        }
        Refusal::NameTaken { noun, name } => {
            write!(f, "there is a {noun} named `{name}` already: choose another name")
        }
        Refusal::SlugTaken { slug } => {
            write!(f, "the slug `{slug}` is taken: choose another")
        }
        Refusal::AddressTaken => {
            f.write_str("there is an account with this address: sign in instead")
        }
        Refusal::AlreadyMember => f.write_str("this address is a member's already"),
        Refusal::AlreadyInvited { invitation } => write!(
            f,
            "this address has a pending invitation, `{invitation}`: resend or revoke that one"
        ),
        Refusal::InvitationExpired { at } => {
            write!(f, "the invitation expired at `{at}`: ask for a new one")
        }
        Refusal::InvitationRevoked => f.write_str(
            "the invitation was revoked, or replaced by a newer mail: ask for a new one",
        ),
        Refusal::InvitationAccepted => {
            f.write_str("the invitation was accepted already: sign in instead")
        }
        Refusal::WrongAccount { invited } => write!(
            f,
            "the invitation is for `{invited}`: sign in with that address to accept it"
        ),
        Refusal::InvitationOutdated { why } => write!(
            f,
            "whoever invited you could not give this any more ({why}): ask for a new invitation"
        ),
        Refusal::Already { status } => write!(f, "it is {status} already"),
        Refusal::NotSelfServe { what, contact } => {
            write!(f, "members cannot {what} here: contact support ({contact})")
        }
        Refusal::PlanNeeded { entitlement, plan } => {
            write!(
                f,
                "`{entitlement}` comes with the plan {plan} and those above: change the plan"
            )
        }
        Refusal::BadCredentials => f.write_str("address and password do not go together"),
        Refusal::WrongPassword => f.write_str("this is not your present password"),
        Refusal::DeadLink => {
            f.write_str("the link is unknown, was used, or is too old: ask for a new one")
        }
        Refusal::BadSignature => f.write_str(
            "the message is not signed with the secret that is configured here, or not just now",
        ),
        Refusal::NotByKey => f.write_str(
            "an API key acts in its workspace only and makes no other key: sign in for this",
        ),
        Refusal::KeyRests => f.write_str(
            "whoever made this API key may not act for its member any more: ask for a new key",
        ),
        Refusal::TooMany { seconds } => {
            write!(f, "too many attempts: try again in {seconds} seconds")
        }
        Refusal::NotConfirmed { word } => {
            write!(f, "confirm it by sending exactly `{word}`")
        }
        Refusal::Stale => f.write_str(
            "somebody changed it since you read it: read it again and repeat your change",
        ),
        Refusal::NoSuchAction { resource, action, known } => write!(
            f,
            "`{resource}` has no action `{action}` to be done so; it has {}",
            listed(known)
        ),
        Refusal::SwitchedOff { resource } => {
            write!(f, "{resource} is switched off in this workspace")
        }
    }
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The workspaces by name; where none is named, the one that was asked about.
fn places(workspaces: &[String]) -> String {
    if workspaces.is_empty() { "the workspace".to_owned() } else { listed(workspaces) }
}
