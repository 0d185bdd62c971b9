//! Members: load, update, deactivate, reactivate, remove, leave.

use std::collections::BTreeMap;

use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor, guard};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Blueprint, Change};

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{
    AnyMember, AnyOf, Leave, ReadMembers, RemoveMembers, UpdateMembers,
};
use crate::gate::{Pass, Permission, WritePermission};
use crate::member::access::{AccessChange, check_landing};
pub(crate) use crate::member::audit_view::audit_view;
pub use crate::member::audit_view::kind;

pub mod access;
mod audit_view;
pub mod choice;
pub mod factor;
pub mod list;
pub mod offer;
pub mod picture;
pub mod several;

/// A change of a member; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// What the member may do.
    pub access: AccessChange,
    /// The page on which the member lands, or none.
    pub landing: Option<Option<String>>,
    /// The other name under which the member works in the workspace, or none.
    pub alias: Option<Option<String>>,
    /// The name of a service account. People choose their own.
    pub name: Option<String>,
}

impl From<AccessChange> for MemberChange {
    fn from(access: AccessChange) -> MemberChange {
        MemberChange { access, ..MemberChange::default() }
    }
}

/// A member, with what is too large for lists.
#[derive(Clone, Debug)]
pub struct MemberDetails {
    /// The member.
    pub member: Member,
    /// The number of their open records that the caller may read, by record type.
    pub open_records: BTreeMap<String, i64>,
    /// The picture of their account, as a `data:` URL.
    pub picture: Option<String>,
    /// Whether they sign in with a second factor.
    pub has_second_factor: bool,
}

/// The members of a workspace.
pub struct Members<'c>(pub(crate) &'c mut WorkspaceContext);

