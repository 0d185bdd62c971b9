//! Removes a member from the stored workspace.

use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use super::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};
use crate::member::audit_view;

impl WorkspaceContext {
    /// Stores and audits that a member is removed, with their API keys, their assigned users, the
    /// views that only they saw and their account's place in the workspace. The guards have allowed it before.
    pub(crate) async fn save_removal(
        &mut self,
        pass: &Pass<impl WritePermission>,
        member: &Member,
        action: &str,
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
        let (workspace, now) = (self.workspace_id(), self.now);
        let tx = self.tx(pass)?;
        if !tx.members().update(&removed).await? {
            return Err(Refusal::Stale.into());
        }
        tx.members().clear_manager(member.id).await?;
        tx.api_keys().delete_by_member(member.id).await?;
        tx.saved_views().delete_own(member.id).await?;
        tx.export_files().expire_of(member.id, now).await?;
        if let Some(account) = member.account {
            tx.identities().clear_given(account).await?;
            tx.global().accounts().remove_workspace(account, workspace).await?;
        }
        let mut before = audit_view(member);
        if let Value::Object(fields) = &mut before {
            // They are released in the same step, and found by the entry of the removal.
            let reports = self.snapshot.model.reports(member.id);
            let reports: Vec<String> = reports.iter().map(ToString::to_string).collect();
            fields.insert("reports".to_owned(), json!(reports));
        }
        let after = json!({"status": "removed"});
        self.record_audit(pass, action, member.id, &before, &after).await
    }
}
