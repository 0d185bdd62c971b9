//! Reminders that an API key expires: mailed once each, to whom it concerns.
//!
//! **Invariant:** the mails of a reminder and the time of the next are one transaction, which has the lock of
//! the workspace: a reminder is sent once, also by several processes and after a restart.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::{ApiKeyId, MemberId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::Member;
use hallpass_domain::model::guard::check_key;
use tracing::warn;

use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::{CreateApiKeys, Credential};

/// How many keys a run handles at most; the next run goes on.
const MOST: i64 = 1_000;

/// How many people are reminded of a key at most.
const MOST_PEOPLE: usize = 20;

/// The reminders of all workspaces.
pub struct ApiKeyReminders<'a>(pub(crate) &'a App);

impl ApiKeyReminders<'_> {
    /// Mails the reminders that are due, and returns of how many keys. One that fails holds up no other, and
    /// is tried again by the next run.
    #[boxed]
    pub async fn send_due(&self) -> Result<usize, Error> {
        let app = self.0;
        let due = app.db().read().await?.due_api_keys(app.now(), MOST).await?;
        let (mut sent, mut failure) = (0, None);
        for (workspace, id) in due {
            match self.send(workspace, id).await {
                Ok(true) => sent += 1,
                Ok(false) => {}
                Err(error) => {
                    warn!(api_key.id = %id, error.why = %error, "no reminder of {id}: {error}");
                    failure = Some(error);
                }
            }
        }
        failure.map_or(Ok(sent), Err)
    }

    /// Mails the reminder of a key, unless another process has done so.
    async fn send(&self, workspace: WorkspaceId, id: ApiKeyId) -> Result<bool, Error> {
        let (app, now) = (self.0, self.0.now());
        let Some(mut tx) = app.write_in(workspace).await? else { return Ok(false) };
        let found = tx.api_keys().find(id).await?;
        let Some(key) = found.filter(|key| key.is_reminder_due(now)) else { return Ok(false) };
        let mut ctx = app.open_context(tx, Actor::Outside("a reminder"), String::new()).await?;
        let pass = ctx.admit(Credential::Reminder)?;
        let people = if key.is_alive(now) { recipients(&ctx, &key) } else { Vec::new() };
        let holder = ctx.read(&pass)?.members().find(key.member).await?;
        let service = holder.filter(Member::is_service).map(|member| member.name());
        for member in &people {
            let workspace = ctx.snapshot().workspace.name.to_string();
            let template = |first_name: &str| MailTemplate::ApiKeyExpiring {
                workspace,
                first_name: first_name.to_owned(),
                key: key.name.clone(),
                service: service.clone(),
                expires_at: key.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            };
            let to = (*member, "api_key_expiring");
            ctx.notify(&pass, to, id.to_string(), template).await?;
        }
        ctx.tx(&pass)?.api_keys().update_reminder(&key.reminded(now)).await?;
        ctx.commit(&pass).await?;
        Ok(!people.is_empty())
    }
}

/// The member for whom a key acts; for a service account those who could make it.
fn recipients(ctx: &WorkspaceContext, key: &ApiKey) -> Vec<MemberId> {
    let model = ctx.model();
    let Some(member) = model.member(key.member).filter(|member| member.is_active) else {
        return Vec::new();
    };
    if !member.is_service {
        return vec![key.member];
    }
    let active = model.members().filter(|member| member.is_active && !member.is_service);
    let ids = active.filter_map(|member| member.id.parse::<MemberId>().ok());
    let could_make = |id: &MemberId| {
        ctx.member_opens(*id, &CreateApiKeys)
            && check_key(model, &ApiKey { made_by: *id, ..key.clone() }).is_ok()
    };
    ids.filter(could_make).take(MOST_PEOPLE).collect()
}