impl Members<'_> {
    /// Loads a member: active, inactive or removed. Every member may load themselves.
    #[boxed]
    pub async fn load(&mut self, id: MemberId) -> Result<MemberDetails, Error> {
        let pass = self.check_read(id).await?;
        let member = self.0.read(&pass)?.members().find(id).await?;
        let member = member.ok_or(Error::Missing { noun: "member" })?;
        let open_records = self.count_open_records(&pass, id).await?;
        let (mut picture, mut has_second_factor) = (None, false);
        if let Some(account) = member.account {
            let found = self.0.read(&pass)?.global().accounts().find(account).await?;
            picture = found.and_then(|account| account.picture);
            has_second_factor =
                self.with_second_factor(&pass, &[account]).await?.contains(&account);
        }
        Ok(MemberDetails { member, open_records, picture, has_second_factor })
    }

    /// Updates a member.
    ///
    /// # Errors
    ///
    /// The refusals of every guard of the access model.
    #[boxed]
    pub async fn update(
        &mut self,
        id: MemberId,
        change: &MemberChange,
    ) -> Result<Member, Error> {
        let pass = self.0.check(UpdateMembers).await?;
        let before = self.load_with(&pass, id).await?;
        self.0.check_version(before.version)?;
        let after = changed(self.0, &pass, &before, change).await?;
        let is_contact = after.access.is_billing_contact;
        if before.access.is_billing_contact == is_contact {
            let kind = ChangeKind::Edit;
            return self.apply(&pass, &before, &after, kind, "member.update").await;
        }
        self.0.billing().check_contact(&before, &after).await?;
        // The flag moves by itself, as its holder has what goes with it, and no more.
        let mut without_flag = after.clone();
        without_flag.access.is_billing_contact = !is_contact;
        let rest = Change::PutMember(without_flag.to_engine());
        self.0.apply(ChangeKind::Edit, &[rest])?;
        self.0.billing().move_contact(&pass, &after).await?;
        self.save(&pass, &before, &after, "member.update").await
    }

    /// Deactivates a member, who keeps what they own and may do nothing.
    ///
    /// # Errors
    ///
    /// `NoSuchVerb` where the access model does not deactivate; `Already`.
    #[boxed]
    pub async fn deactivate(&mut self, id: MemberId) -> Result<Member, Error> {
        let pass = self.0.check(UpdateMembers).await?;
        check_verb(self.0, "deactivate")?;
        self.set_status(&pass, id, Status::Inactive, "member.deactivate").await
    }

    /// Reactivates an inactive member.
    ///
    /// # Errors
    ///
    /// `NoSuchVerb` where the access model does not reactivate; `Already`.
    #[boxed]
    pub async fn reactivate(&mut self, id: MemberId) -> Result<Member, Error> {
        let pass = self.0.check(UpdateMembers).await?;
        check_verb(self.0, "reactivate")?;
        self.set_status(&pass, id, Status::Active, "member.reactivate").await
    }

    /// Removes a member from the workspace. They stay the owner of their records, and keep their
    /// account.
    ///
    /// # Errors
    ///
    /// `NoSuchVerb` where the access model does not remove members.
    #[boxed]
    pub async fn remove(&mut self, id: MemberId) -> Result<(), Error> {
        let pass = self.0.check(RemoveMembers).await?;
        check_verb(self.0, "remove")?;
        let member = self.load_with(&pass, id).await?;
        self.end(&pass, &member, ChangeKind::Remove, "member.remove").await
    }

    /// Ends the caller's own membership.
    ///
    /// # Errors
    ///
    /// `NoSuchVerb` where members do not leave; `NoSelfRemoval`, `LastTopRole`.
    #[boxed]
    pub async fn leave(&mut self) -> Result<(), Error> {
        let pass = self.0.check(Leave).await?;
        let id = self.0.member_id().ok_or_else(no_workspace)?;
        check_leaving(self.0.model().blueprint())?;
        let member = self.load_with(&pass, id).await?;
        self.end(&pass, &member, ChangeKind::Leave, "member.leave").await
    }

    /// Asks the gate for reading a member: every member may read themselves.
    pub(crate) async fn check_read(&mut self, id: MemberId) -> Result<Pass<AnyOf>, Error> {
        let is_self = self.0.member_id() == Some(id);
        self.0
            .check(if is_self { AnyMember.as_any_of() } else { ReadMembers.as_any_of() })
            .await
    }

    /// Loads a member, active or inactive, with the pass of another use case.
    pub(crate) async fn load_with(
        &mut self,
        pass: &Pass<impl Permission>,
        id: MemberId,
    ) -> Result<Member, Error> {
        let member = self.0.read(pass)?.members().find(id).await?;
        let member = member.filter(|member| member.status != Status::Removed);
        member.ok_or(Error::Missing { noun: "member" })
    }

    /// Applies a change of a member with every guard, and commits.
    pub(crate) async fn apply(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Member,
        after: &Member,
        kind: ChangeKind,
        action: &str,
    ) -> Result<Member, Error> {
        self.0.apply(kind, &[Change::PutMember(after.to_engine())])?;
        self.save(pass, before, after, action).await
    }

    /// Saves a member after a change that the guards have allowed, and commits.
    pub(crate) async fn save(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Member,
        after: &Member,
        action: &str,
    ) -> Result<Member, Error> {
        let saved = self.write(pass, before, after, action).await?;
        self.0.commit(pass).await?;
        Ok(saved)
    }

    /// Writes a member after a change that the guards have allowed, with the audit entry.
    pub(crate) async fn write(
        &mut self,
        pass: &Pass<impl WritePermission>,
        before: &Member,
        after: &Member,
        action: &str,
    ) -> Result<Member, Error> {
        let ctx = &mut *self.0;
        let after = after.clone().changed_by(before, ctx.member_id(), ctx.now);
        if !ctx.tx(pass)?.members().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        ctx.record_audit(pass, action, after.id, &audit_view(before), &audit_view(&after))
            .await?;
        Ok(Member { version: after.version + 1, ..after })
    }

    async fn set_status(
        &mut self,
        pass: &Pass<impl WritePermission>,
        id: MemberId,
        status: Status,
        action: &str,
    ) -> Result<Member, Error> {
        let before = self.load_with(pass, id).await?;
        self.0.check_version(before.version)?;
        if before.status == status {
            return Err(Refusal::Already { status: status.word() }.into());
        }
        if status == Status::Inactive && guard::stays_as_contact(self.0.model(), &before) {
            let workspaces = vec![self.0.snapshot().workspace.name.to_string()];
            return Err(Refusal::BillingContactStays { workspaces }.into());
        }
        let after = Member { status, ..before.clone() };
        self.0.apply(ChangeKind::Edit, &[Change::PutMember(after.to_engine())])?;
        set_sign_in(self.0, pass, &before, status).await?;
        self.save(pass, &before, &after, action).await
    }

    async fn end(
        &mut self,
        pass: &Pass<impl WritePermission>,
        member: &Member,
        kind: ChangeKind,
        action: &str,
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        ctx.check_version(member.version)?;
        ctx.apply(kind, &[Change::RemoveMember(member.id.to_string())])?;
        ctx.save_removal(pass, member, action).await?;
        ctx.commit(pass).await.map(drop)
    }
}

