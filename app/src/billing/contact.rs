//! The billing contact: transfer the flag from one member to another.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;

use super::WorkspaceBilling;
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::TransferBilling;
use crate::gate::{Pass, WritePermission};
use crate::member::audit_view;
use crate::ownership::check_active;

impl WorkspaceBilling<'_> {
    /// Makes a member the billing contact (HALO-027, HALO-043). `NoSuchLayer` where the access model has
    /// none.
    #[boxed]
    pub async fn transfer(&mut self, to: MemberId) -> Result<(), Error> {
        let pass = self.0.check(TransferBilling).await?;
        if self.0.model().blueprint().billing_contact.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "billing contact" }.into());
        }
        let before = self.0.members().load_with(&pass, to).await?;
        check_active(&before)?;
        if before.access.is_billing_contact {
            let detail = "the member is already the billing contact";
            return Err(Refusal::field("/to", "already", detail).into());
        }
        let mut after = before.clone();
        after.access.is_billing_contact = true;
        self.move_contact(&pass, &after).await?;
        self.0.members().save(&pass, &before, &after, "billing.transfer").await.map(drop)
    }

    /// Checks that the flag may be given or taken as part of another change of a member.
    pub(crate) async fn check_contact(
        &mut self,
        before: &Member,
        after: &Member,
    ) -> Result<(), Error> {
        self.0.check(TransferBilling).await?;
        if after.access.is_billing_contact {
            check_active(before)?;
        }
        Ok(())
    }

    /// Gives the flag to a member, or takes it away, and takes it from its present holder in the same
    /// step. The caller has checked the permission, and stores the member.
    pub(crate) async fn move_contact(
        &mut self,
        pass: &Pass<impl WritePermission>,
        to: &Member,
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let contact = ctx.model().billing_contact().map(|(id, _)| id);
        let holder = match contact.filter(|id| *id != to.id) {
            Some(id) => Some(ctx.members().load_with(pass, id).await?),
            None => None,
        };
        let released = holder.clone().map(|mut member| {
            member.access.is_billing_contact = false;
            member
        });
        let changes: Vec<Change> =
            released.iter().chain([to]).map(|one| Change::PutMember(one.to_engine())).collect();
        ctx.apply_for(Grantor::Operator, ChangeKind::TransferBilling, &changes)?;
        let (Some(before), Some(after)) = (holder, released) else { return Ok(()) };
        if !ctx.tx(pass)?.members().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(pass, "billing.release", after.id, &was, &is).await
    }
}
