//! Members: listing, changing, deactivating, removing, leaving.

pub mod list;

use hallpass_domain::id::{DepartmentId, MemberId};
use hallpass_domain::member::{Member, MemberAccessChange, Status};
use hallpass_domain::model::{ChangeKind, guard};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::Change;
use serde_json::{Value, json};

use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{AnyMember, AnyOf, ReadMembers, RemoveMembers, UpdateMembers};
use crate::gate::{Pass, Permission};

/// What somebody asks to change about a member; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// What access depends on.
    pub access: MemberAccessChange,
    /// Where they land, or none.
    pub landing: Option<Option<String>>,
}

/// A member that there is not, or not any more.
fn no_member() -> Error {
    Error::Missing { noun: "member" }
}

impl WorkspaceContext {
    /// A member, active or inactive.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`. Everybody may look at themselves.
    pub async fn load_member(&mut self, id: MemberId) -> Result<Member, Error> {
        let pass = self.check_looking_at(id).await?;
        self.present_member(&pass, id).await
    }

    /// Everybody may look at themselves, whoever may see people at anybody.
    pub(crate) async fn check_looking_at(
        &mut self,
        id: MemberId,
    ) -> Result<Pass<AnyOf>, Error> {
        let is_me = self.member_id() == Some(id);
        self.check(if is_me { AnyMember.as_any_of() } else { ReadMembers.as_any_of() }).await
    }

    /// The picture that a member chose for their account, if any.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::load_member`].
    pub async fn picture_of(&mut self, member: &Member) -> Result<Option<String>, Error> {
        // Whoever has just changed them sees this too, also where they may not read members.
        let pass = self.check(AnyMember).await?;
        let account = self.tx(&pass)?.global().accounts().find(member.account).await?;
        Ok(account.and_then(|account| account.picture))
    }

    /// A member who is there, active or inactive.
    pub(crate) async fn present_member(
        &mut self,
        pass: &Pass<impl Permission>,
        id: MemberId,
    ) -> Result<Member, Error> {
        let member = self.tx(pass)?.members().find(id).await?;
        member.filter(|member| member.status != Status::Removed).ok_or_else(no_member)
    }

    /// Changes a member. With a version, only if nobody else did since it was read.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `Stale`, and whatever guard says no.
    pub async fn change_member(
        &mut self,
        id: MemberId,
        change: &MemberChange,
        version: Option<i64>,
    ) -> Result<Member, Error> {
        let pass = self.check(UpdateMembers).await?;
        let before = self.present_member(&pass, id).await?;
        check_version(before.version, version)?;
        let mut after = before.clone();
        after.access = before.access.change(self.model().blueprint(), &change.access)?;
        if !guard::has_levels(self.model().blueprint(), &after.access.role)
            && change.access.levels.is_none()
            && change.access.preset.is_none()
        {
            // Levels do not lie dormant behind a role that has none.
            after.access.levels.clear();
        }
        self.check_references(&change.access)?;
        if let Some(landing) = &change.landing {
            self.check_landing(landing.as_deref())?;
            after.landing.clone_from(landing);
        }
        if before.access.is_billing_contact == after.access.is_billing_contact {
            return self
                .put_member(&pass, &before, &after, ChangeKind::Edit, "member.update")
                .await;
        }
        self.billing().check_contact(&before, &after).await?;
        // The flag is handed over beside the rest: its holder gives what goes with it, and no more.
        self.apply(
            ChangeKind::Edit,
            &[Change::PutMember(with_flag_of(&before, &after).to_engine())],
        )?;
        self.billing().move_contact(&pass, &after).await?;
        self.keep_member(&pass, &before, &after, "member.update").await
    }

    /// Makes a member inactive: nothing is theirs to do, everything they own stays theirs.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `NoSuchVerb`, `Already`, and whatever guard says no.
    pub async fn deactivate_member(&mut self, id: MemberId) -> Result<Member, Error> {
        let pass = self.check(UpdateMembers).await?;
        self.check_verb("deactivate")?;
        self.set_status(&pass, id, Status::Inactive, "member.deactivate").await
    }

