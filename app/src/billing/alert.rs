//! Alerts about money, and who gets them: the billing contact, or those who stand in.

use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::{BillingAlert, MailTemplate};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, Permission};

impl WorkspaceContext {
    /// Writes an alert to whoever gets them (HALO-037..HALO-040, HALO-188). It is about something
    /// that has an id.
    pub(crate) async fn alert(
        &mut self,
        pass: &Pass<impl Permission>,
        kind: BillingAlert,
        about: &str,
        detail: &str,
    ) -> Result<(), Error> {
        let (readers, to_vacancy) = self.alert_readers();
        let workspace = self.workspace_id();
        for id in readers {
            let member = self.tx(pass)?.members().find(id).await?;
            let Some(member) = member else { continue };
            let Ok(email) = Email::parse(&member.email) else {
                tracing::warn!(member.id = %id, "no alert for {id}: they have no address");
                continue;
            };
            let mail_template = MailTemplate::BillingAlert {
                workspace: self.snapshot().workspace.name.to_string(),
                kind,
                detail: detail.to_owned(),
                to_vacancy,
            };
            let app = self.app.clone();
            let about = Some((workspace, about.to_owned()));
            app.post(self.tx(pass)?.global(), &email, mail_template, about).await?;
        }
        Ok(())
    }

    /// Who gets alerts, and whether it is because the post of the billing contact is vacant: every
    /// active holder of the role that the access model names, or else of the top role.
    fn alert_readers(&self) -> (Vec<MemberId>, bool) {
        let model = self.model();
        let contact = model.billing_contact().filter(|(_, member)| member.is_active);
        if let Some((id, _)) = contact {
            return (vec![id], false);
        }
        let post = model.blueprint().billing_contact.as_ref();
        let named = post.and_then(|post| post.vacant_mail.as_deref());
        let top = model.blueprint().top_role().map(|role| role.key.as_str());
        let holders = |role: &str| -> Vec<MemberId> { model.active_holders(role).collect() };
        let roles = named.into_iter().chain(top);
        let readers =
            roles.map(holders).find(|holders| !holders.is_empty()).unwrap_or_default();
        (readers, post.is_some())
    }
}
