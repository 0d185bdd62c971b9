//! The members and invitations of a file.

use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, InvitationId, MemberId};
use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_engine::Visibility;
use uuid::Uuid;

use super::form::{InvitationForm, MemberForm};
use super::reading::{Ids, Wrong, known, name, teams, text, word};

/// The access that the line of a member or of an invitation names, in the same fields.
macro_rules! access {
    ($form:ident, $ids:ident) => {
        MemberAccess {
            role: $ids.role(&word(&$form.role)?),
            levels: $form.levels.into_iter().collect(),
            visibility: known(
                Visibility::parse(&$form.visibility),
                "visibility",
                &$form.visibility,
            )?,
            department: $form.department.map(|id| $ids.of(id.0)),
            manager: $ids.member($form.manager),
            teams: teams(&$form.teams, $ids)?,
            is_billing_contact: $form.billing_contact,
        }
    };
}

pub(super) fn member(form: MemberForm, id: MemberId, ids: Ids) -> Result<Member, Wrong> {
    let status = known(Status::parse(&form.status), "status", &form.status)?;
    let is_present = status != Status::Removed;
    if is_present && !form.service_account {
        let _: Email = text(Email::parse(&form.email))?;
    }
    if form.service_account != form.email.is_empty() {
        return Err(vec!["a member has an address, and a service account has none".to_owned()]);
    }
    let last_name = if form.last_name.is_empty() { None } else { Some(name(&form.last_name)?) };
    Ok(Member {
        id,
        // Another one than its own id, until its account is known.
        account: (!form.service_account).then_some(AccountId(Uuid::nil())),
        first_name: name(&form.first_name)?.into_string(),
        last_name: last_name.map(Name::into_string).unwrap_or_default(),
        email: word(&form.email)?,
        alias: form.alias.as_deref().map(name).transpose()?,
        status,
        access: access!(form, ids),
        landing: form.landing.as_deref().map(word).transpose()?,
        joined_at: form.joined_at,
        role_since: form.role_since,
        role_by: ids.member(form.role_by),
        seen_at: form.seen_at,
        version: 1,
    })
}

pub(super) fn invitation(
    form: InvitationForm,
    id: InvitationId,
    ids: Ids,
) -> Result<Invitation, Wrong> {
    Ok(Invitation {
        id,
        email: text(Email::parse(&form.email))?,
        name: form.name.as_deref().map(word).transpose()?,
        access: access!(form, ids),
        landing: form.landing.as_deref().map(word).transpose()?,
        state: known(InvitationState::parse(&form.state), "state", &form.state)?,
        invited_by: ids.member(form.invited_by),
        invited_at: form.invited_at,
        expires_at: form.expires_at,
        version: 1,
    })
}
