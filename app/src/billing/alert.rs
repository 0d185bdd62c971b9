//! Billing alerts, and who receives them.

use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::{AlertDetail, BillingAlert, MailTemplate};
use hallpass_domain::model::Model;

use super::WorkspaceBilling;
use crate::error::Error;
use crate::gate::{Pass, WritePermission};

/// A billing alert that is to be sent.
pub(super) struct Alert<'a> {
    pub(super) kind: BillingAlert,
    /// The id of what it is about.
    pub(super) about: &'a str,
    /// What else there is to say about it.
    pub(super) detail: AlertDetail,
    /// Where the invoice can be seen and paid.
    pub(super) link: Option<&'a str>,
}

impl WorkspaceBilling<'_> {
    /// Mails an alert to its recipients (HALO-037..HALO-040, HALO-188).
    pub(super) async fn alert(
        &mut self,
        pass: &Pass<impl WritePermission>,
        alert: Alert<'_>,
    ) -> Result<(), Error> {
        let Alert { kind, about, detail, link } = alert;
        let ctx = &mut *self.0;
        let (recipients, to_vacancy) = recipients(ctx.model());
        let workspace = ctx.workspace_id();
        for id in recipients {
            let member = ctx.read(pass)?.members().find(id).await?;
            let Some(member) = member else { continue };
            let Ok(email) = Email::parse(&member.email) else {
                tracing::warn!(member.id = %id, "no billing alert for {id}: no email address");
                continue;
            };
            let mail_template = MailTemplate::BillingAlert {
                workspace: ctx.snapshot().workspace.name.to_string(),
                kind,
                detail: detail.clone(),
                link: link.map(str::to_owned),
                portal: ctx.app.rules().billing_portal.clone(),
                to_vacancy,
            };
            let app = ctx.app.clone();
            let about = Some((workspace, about.to_owned()));
            app.mails().queue(ctx.tx(pass)?.global(), &email, mail_template, about).await?;
        }
        Ok(())
    }
}

/// Returns who receives alerts, and whether that is because no active member is the billing contact:
/// then it is every active holder of the role that the access model names, or else of the top role.
fn recipients(model: &Model) -> (Vec<MemberId>, bool) {
    let contact = model.billing_contact().filter(|(_, member)| member.is_active);
    if let Some((id, _)) = contact {
        return (vec![id], false);
    }
    let rules = model.blueprint().billing_contact.as_ref();
    let named = rules.and_then(|rules| rules.vacant_mail.as_deref());
    let top = model.blueprint().top_role().map(|role| role.key.as_str());
    let holders = |role: &str| -> Vec<MemberId> { model.active_holders(role).collect() };
    let roles = named.into_iter().chain(top);
    let recipients = roles.map(holders).find(|holders| !holders.is_empty()).unwrap_or_default();
    (recipients, rules.is_some())
}
