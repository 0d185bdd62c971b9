//! The mail queue by the operator: list it, send a mail now, drop one.
//!
//! **Invariant:** nothing here has the content of a mail or a link. What a mail server has written about
//! an attempt is shown without the paths of addresses, which could be the link of the mail.

use hallpass_domain::id::MailId;
pub use hallpass_store::mail::queue::{MailCounts, MailFilter, MailSummary};
use serde_json::json;

use super::Mails;
use crate::boxed;
use crate::error::Error;
use crate::mailer::without_paths;
use crate::operation::Operator;

/// What the queue has as the error of a mail that an operator dropped.
const DROPPED: &str = "dropped by the operator";

impl Mails<'_> {
    /// Lists a page of mails, the latest first, with whether there are more; with `below`, those with a
    /// lower id.
    #[boxed]
    pub async fn list_as(
        &self,
        _: &Operator,
        filter: MailFilter,
        below: Option<MailId>,
        limit: usize,
    ) -> Result<(Vec<MailSummary>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut tx = self.0.db().read().await?;
        let mut found = tx.mails().list(filter, below, most + 1).await?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        for mail in &mut found {
            mail.last_error = mail.last_error.as_deref().map(without_paths);
        }
        Ok((found, has_more))
    }

    /// Counts the mails in the queue.
    #[boxed]
    pub async fn count_as(&self, _: &Operator) -> Result<MailCounts, Error> {
        Ok(self.0.db().read().await?.mails().count().await?)
    }

    /// Sends a mail that waits as soon as possible. `Missing` for one that does not wait, or that is
    /// being sent.
    #[boxed]
    pub async fn retry_as(&self, operator: &Operator, id: MailId) -> Result<(), Error> {
        let now = self.0.now();
        let mut tx = self.0.db().write().await?;
        let found = tx.mails().find_waiting_for_update(id, now).await?;
        let mail = found.ok_or_else(no_mail)?;
        tx.mails().make_due(id, now).await?;
        let operation = self.0.operations().build(operator, "mail.retry", &id, about(&mail));
        tx.operations().insert(&operation).await?;
        tx.commit().await?;
        self.0.mail_queued().notify_one();
        Ok(())
    }

    /// Gives up a mail that waits, and deletes its content. `Missing` for one that does not wait, or
    /// that is being sent.
    #[boxed]
    pub async fn drop_as(&self, operator: &Operator, id: MailId) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        let found = tx.mails().find_waiting_for_update(id, self.0.now()).await?;
        let mail = found.ok_or_else(no_mail)?;
        tx.mails().mark_failed(id, None, DROPPED).await?;
        let operation = self.0.operations().build(operator, "mail.drop", &id, about(&mail));
        tx.operations().insert(&operation).await?;
        Ok(tx.commit().await?)
    }
}

fn no_mail() -> Error {
    Error::Missing { noun: "mail" }
}

fn about(mail: &MailSummary) -> serde_json::Value {
    json!({"recipient": mail.recipient, "kind": mail.kind, "workspace": mail.workspace})
}
