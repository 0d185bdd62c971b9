//! Links that are mailed to an address at the request of anyone.
//!
//! **Invariant:** the response, and what is counted, are the same whether or not the address has an
//! account for which the link would be.

use hallpass_domain::account::Account;
use hallpass_domain::attempt::{MAIL_PERIOD, may_mail};
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Span;
use hallpass_store::Tx;
use hallpass_store::account::link::LinkKind;

use super::{Accounts, CONFIRMATION};
use crate::error::Error;
use crate::origin::Origin;
use crate::secret::Token;

/// How long the link to set a new password is valid.
const RESET: Span = MAIL_PERIOD;

impl Accounts<'_> {
    /// Mails a link to an address, if it has an account for which the link is. Earlier links remain
    /// valid, so that a stranger's request does not take one away.
    pub(super) async fn request_link(
        &self,
        kind: LinkKind,
        email: &str,
        origin: &Origin,
    ) -> Result<(), Error> {
        let Ok(email) = Email::parse(email) else { return Ok(()) };
        let mut tx = self.0.db().write().await?;
        if !self.count_request(&mut tx, kind.word(), &email, origin).await? {
            return Ok(());
        }
        let found = tx.accounts().find_by_email(&email).await?;
        match found.filter(|account| is_for(kind, account)) {
            Some(account) => self.mail_link(&mut tx, kind, &account).await?,
            None => self.mail_nothing(&mut tx, &email).await?,
        }
        Ok(tx.commit().await?)
    }

    /// Loads the account of a link that was mailed to it.
    pub(super) async fn find_by_link(
        &self,
        kind: LinkKind,
        link: &Token,
    ) -> Result<Account, Error> {
        let dead = || Error::Refused(Refusal::DeadLink);
        let mut tx = self.0.db().read().await?;
        let found = tx.links().find(kind, &link.hash(), self.0.now()).await?;
        let account = tx.accounts().find(found.ok_or_else(dead)?).await?;
        account.filter(|account| account.disabled_at.is_none()).ok_or_else(dead)
    }

    /// Mails a new link to an account.
    pub(super) async fn mail_link(
        &self,
        tx: &mut Tx,
        kind: LinkKind,
        account: &Account,
    ) -> Result<(), Error> {
        let link = Token::new(self.0.random());
        let (first_name, token) = (account.first_name.to_string(), link.expose().to_owned());
        let (valid, mail_template) = match kind {
            LinkKind::Confirm => {
                (CONFIRMATION, MailTemplate::ConfirmAddress { first_name, token })
            }
            LinkKind::Reset => (RESET, MailTemplate::PasswordReset { first_name, token }),
        };
        tx.links().insert(kind, account.id, &link.hash(), self.0.now() + valid).await?;
        self.0.mails().queue(tx, &account.email, mail_template, None).await
    }

    /// Mails that an account exists to the account that has confirmed an address, which another has
    /// signed up with. The link of the other is not sent: it is stored so that the work is the same.
    pub(super) async fn mail_account_exists(
        &self,
        tx: &mut Tx,
        account: &Account,
        holder: &Account,
    ) -> Result<(), Error> {
        let (link, until) = (Token::new(self.0.random()), self.0.now() + CONFIRMATION);
        tx.links().insert(LinkKind::Confirm, account.id, &link.hash(), until).await?;
        let first_name = holder.first_name.to_string();
        let mail_template = MailTemplate::AccountExists { first_name };
        self.0.mails().queue(tx, &holder.email, mail_template, None).await
    }

    /// Does the work of a mail with a link for an address without an account: the mail is inserted, and
    /// deleted again.
    async fn mail_nothing(&self, tx: &mut Tx, email: &Email) -> Result<(), Error> {
        let token = Token::new(self.0.random()).expose().to_owned();
        let mail_template = MailTemplate::PasswordReset { first_name: String::new(), token };
        self.0.mails().queue_nothing(tx, email, mail_template).await
    }

    /// Counts a request for a link, unless there were too many. Counted whether or not there is an
    /// account: the time must not reveal it, and the limit keeps strangers from filling a mailbox. A
    /// refused request is not counted: it would prolong the wait.
    pub(super) async fn count_request(
        &self,
        tx: &mut Tx,
        what: &str,
        email: &Email,
        origin: &Origin,
    ) -> Result<bool, Error> {
        let in_all = format!("{what} {}", email.key());
        let from_network = format!("{in_all} from {}", origin.network);
        let now = self.0.now();
        let of_network = tx.attempts().failures_for_update(&from_network, now).await?;
        let of_all = tx.attempts().failures_for_update(&in_all, now).await?;
        if !may_mail(of_network, of_all, now) {
            return Ok(false);
        }
        for (subject, counted) in [(&from_network, of_network), (&in_all, of_all)] {
            if now - counted.last_at >= MAIL_PERIOD {
                tx.attempts().reset(subject).await?;
            }
            tx.attempts().record_failure(subject, now).await?;
        }
        Ok(true)
    }
}

/// Whether a link is for an account: an address is confirmed once, and a disabled account gets none.
fn is_for(kind: LinkKind, account: &Account) -> bool {
    if account.disabled_at.is_some() {
        return false;
    }
    match kind {
        LinkKind::Confirm => account.confirmed_at.is_none(),
        LinkKind::Reset => true,
    }
}
