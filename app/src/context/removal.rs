//! Removes a member from the stored workspace.

use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::refusal::Refusal;

use super::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};

impl WorkspaceContext {
    /// Stores that a member is removed, with their API keys, their assigned users and their account's
    /// place in the workspace. The guards have allowed it before.
    pub(crate) async fn save_removal(
        &mut self,
        pass: &Pass<impl WritePermission>,
        member: &Member,
    ) -> Result<(), Error> {
        let removed = Member {
            status: Status::Removed,
            access: MemberAccess {
                is_billing_contact: false,
                teams: Vec::new(),
                department: None,
                manager: None,
                ..member.access.clone()
            },
            ..member.clone()
        };
        let workspace = self.workspace_id();
        let tx = self.tx(pass)?;
        if !tx.members().update(&removed).await? {
            return Err(Refusal::Stale.into());
        }
        tx.members().clear_manager(member.id).await?;
        tx.api_keys().delete_by_member(member.id).await?;
        Ok(tx.global().accounts().remove_workspace(member.account, workspace).await?)
    }
}
