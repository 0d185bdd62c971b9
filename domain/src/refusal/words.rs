//! The text of a refusal: what is wrong, and what to do about it.

use std::fmt;

use super::{FieldError, Refusal};
use crate::connection::arrival::Turned;
use crate::export_file::state::NoFile;
use crate::text::shortlist;

/// How many permissions a refusal says in words.
const MOST_PHRASES: usize = 12;

impl fmt::Display for Refusal {
    #[expect(clippy::too_many_lines, reason = "one sentence for each variant")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Fields(errors) => {
                f.write_str(&errors.iter().map(sentence).collect::<Vec<_>>().join("; "))
            }
            Refusal::LastTopRole { role, workspaces } => write!(
                f,
                "{} would have no active {role}; promote a member to {role} first",
                places(workspaces)
            ),
            Refusal::TransferOnly { role } => write!(
                f,
                "the role {role} has exactly one holder; transfer the ownership instead"
            ),
            Refusal::GrantCeiling { words, .. } => write!(
                f,
                "you cannot grant permissions that you do not hold: {}; leave them out, or ask a \
                 member who holds them",
                phrases(words)
            ),
            Refusal::MayNotGive { role } => write!(
                f,
                "your role cannot give the role {role}; choose another role, or ask a member with \
                 a higher one"
            ),
            Refusal::MayNotTouch { role } => write!(
                f,
                "your role cannot change a member with the role {role}; ask a member with a \
                 higher role"
            ),
            Refusal::NoSelfRemoval => {
                f.write_str("you cannot remove yourself here; ask another administrator")
            }
            Refusal::NoSelfDeactivation => {
                f.write_str("you cannot deactivate yourself; ask another administrator")
            }
            Refusal::NoSelfRoleChange => {
                f.write_str("you cannot change your own role here; ask another administrator")
            }
            Refusal::BillingContactStays { workspaces } => write!(
                f,
                "the billing contact of {} must stay an active member; transfer the billing \
                 contact to another member first",
                places(workspaces)
            ),
            Refusal::PersonOnly { what } => {
                write!(f, "a service account cannot {what}; choose a person")
            }
            Refusal::StillManages => f.write_str(
                "members are assigned to this manager, and the new role does not manage; assign \
                 them to another manager first",
            ),
            Refusal::SecondBillingContact => f.write_str(
                "a workspace has at most one billing contact; transfer the billing contact instead",
            ),
            Refusal::NoSuchVerb { verb } => write!(
                f,
                "this workspace's access model does not have `{verb}` for members; \
                 `membership.verbs` of its blueprint lists what it has"
            ),
            Refusal::NoSuchLayer { layer } => {
                write!(f, "this workspace's access model has no {layer}")
            }
            Refusal::BuiltIn { role } => write!(
                f,
                "the role {role} is built in and cannot be changed or deleted; create a custom \
                 role instead"
            ),
            Refusal::BuiltInEntity { entity } => write!(
                f,
                "{entity} is part of the access model and cannot be deleted; switch it off instead"
            ),
            Refusal::InUse { noun, by } => {
                write!(f, "the {noun} is in use by {by}; change that first")
            }
            Refusal::NameTaken { noun, name } => {
                write!(f, "a {noun} named `{name}` already exists; choose another name")
            }
            Refusal::SlugTaken { slug } => {
                write!(f, "the slug `{slug}` is taken; choose another")
            }
            Refusal::AddressTaken => {
                f.write_str("an account with this email address already exists; sign in instead")
            }
            Refusal::AlreadyMember => {
                f.write_str("a member of this workspace has this email address already")
            }
            Refusal::InactiveMember => f.write_str(
                "a member of this workspace has this email address and is inactive; reactivate \
                 them instead",
            ),
            Refusal::AlreadyInvited { invitation } => write!(
                f,
                "this email address has a pending invitation, `{invitation}`; resend or revoke it"
            ),
            Refusal::InvitationExpired { at } => {
                write!(f, "the invitation expired at `{at}`; ask for a new one")
            }
            Refusal::InvitationRevoked => f.write_str(
                "the invitation was revoked or replaced by a newer one; ask for a new one",
            ),
            Refusal::InvitationAccepted => {
                f.write_str("the invitation was accepted already; sign in instead")
            }
            Refusal::WrongAccount { invited } => write!(
                f,
                "the invitation is for `{invited}`; sign in with that address to accept it"
            ),
            Refusal::InvitationOutdated { why } => write!(
                f,
                "the invitation can no longer be accepted: {why}; send a new one, or ask for one"
            ),
            Refusal::Already { status } => write!(f, "it is already {status}"),
            Refusal::TopRoleOnly { role } => {
                write!(f, "only a member with the role {role} can replace the access model")
            }
            Refusal::ComparisonOutdated => f.write_str(
                "this was not compared with the workspace as it is now; compare it again",
            ),
            Refusal::PreviewOutdated => f.write_str(
                "this change has another effect than its preview has shown; preview it again",
            ),
            Refusal::ViewOutdated { faults } => write!(
                f,
                "this view is outdated: {}; update it, or delete it",
                faults.iter().map(sentence).collect::<Vec<_>>().join("; ")
            ),
            Refusal::ViewOnly => f.write_str(
                "you are viewing the workspace as another member, which changes nothing; end the view first",
            ),
            Refusal::NotSelfServe { what, contact } => {
                write!(f, "members cannot {what} here; contact support ({contact})")
            }
            Refusal::PlanNeeded { entitlement, plan } => write!(
                f,
                "`{entitlement}` needs the plan {plan} or a higher one; change the plan"
            ),
            Refusal::PaymentNeeded { plan, portal: Some(portal) } => {
                write!(f, "the plan {plan} has to be paid first; choose it at {portal}")
            }
            Refusal::PaymentNeeded { plan, portal: None } => write!(
                f,
                "the plan {plan} has to be paid first; choose it where you pay your invoices"
            ),
            Refusal::ConnectionUntested => f.write_str(
                "test the connection first: people sign in by it after a test that went well",
            ),
            Refusal::SignOnFailed => {
                f.write_str("signing in at the identity provider did not work; start again")
            }
            Refusal::SignOnTurned(turned) => f.write_str(match turned {
                Turned::AccountDisabled => "your account is disabled; ask the operator of this server",
                Turned::NotAMember => "you are not a member of this workspace any more",
                Turned::NotInvited => "you are not invited to this workspace; ask for an invitation",
                Turned::MustConnect => {
                    "your address has an account; sign in to it, and connect it in your profile"
                }
                Turned::AddressNotProven => {
                    "the identity provider may not speak for your address in this workspace"
                }
                Turned::AnotherPerson => {
                    "at the identity provider you are another person than here; connect your \
                     account, or sign in there as yourself"
                }
                Turned::GroupsGone => {
                    "your groups at the identity provider no longer let you in; your membership has \
                     ended"
                }
                Turned::TooManyGroups => {
                    "the identity provider did not send all your groups, as they are too many; ask \
                     its administrators to send only those of this application"
                }
            }),
            Refusal::BadCredentials => f.write_str("wrong email address or password"),
            Refusal::AccountDisabled => f.write_str("the account is disabled; enable it first"),
            Refusal::LastOperator => f.write_str(
                "no other account can open the operator's console; make another one an operator first",
            ),
            Refusal::WrongPassword => f.write_str("the current password is wrong"),
            Refusal::WrongCode => f.write_str(
                "the code is wrong, too old or was used before; type the one that the app shows now, \
                 or a recovery code that you have not used",
            ),
            Refusal::BadPasskey => {
                f.write_str("the passkey was not accepted; try again, or use another way to sign in")
            }
            Refusal::NoPasskeys => f.write_str(
                "browsers make no passkeys for the address of this server; the operator can set \
                 `base_url` to an address with a host name and TLS",
            ),
            Refusal::NoSecondFactor => f.write_str(
                "there is no second factor; add an authenticator app or a passkey first",
            ),
            Refusal::FactorsKept { contact } => write!(
                f,
                "the second factors of this member cannot be reset from here; ask {contact}"
            ),
            Refusal::AddressNotConfirmed { email } => write!(
                f,
                "the address `{email}` is not confirmed; open the link in the mail that was sent to \
                 it, or reset the password of the account"
            ),
            Refusal::DeadLink => {
                f.write_str("the link is unknown, used or expired; request a new one")
            }
            Refusal::BadSignature => f.write_str(
                "the signature is wrong or too old; check the configured secret and the clock",
            ),
            Refusal::NotByKey => f.write_str(
                "an API key acts only in its workspace and cannot create API keys; sign in instead",
            ),
            Refusal::KeyRests => f.write_str(
                "the member who created this API key may no longer act for its member; create a \
                 new key",
            ),
            Refusal::TooMany { seconds } => {
                write!(f, "too many attempts; try again in {seconds} seconds")
            }
            Refusal::Busy { seconds } => {
                write!(f, "the server is busy; try again in {seconds} seconds")
            }
            Refusal::TooManyMails { most } => write!(
                f,
                "a workspace sends at most {most} mails a day; try again tomorrow, or ask the operator"
            ),
            Refusal::NotConfirmed { word } => {
                write!(f, "not confirmed; send exactly `{word}`")
            }
            Refusal::NoExportFile(why) => f.write_str(match why {
                NoFile::Preparing => "the file is not ready; wait until the export is done",
                NoFile::Outdated => {
                    "you can read less than when this file was made; make the export again"
                }
                NoFile::Expired => "the file has expired, or was deleted; make the export again",
                NoFile::Ended => {
                    "the export ended before its file was whole; make the export again"
                }
            }),
            Refusal::Stale => f.write_str(
                "it was changed since you read it; read it again and repeat your change",
            ),
            Refusal::HistoryIncomplete { why } => write!(
                f,
                "the workspace cannot be shown as it was then: {why}; choose a later entry"
            ),
            Refusal::NoSuchAction { resource, action, known } => write!(
                f,
                "{resource}: no action `{action}` that can be done this way; actions: {}",
                named(known)
            ),
            Refusal::SwitchedOff { resource } => write!(
                f,
                "{resource} is switched off in this workspace; switch it on in the settings first"
            ),
        }
    }
}

fn sentence(error: &FieldError) -> String {
    match error.pointer.as_str() {
        "" => error.detail.clone(),
        pointer => format!("`{pointer}`: {}", error.detail),
    }
}

fn named(words: &[String]) -> String {
    shortlist(words.iter().map(String::as_str))
}

/// Verb phrases with commas, the first of many.
fn phrases(words: &[String]) -> String {
    let first: Vec<&str> = words.iter().take(MOST_PHRASES).map(String::as_str).collect();
    match words.len().saturating_sub(first.len()) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// The workspaces by name; the one of the request where none is named.
fn places(workspaces: &[String]) -> String {
    if workspaces.is_empty() { "the workspace".to_owned() } else { named(workspaces) }
}