    /// Makes an inactive member active again.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::deactivate_member`].
    pub async fn reactivate_member(&mut self, id: MemberId) -> Result<Member, Error> {
        let pass = self.check(UpdateMembers).await?;
        self.check_verb("reactivate")?;
        self.set_status(&pass, id, Status::Active, "member.reactivate").await
    }

    /// Takes a member out of the workspace. What they own stays theirs; their account stays.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `NoSuchVerb`, and whatever guard says no.
    pub async fn remove_member(&mut self, id: MemberId) -> Result<(), Error> {
        let pass = self.check(RemoveMembers).await?;
        self.check_verb("remove")?;
        let member = self.present_member(&pass, id).await?;
        self.end(&pass, &member, ChangeKind::Remove, "member.remove").await
    }

    /// Leaves the workspace.
    ///
    /// # Errors
    ///
    /// `NoSuchVerb`, and whatever guard says no.
    pub async fn leave(&mut self) -> Result<(), Error> {
        let pass = self.check(AnyMember).await?;
        let id = self.member_id().ok_or_else(no_workspace)?;
        if !self.model().blueprint().membership.verbs.iter().any(|known| known == "leave") {
            // Where nobody removes themselves, leaving would be just that.
            let is_guarded = guard::has_guard(self.model().blueprint(), "no_self_removal");
            let refusal = if is_guarded {
                Refusal::NoSelfRemoval
            } else {
                Refusal::NoSuchVerb { verb: "leave" }
            };
            return Err(refusal.into());
        }
        let member = self.present_member(&pass, id).await?;
        self.end(&pass, &member, ChangeKind::Leave, "member.leave").await
    }

    async fn end(
        &mut self,
        pass: &Pass<impl Permission>,
        member: &Member,
        kind: ChangeKind,
        action: &str,
    ) -> Result<(), Error> {
        self.apply(kind, &[Change::RemoveMember(member.id.to_string())])?;
        self.save_removal(pass, member).await?;
        self.record_audit(
            pass,
            action,
            member.id,
            &audit_view(member),
            &json!({"status": "removed"}),
        )
        .await?;
        self.commit(pass).await.map(drop)
    }

    async fn set_status(
        &mut self,
        pass: &Pass<impl Permission>,
        id: MemberId,
        status: Status,
        action: &str,
    ) -> Result<Member, Error> {
        let before = self.present_member(pass, id).await?;
        if before.status == status {
            return Err(Refusal::Already { status: status.word() }.into());
        }
        if before.access.is_billing_contact
            && status == Status::Inactive
            && guard::has_guard(self.model().blueprint(), "billing_contact_stays")
        {
            let workspaces = vec![self.snapshot().workspace.name.to_string()];
            return Err(Refusal::BillingContactStays { workspaces }.into());
        }
        let after = Member { status, ..before.clone() };
        self.open_or_close(pass, &before, status).await?;
        self.put_member(pass, &before, &after, ChangeKind::Edit, action).await
    }

