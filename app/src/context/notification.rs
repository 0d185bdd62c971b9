//! Notifications: mails that a person can do without, and switches off in their account.

use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;

use super::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};

impl WorkspaceContext {
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
        let mut accounts = self.tx(pass)?.global().accounts();
        let Some(account) = accounts.find(member.account).await? else { return Ok(()) };
        if !account.wants(kind) {
            return Ok(());
        }
        let template = template(account.first_name.as_str());
        let (app, about) = (self.app.clone(), Some((self.workspace_id(), about)));
        app.mails().queue(self.tx(pass)?.global(), &account.email, template, about).await
    }
}
