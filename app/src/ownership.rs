//! What changes hands: ownership, and the billing contact.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Change, Role};

use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{TransferBilling, TransferOwnership};
use crate::gate::{Pass, Permission};
use crate::member::audit_view;

impl WorkspaceContext {
    /// Hands ownership over in one step: the other gets the top role, whoever hands it over the one
    /// below (AMB-HARMONIA-3, AMB-CRM-10).
    ///
    /// # Errors
    ///
    /// `Denied`; `Missing` when there is no such member; `Fields` when the other is inactive or is
    /// the one who hands it over.
    pub async fn transfer_ownership(&mut self, to: MemberId) -> Result<(), Error> {
        let pass = self.check(TransferOwnership).await?;
        let from = self.member_id().ok_or_else(no_workspace)?;
        let grantor = self.present_member(&pass, from).await?;
        let recipient = self.present_member(&pass, to).await?;
        check_recipient(&grantor, &recipient)?;
        let blueprint = std::sync::Arc::clone(self.model().blueprint());
        let top = blueprint.top_role().map(|role| role.key.clone()).unwrap_or_default();
        if grantor.access.role != top {
            let role = self.snapshot().role_name(&top);
            return Err(Refusal::MayNotGive { role }.into());
        }
        let below = below(&blueprint.roles).unwrap_or(&top);
        let gives = with_role(&grantor, &blueprint, below)?;
        let takes = with_role(&recipient, &blueprint, &top)?;
        let changes =
            [Change::PutMember(gives.to_engine()), Change::PutMember(takes.to_engine())];
        self.apply(ChangeKind::TransferOwnership, &changes)?;
        for (before, after) in [(&grantor, gives), (&recipient, takes)] {
            let after = after.changed_by(before, Some(from), self.now);
            if !self.tx(&pass)?.members().update(&after).await? {
                return Err(Refusal::Stale.into());
            }
            self.record_audit(
                &pass,
                "ownership.transfer",
                after.id,
                &audit_view(before),
                &audit_view(&after),
            )
            .await?;
        }
        self.commit(&pass).await.map(drop)
    }

    /// Hands the billing contact over (HALO-027, HALO-043).
    ///
    /// # Errors
    ///
    /// `Denied`; `Missing` when there is no such member; `Fields` when the other is inactive or is
    /// the contact already; `NoSuchLayer` where there is no such thing.
    pub async fn transfer_billing(&mut self, to: MemberId) -> Result<(), Error> {
        let pass = self.check(TransferBilling).await?;
        if self.model().blueprint().billing_contact.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "billing contact" }.into());
        }
        let before = self.present_member(&pass, to).await?;
        if before.status != Status::Active {
            return Err(inactive());
        }
        if before.access.is_billing_contact {
            return Err(Refusal::field("/to", "already", "they are the billing contact").into());
        }
        let mut after = before.clone();
        after.access.is_billing_contact = true;
        self.move_contact(&pass, &after).await?;
        self.keep_member(&pass, &before, &after, "billing.transfer").await.map(drop)
    }

    /// Asks whether the flag may be given or taken as part of a change of a member.
    pub(crate) async fn check_contact(
        &mut self,
        before: &Member,
        after: &Member,
    ) -> Result<(), Error> {
        self.check(TransferBilling).await?;
        if after.access.is_billing_contact && before.status != Status::Active {
            return Err(inactive());
        }
        Ok(())
    }

    /// Moves the flag to somebody, or away from them: one step, in which whoever had it until now
    /// gives it up. That it may be moved was asked before; everything else about the member is as
    /// the guards have let it be, and keeping it is for the caller.
    pub(crate) async fn move_contact(
        &mut self,
        pass: &Pass<impl Permission>,
        to: &Member,
    ) -> Result<(), Error> {
        let contact = self.model().billing_contact().map(|(id, _)| id);
        let holder = match contact.filter(|id| *id != to.id) {
            Some(id) => Some(self.present_member(pass, id).await?),
            None => None,
        };
        let released = holder.clone().map(|mut member| {
            member.access.is_billing_contact = false;
            member
        });
        let changes: Vec<Change> =
            released.iter().chain([to]).map(|one| Change::PutMember(one.to_engine())).collect();
        self.apply_for(Grantor::Operator, ChangeKind::TransferBilling, &changes)?;
        let (Some(before), Some(after)) = (holder, released) else { return Ok(()) };
        if !self.tx(pass)?.members().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.record_audit(
            pass,
            "billing.release",
            after.id,
            &audit_view(&before),
            &audit_view(&after),
        )
        .await
    }
}

fn check_recipient(grantor: &Member, recipient: &Member) -> Result<(), Error> {
    if grantor.id == recipient.id {
        return Err(Refusal::field("/to", "yourself", "choose somebody else").into());
    }
    if recipient.status != Status::Active {
        return Err(inactive());
    }
    Ok(())
}

fn inactive() -> Error {
    Refusal::field("/to", "inactive", "the member is inactive: reactivate them first").into()
}

pub(crate) fn with_role(
    member: &Member,
    blueprint: &hallpass_engine::Blueprint,
    role: &str,
) -> Result<Member, Refusal> {
    let change = hallpass_domain::member::MemberAccessChange {
        role: Some(role.to_owned()),
        ..Default::default()
    };
    let mut access = member.access.change(blueprint, &change)?;
    if !hallpass_domain::model::guard::has_levels(blueprint, role) {
        access.levels.clear();
    }
    Ok(Member { access, ..member.clone() })
}

/// The highest role below the top one.
fn below(roles: &[Role]) -> Option<&str> {
    let others = roles.iter().filter(|role| !role.is_top);
    others.max_by_key(|role| role.rank).map(|role| role.key.as_str())
}
