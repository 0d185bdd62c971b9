//! Notifications: mails about what others did. Most can be switched off in the account.

use hallpass_domain::account::Account;
use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;

use super::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};

impl WorkspaceContext {
    /// Mails a member about something that concerns their access, whatever they want to be notified of.
    pub(crate) async fn notify_of_access(
        &mut self,
        pass: &Pass<impl WritePermission>,
        member: MemberId,
        template: impl FnOnce(String, String, String) -> MailTemplate,
    ) -> Result<(), Error> {
        let Some(found) = self.read(pass)?.members().find(member).await? else { return Ok(()) };
        let Some(account) = found.account else { return Ok(()) };
        let account = self.tx(pass)?.global().accounts().find(account).await?;
        let Some(account) = account.filter(has_mailbox) else { return Ok(()) };
        let workspace = self.snapshot().workspace.name.to_string();
        let actor = self.actor_name().to_owned();
        let template = template(workspace, account.first_name.to_string(), actor);
        let (app, about) = (self.app.clone(), Some((self.workspace_id(), member.to_string())));
        app.mails().queue(self.tx(pass)?.global(), &account.email, template, about).await
    }

    /// Mails a member about something with an id, unless they have switched this kind of notification
    /// off or have left.
    pub(crate) async fn notify(
        &mut self,
        pass: &Pass<impl WritePermission>,
        (member, kind): (MemberId, &str),
        about: String,
        template: impl FnOnce(&str) -> MailTemplate,
    ) -> Result<(), Error> {
        let Some(member) = self.read(pass)?.members().find(member).await? else {
            return Ok(());
        };
        let Some(account) = member.account else { return Ok(()) };
        let account = self.tx(pass)?.global().accounts().find(account).await?;
        let is_wanted = |account: &Account| has_mailbox(account) && account.wants(kind);
        let Some(account) = account.filter(is_wanted) else { return Ok(()) };
        let template = template(account.first_name.as_str());
        let (app, about) = (self.app.clone(), Some((self.workspace_id(), about)));
        app.mails().queue(self.tx(pass)?.global(), &account.email, template, about).await
    }
}

/// Whether mails about what others do reach the person of an account: not before they have confirmed their
/// address, which may be that of another person.
fn has_mailbox(account: &Account) -> bool {
    account.confirmed_at.is_some()
}