    /// Opens or closes a workspace for an account, where the access model signs the inactive out: when
    /// nowhere is left where it is at home, its sessions end, and it signs in no more until it is
    /// active again (CRM-138, CRM-139).
    async fn open_or_close(
        &mut self,
        pass: &Pass<impl Permission>,
        member: &Member,
        status: Status,
    ) -> Result<(), Error> {
        let (account, workspace) = (member.account, self.workspace_id());
        let signs_out = self.model().blueprint().membership.signs_out_inactive;
        let global = self.tx(pass)?.global();
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

    /// Saves a member after a change, with guards, audit entry and commit.
    pub(crate) async fn put_member(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Member,
        after: &Member,
        kind: ChangeKind,
        action: &str,
    ) -> Result<Member, Error> {
        self.apply(kind, &[Change::PutMember(after.to_engine())])?;
        self.keep_member(pass, before, after, action).await
    }

    /// Writes down a member after a change that the guards have let through, with audit entry and
    /// commit.
    pub(crate) async fn keep_member(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Member,
        after: &Member,
        action: &str,
    ) -> Result<Member, Error> {
        let after = after.clone().changed_by(before, self.member_id(), self.now);
        if !self.tx(pass)?.members().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.record_audit(pass, action, after.id, &audit_view(before), &audit_view(&after))
            .await?;
        self.commit(pass).await?;
        Ok(Member { version: after.version + 1, ..after })
    }

    /// Whether memberships here know a verb.
    pub(crate) fn check_verb(&self, verb: &'static str) -> Result<(), Error> {
        let verbs = &self.model().blueprint().membership.verbs;
        if verbs.iter().any(|known| known == verb) {
            return Ok(());
        }
        Err(Refusal::NoSuchVerb { verb }.into())
    }

    /// Whether what a change names is there: in this workspace, and nowhere else.
    pub(crate) fn check_references(&self, change: &MemberAccessChange) -> Result<(), Error> {
        let mut errors = Vec::new();
        let mut unknown = |pointer: String, noun: &str| {
            errors.push(FieldError::new(
                pointer,
                "unknown",
                format!("there is no such {noun}"),
            ));
        };
        if let Some(role) = &change.role
            && !self.model().has_role(role)
        {
            unknown("/role".to_owned(), "role");
        }
        if let Some(Some(id)) = change.department
            && !self.has_department(id)
        {
            unknown("/department".to_owned(), "department");
        }
        for (place, team) in change.teams.iter().flatten().enumerate() {
            if self.model().team(*team).is_none() {
                unknown(format!("/teams/{place}"), "team");
            }
        }
        if let Some(Some(id)) = change.manager
            && self.model().member(id).is_none()
        {
            unknown("/manager".to_owned(), "member");
        }
        for (resource, level) in change.levels.iter().flatten() {
            let known = self.policy().resources().iter().find(|known| known.key == *resource);
            match known {
                None => unknown(format!("/levels/{resource}"), "resource"),
                Some(known) if level != "none" && known.level(level).is_none() => {
                    unknown(format!("/levels/{resource}"), "level");
                }
                Some(_) => {}
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Fields(errors).into()) }
    }

    fn has_department(&self, id: DepartmentId) -> bool {
        self.model().department(id).is_some()
    }

    /// Whether somebody can land on a resource.
    pub(crate) fn check_landing(&self, landing: Option<&str>) -> Result<(), Error> {
        let Some(landing) = landing else { return Ok(()) };
        if self.policy().resources().iter().any(|known| known.key == landing) {
            return Ok(());
        }
        let detail = format!("there is no page `{landing}`");
        Err(Refusal::field("/landing", "unknown", detail).into())
    }
}

/// A member after a change, but for the flag of the billing contact.
fn with_flag_of(before: &Member, after: &Member) -> Member {
    let mut member = after.clone();
    member.access.is_billing_contact = before.access.is_billing_contact;
    member
}

/// Whether a thing still is as old as somebody thinks.
pub(crate) fn check_version(is: i64, expected: Option<i64>) -> Result<(), Refusal> {
    match expected {
        Some(version) if version != is => Err(Refusal::Stale),
        Some(_) | None => Ok(()),
    }
}

/// What the audit log says of a member.
pub(crate) fn audit_view(member: &Member) -> Value {
    let access = &member.access;
    json!({
        "status": member.status.word(),
        "role": access.role,
        "levels": access.levels.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "visibility": access.visibility.scope().word(),
        "department": access.department.map(|id| id.to_string()),
        "manager": access.manager.map(|id| id.to_string()),
        "teams": access.teams.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "billing_contact": access.is_billing_contact,
        "landing": member.landing,
    })
}
