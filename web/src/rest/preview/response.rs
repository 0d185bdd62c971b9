//! What a preview shows.

use hallpass_app::preview::{
    ActionPreview, ActionTotal, MemberPreview, Preview, PreviewPosition,
};
use hallpass_domain::api_key::ApiKey;
use hallpass_domain::invitation::{Invitation, Outdated};
use hallpass_domain::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::cursor;
use crate::error::Problem;
use crate::extract::field_id;
use crate::openapi::scalar;

/// The name of the list of people in cursors.
pub(super) const LIST: &str = "preview";

/// What a change would do. Nothing has been changed.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewResponse {
    /// Whether the request would be accepted.
    allowed: bool,
    /// The response that would refuse it, as the route of the change sends it; null where it is allowed.
    refused: Option<Value>,
    /// The id of the preview, for the header `Hallpass-Preview` of the real request; null where it is
    /// refused.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    preview: Option<String>,
    /// How many people gain or lose each action, by the keys of resource and action. About the caller
    /// only, where they may not read members.
    totals: Vec<ActionTotalResponse>,
    /// The people who gain or lose anything, the largest change first.
    members: Vec<MemberPreviewResponse>,
    /// The cursor of the next page of people; null on the last one.
    #[schema(value_type = Option<scalar::Cursor>)]
    next_cursor: Option<String>,
    /// How many people gain or lose anything; null for a caller who may not read members.
    #[schema(minimum = 0)]
    total: Option<usize>,
    /// The API keys that would stop working; null for a caller who may not read them.
    api_keys: Option<Vec<StoppedKey>>,
    /// The open invitations that could no longer be accepted; null for a caller who may not read members.
    invitations: Option<Vec<StoppedInvitation>>,
}

/// How many people gain or lose an action.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActionTotalResponse {
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    action: String,
    /// How many people can do it to more than before.
    #[schema(minimum = 0)]
    gaining: usize,
    /// How many people can no longer do it to all that they could.
    #[schema(minimum = 0)]
    losing: usize,
}

/// What a person would gain and lose.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberPreviewResponse {
    /// The id of the member; null for a person who would be invited, for a service account that would be
    /// created, and for what is no member.
    #[schema(value_type = Option<scalar::MemberId>)]
    member: Option<String>,
    /// Their name, as far as the caller may know it.
    name: Option<String>,
    /// The address of a person who would be invited.
    #[schema(value_type = Option<scalar::Email>)]
    invited: Option<String>,
    /// The actions that change.
    changes: Vec<ActionPreviewResponse>,
    /// What their navigation shows in addition, by the keys of resources.
    #[schema(value_type = Vec<scalar::Key>)]
    shown: Vec<String>,
    /// What their navigation shows no longer.
    #[schema(value_type = Vec<scalar::Key>)]
    hidden: Vec<String>,
}

/// An action that changes for a person.
#[derive(Serialize, ToSchema)]
pub(super) struct ActionPreviewResponse {
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    action: String,
    /// The reach before, such as `own + assigned`.
    before: String,
    /// The reach after.
    after: String,
    /// Whether it covers more than before.
    gains: bool,
    /// Whether it no longer covers all that it did.
    loses: bool,
    /// How many records it covers in addition, of those that the caller may read; null for what are no
    /// records.
    #[schema(minimum = 0)]
    records_gained: Option<i64>,
    /// How many records it covers no longer, of those that the caller may read.
    #[schema(minimum = 0)]
    records_lost: Option<i64>,
}

/// An API key that would stop working.
#[derive(Serialize, ToSchema)]
pub(super) struct StoppedKey {
    /// The id of the key.
    #[schema(value_type = scalar::ApiKeyId)]
    id: String,
    /// Its name.
    name: String,
    /// The id of the member for whom it acts.
    #[schema(value_type = scalar::MemberId)]
    member: String,
}

/// An invitation that could no longer be accepted.
#[derive(Serialize, ToSchema)]
pub(super) struct StoppedInvitation {
    /// The id of the invitation.
    #[schema(value_type = scalar::InvitationId)]
    id: String,
    /// The address.
    #[schema(value_type = scalar::Email)]
    email: String,
    /// Why, in a sentence.
    reason: String,
}

/// Reads the place after which a page of people begins.
pub(crate) fn position(list: &str, cursor: &str) -> Result<PreviewPosition, Problem> {
    let (changes, member): (usize, String) = cursor::read(list, cursor)?;
    Ok((changes, field_id("/cursor", &member)?))
}

impl PreviewResponse {
    /// The response for a change that is refused.
    pub(super) fn refused(problem: Value) -> PreviewResponse {
        PreviewResponse {
            allowed: false,
            refused: Some(problem),
            preview: None,
            totals: Vec::new(),
            members: Vec::new(),
            next_cursor: None,
            total: None,
            api_keys: None,
            invitations: None,
        }
    }

    /// The response for a change that is allowed.
    pub(super) fn of(preview: Preview) -> PreviewResponse {
        let last = preview.members.last().filter(|_| preview.has_more);
        let position = last.map(|last| (last.changes.len(), last.member));
        let keys = preview.api_keys;
        let invitations = preview.invitations;
        PreviewResponse {
            allowed: true,
            refused: None,
            preview: Some(preview.id),
            totals: preview.totals.into_iter().map(ActionTotalResponse::from).collect(),
            members: preview.members.into_iter().map(MemberPreviewResponse::from).collect(),
            next_cursor: position
                .map(|(changes, member)| cursor::write(LIST, &(changes, member.to_string()))),
            total: preview.total,
            api_keys: keys.map(|keys| keys.into_iter().map(StoppedKey::from).collect()),
            invitations: invitations
                .map(|stopped| stopped.into_iter().map(StoppedInvitation::from).collect()),
        }
    }
}

impl From<ActionTotal> for ActionTotalResponse {
    fn from(total: ActionTotal) -> ActionTotalResponse {
        let ActionTotal { resource, action, gaining, losing } = total;
        ActionTotalResponse { resource, action, gaining, losing }
    }
}

impl MemberPreviewResponse {
    /// The same about something that is no member.
    pub(crate) fn without_member(self) -> MemberPreviewResponse {
        MemberPreviewResponse { member: None, ..self }
    }
}

impl From<MemberPreview> for MemberPreviewResponse {
    fn from(preview: MemberPreview) -> MemberPreviewResponse {
        let MemberPreview { member, is_newcomer, name, invited, changes, shown, hidden } =
            preview;
        MemberPreviewResponse {
            member: (!is_newcomer).then(|| member.to_string()),
            name,
            invited: invited.map(|email| email.to_string()),
            changes: changes.into_iter().map(ActionPreviewResponse::from).collect(),
            shown,
            hidden,
        }
    }
}

impl From<ActionPreview> for ActionPreviewResponse {
    fn from(change: ActionPreview) -> ActionPreviewResponse {
        ActionPreviewResponse {
            resource: change.resource,
            action: change.action,
            before: change.before,
            after: change.after,
            gains: change.gains,
            loses: change.loses,
            records_gained: change.records_gained,
            records_lost: change.records_lost,
        }
    }
}

impl From<ApiKey> for StoppedKey {
    fn from(key: ApiKey) -> StoppedKey {
        StoppedKey { id: key.id.to_string(), name: key.name, member: key.member.to_string() }
    }
}

impl From<(Invitation, Outdated)> for StoppedInvitation {
    fn from((invitation, outdated): (Invitation, Outdated)) -> StoppedInvitation {
        StoppedInvitation {
            id: invitation.id.to_string(),
            email: invitation.email.to_string(),
            reason: Refusal::from(outdated).to_string(),
        }
    }
}
