//! Service accounts: list, create. A service account is a member that is a program: it has a role like
//! every member and API keys, and no one signs in as it. It is changed, deactivated and removed as members
//! are.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::Change;

use crate::account::confirmation::check_actor_confirmed;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{Invite, ReadMembers};
use crate::gate::{Pass, Permission};
use crate::member::access::{self, AccessChange};
use crate::member::audit_view;

/// How many service accounts a workspace has at most, active and inactive.
pub const MOST_SERVICE_ACCOUNTS: usize = 100;

/// A request to create a service account.
#[derive(Clone, Debug, Default)]
pub struct NewServiceAccount {
    /// The display name.
    pub name: String,
    /// What it may do; the role is required.
    pub access: AccessChange,
}

/// The service accounts of a workspace.
pub struct ServiceAccounts<'c>(pub(crate) &'c mut WorkspaceContext);

impl ServiceAccounts<'_> {
    /// Lists the service accounts, active and inactive, by id.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<Member>, Error> {
        let pass = self.0.check(ReadMembers).await?;
        let ids: Vec<MemberId> = self.0.model().services().map(|(id, _)| id).collect();
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(self.0.read(&pass)?.members().find(id).await?);
        }
        Ok(found)
    }

    /// Creates a service account. It takes what inviting a person with the same access takes.
    ///
    /// # Errors
    ///
    /// The refusals of an invitation; `PersonOnly` for what only a person can have; `Fields`.
    #[boxed]
    pub async fn create(&mut self, new: &NewServiceAccount) -> Result<Member, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(Invite).await?;
        check_actor_confirmed(ctx, &pass).await?;
        let (name, access) = check(ctx, &pass, new).await?;
        if ctx.model().services().count() >= MOST_SERVICE_ACCOUNTS {
            let detail = format!(
                "the workspace has {MOST_SERVICE_ACCOUNTS} service accounts; remove some first"
            );
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let member = Member {
            id: ctx.id(),
            account: None,
            first_name: name.into_string(),
            last_name: String::new(),
            email: String::new(),
            alias: None,
            status: Status::Active,
            access,
            landing: None,
            joined_at: ctx.now,
            role_since: ctx.now,
            role_by: ctx.member_id(),
            seen_at: None,
            version: 1,
        };
        ctx.apply(ChangeKind::Join, &[Change::PutMember(member.to_engine())])?;
        ctx.expect_service(member.id, &member.first_name);
        ctx.tx(&pass)?.members().insert(&member).await?;
        let view = audit_view(&member);
        ctx.record_audit(&pass, "member.create", member.id, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(member)
    }
}

/// Checks the name and the access of a new service account, and reports every mistake of both.
async fn check(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    new: &NewServiceAccount,
) -> Result<(Name, MemberAccess), Error> {
    let mut errors = Vec::new();
    let name = Name::parse(&new.name);
    let name = name.map_err(|why| FieldError::new("/name", "bad_name", why.to_string()));
    let name = name.map_err(|error| errors.push(error)).ok();
    let access = match &new.access.role {
        Some(role) => match access::create(ctx, pass, role, &new.access).await {
            Err(Error::Refused(Refusal::Fields(wrong))) => {
                errors.extend(wrong);
                None
            }
            access => Some(access?),
        },
        None => {
            errors.push(FieldError::missing("/role"));
            None
        }
    };
    match (name, access) {
        (Some(name), Some(access)) => Ok((name, access)),
        _ => Err(Refusal::Fields(errors).into()),
    }
}