/// Returns a member as a change makes them.
async fn changed(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    before: &Member,
    change: &MemberChange,
) -> Result<Member, Error> {
    let mut after = before.clone();
    after.access = access::changed(ctx, pass, &before.access, &change.access).await?;
    let keeps_levels = change.access.levels.is_some()
        || change.access.preset.is_some()
        || guard::has_levels(ctx.model().blueprint(), &after.access.role);
    if !keeps_levels {
        // A role without levels must not leave some that take effect with a later role.
        after.access.levels.clear();
    }
    if let Some(landing) = &change.landing {
        check_landing(ctx, landing.as_deref())?;
        after.landing.clone_from(landing);
    }
    if let Some(name) = &change.name {
        if !after.is_service() {
            let detail =
                "people choose their own name, in their profile; give an alias instead";
            return Err(Refusal::field("/name", "own_name", detail).into());
        }
        let name = Name::parse(name);
        let name = name.map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        after.first_name = name.into_string();
    }
    if let Some(alias) = &change.alias {
        let name = alias.as_deref().map(Name::parse).transpose();
        after.alias =
            name.map_err(|why| Refusal::field("/alias", "bad_name", why.to_string()))?;
    }
    Ok(after)
}

/// Opens or closes a workspace for an account, where the access model signs inactive members out. An
/// account that is open in no workspace loses its sessions and cannot sign in (CRM-138, CRM-139).
async fn set_sign_in(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    member: &Member,
    status: Status,
) -> Result<(), Error> {
    let Some(account) = member.account else { return Ok(()) };
    let workspace = ctx.workspace_id();
    let signs_out = ctx.model().blueprint().membership.signs_out_inactive;
    let global = ctx.tx(pass)?.global();
    match status {
        Status::Active => global.accounts().add_workspace(account, workspace).await?,
        Status::Inactive if signs_out => {
            global.accounts().deactivate_workspace(account, workspace).await?;
            if !global.accounts().may_sign_in(account).await? {
                global.sessions().delete_all(account, None).await?;
            }
        }
        Status::Inactive | Status::Removed => {}
    }
    Ok(())
}

/// Ends a membership because of what an identity provider says, without a commit: the member is
/// inactive, or removed where the access model has no inactive members.
pub(crate) async fn end_by_provider(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    member: &Member,
) -> Result<(), Error> {
    if !has_verb(ctx.model().blueprint(), "deactivate") {
        let removed = Change::RemoveMember(member.id.to_string());
        ctx.apply_for(Grantor::Operator, ChangeKind::Remove, &[removed])?;
        return ctx.save_removal(pass, member, "member.remove").await;
    }
    let after = Member { status: Status::Inactive, ..member.clone() };
    let change = Change::PutMember(after.to_engine());
    ctx.apply_for(Grantor::Operator, ChangeKind::Edit, &[change])?;
    set_sign_in(ctx, pass, member, Status::Inactive).await?;
    ctx.members().write(pass, member, &after, "member.deactivate").await.map(drop)
}

/// Whether the account of a member may sign in: the operator may have disabled it. What a member has
/// promised to others counts only then.
pub(crate) async fn may_sign_in(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    member: MemberId,
) -> Result<bool, Error> {
    let found = ctx.read(pass)?.members().list_who_may_sign_in(&[member]).await?;
    Ok(found.contains(&member))
}

/// Checks that memberships of the access model have a verb.
fn check_verb(ctx: &WorkspaceContext, verb: &'static str) -> Result<(), Refusal> {
    if has_verb(ctx.model().blueprint(), verb) {
        return Ok(());
    }
    Err(Refusal::NoSuchVerb { verb })
}

/// Where members do not remove themselves, leaving would be just that.
fn check_leaving(blueprint: &Blueprint) -> Result<(), Refusal> {
    if has_verb(blueprint, "leave") {
        Ok(())
    } else if guard::has_guard(blueprint, "no_self_removal") {
        Err(Refusal::NoSelfRemoval)
    } else {
        Err(Refusal::NoSuchVerb { verb: "leave" })
    }
}

fn has_verb(blueprint: &Blueprint, verb: &str) -> bool {
    blueprint.membership.verbs.iter().any(|known| known == verb)
}
