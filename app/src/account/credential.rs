//! What an account signs in with, as the operator sees and ends it: sessions and second factors.

use hallpass_domain::account::Account;
use hallpass_domain::factor::Factors;
use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::Session;
use hallpass_domain::time::Span;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::Accounts;
use super::trace::Act;
use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;
use crate::secret::Token;

/// How long the person has to set a new password by the link in the mail.
const LINK: Span = Span::days(7);

impl Accounts<'_> {
    /// Lists the sessions of an account, the latest first.
    #[boxed]
    pub async fn list_sessions_as(
        &self,
        _: &Operator,
        id: AccountId,
    ) -> Result<Vec<Session>, Error> {
        let now = self.0.now();
        let mut sessions = self.0.db().read().await?.sessions().list(id).await?;
        sessions.retain(|session| session.is_alive(now));
        Ok(sessions)
    }

    /// Ends a session of an account. `Missing` where the account has no such session.
    #[boxed]
    pub async fn end_session_as(
        &self,
        operator: &Operator,
        id: AccountId,
        session: SessionId,
    ) -> Result<(), Error> {
        let act = Act::end("account.end_session");
        let (mut tx, _) = self.begin_as(operator, id, &act).await?;
        if !tx.sessions().delete(id, session).await? {
            return Err(Error::Missing { noun: "session" });
        }
        Ok(tx.commit().await?)
    }

    /// Ends every session of an account.
    #[boxed]
    pub async fn end_sessions_as(
        &self,
        operator: &Operator,
        id: AccountId,
    ) -> Result<(), Error> {
        let act = Act::end("account.end_sessions");
        let (mut tx, _) = self.begin_as(operator, id, &act).await?;
        tx.sessions().delete_all(id, None).await?;
        tx.pending_sign_ins().delete_all(id).await?;
        Ok(tx.commit().await?)
    }

    /// Loads the second factors of an account.
    #[boxed]
    pub async fn factors_as(&self, _: &Operator, id: AccountId) -> Result<Factors, Error> {
        Ok(self.0.db().read().await?.factors().load(id).await?)
    }

    /// Resets how an account signs in: its second factors, trusted devices and password are gone, and
    /// every session ends. It gets a mail with a link to set a new password.
    ///
    /// # Errors
    ///
    /// `NoSecondFactor`; `AccountDisabled`; `StepUp` for an operator who has not signed in recently.
    #[boxed]
    pub async fn reset_factors_as(
        &self,
        operator: &Operator,
        id: AccountId,
    ) -> Result<(), Error> {
        operator.check_recent()?;
        let act = Act::set("account.reset_factors", "two_factor", false);
        let (mut tx, account) = self.begin_as(operator, id, &act).await?;
        if account.disabled_at.is_some() {
            return Err(Refusal::AccountDisabled.into());
        }
        if !tx.factors().load(id).await?.is_enabled() {
            return Err(Refusal::NoSecondFactor.into());
        }
        let (first_name, email) = (account.first_name.to_string(), account.email.clone());
        let link = take_factors(self.0, &mut tx, account).await?;
        let token = link.expose().to_owned();
        let mail = MailTemplate::FactorsResetByOperator { first_name, token };
        self.0.mails().queue(&mut tx, &email, mail, None).await?;
        Ok(tx.commit().await?)
    }
}

/// Takes the second factors, the trusted devices, the password and every session of an account. Returns the
/// link to set a new password, for the mail to its address.
pub(crate) async fn take_factors(
    app: &App,
    tx: &mut Tx,
    account: Account,
) -> Result<Token, Error> {
    let (link, until) = (Token::new(app.random()), app.now() + LINK);
    tx.factors().delete_all(account.id).await?;
    tx.sessions().delete_all(account.id, None).await?;
    tx.links().delete(LinkKind::Reset, account.id).await?;
    tx.links().insert(LinkKind::Reset, account.id, &link.hash(), until).await?;
    let without = Account { password: None, ..account };
    if !tx.accounts().update(&without).await? {
        return Err(Refusal::Stale.into());
    }
    Ok(link)
}
