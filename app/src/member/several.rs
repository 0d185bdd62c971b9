//! Changes of several members at once: one transaction, one revision, and a result for each member.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;

use super::{MemberChange, Members, changed};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::UpdateMembers;
use crate::gate::{Pass, Permission, WritePermission};

/// What became of each member, in the order of the request: changed, or why not.
pub type Results = Vec<(MemberId, Result<(), Error>)>;

/// The changes of a request that the guards have allowed so far, to be saved together.
#[derive(Default)]
pub(crate) struct Several {
    allowed: Vec<(Member, Member)>,
    results: Results,
}

impl Several {
    /// Adds a member: before and after the change, or none if nothing changes. A refusal is about this
    /// member; another error ends the request.
    pub(crate) fn add(
        &mut self,
        id: MemberId,
        tried: Result<Option<(Member, Member)>, Error>,
    ) -> Result<(), Error> {
        let result = match tried {
            Ok(change) => {
                self.allowed.extend(change);
                Ok(())
            }
            Err(error @ (Error::Refused(_) | Error::Missing { .. })) => Err(error),
            Err(error) => return Err(error),
        };
        self.results.push((id, result));
        Ok(())
    }

    /// Saves what the guards have allowed, and commits.
    pub(crate) async fn save(
        self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl WritePermission>,
        action: &str,
    ) -> Result<Results, Error> {
        for (before, after) in &self.allowed {
            ctx.members().write(pass, before, after, action).await?;
        }
        if self.allowed.is_empty() {
            ctx.check_nothing_expected()?;
        } else {
            ctx.commit(pass).await?;
        }
        Ok(self.results)
    }
}

impl Members<'_> {
    /// Makes the same change of several members, of each as far as the guards allow it. They come in the
    /// given order, and each is checked with the changes before it.
    ///
    /// # Errors
    ///
    /// `Fields` for the billing contact, who is one member.
    #[boxed]
    pub async fn update_all(
        &mut self,
        ids: &[MemberId],
        change: &MemberChange,
    ) -> Result<Results, Error> {
        let pass = self.0.check(UpdateMembers).await?;
        if change.access.billing_contact.is_some() {
            let detail = "only one member can be the billing contact; update them alone";
            return Err(Refusal::field("/billing_contact", "one_member", detail).into());
        }
        let mut several = Several::default();
        for id in ids {
            let tried = self.try_update(&pass, *id, change).await;
            several.add(*id, tried)?;
        }
        several.save(self.0, &pass, "member.update").await
    }

    /// Applies a change of a member to the model, if the guards allow it; returns the member before and
    /// after it, or none if nothing changes.
    async fn try_update(
        &mut self,
        pass: &Pass<impl Permission>,
        id: MemberId,
        change: &MemberChange,
    ) -> Result<Option<(Member, Member)>, Error> {
        let before = self.load_with(pass, id).await?;
        let after = changed(self.0, pass, &before, change).await?;
        if before == after {
            return Ok(None);
        }
        self.0.apply(ChangeKind::Edit, &[Change::PutMember(after.to_engine())])?;
        Ok(Some((before, after)))
    }
}
