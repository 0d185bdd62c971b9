//! The first account of a server, by the link that the server prints when it starts.
//!
//! **Invariant:** the link creates the first account or none: it is dead once there has been an account,
//! so that an old line of output lets no one in.

use hallpass_domain::account::Account;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::time::Span;
use serde_json::json;

use super::{Accounts, SignUp};
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;
use crate::origin::Origin;
use crate::secret::Token;

/// For how many hours the link is valid.
pub const VALID_HOURS: i64 = 24;

impl Accounts<'_> {
    /// Makes a link to create the first account, in place of an earlier one; none if there has been an
    /// account.
    #[boxed]
    pub async fn create_setup_link(&self) -> Result<Option<Token>, Error> {
        let mut tx = self.0.db().write().await?;
        if tx.accounts().has_any().await? {
            tx.setup_links().delete().await?;
            tx.commit().await?;
            return Ok(None);
        }
        let link = Token::new(self.0.random());
        tx.setup_links().replace(&link.hash(), self.0.now() + Span::hours(VALID_HOURS)).await?;
        tx.commit().await?;
        Ok(Some(link))
    }

    /// Creates the first account by its link, which is an operator, and a session. The address counts as confirmed: the link
    /// is known to the operator alone. After an account that is refused, the link remains valid.
    #[boxed]
    pub async fn set_up(
        &self,
        link: &Token,
        sign_up: &SignUp,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let now = self.0.now();
        let mut tx = self.0.db().read().await?;
        if !tx.setup_links().is_valid(&link.hash(), now).await? {
            return Err(Refusal::DeadLink.into());
        }
        drop(tx);
        // Hashed before the transaction, which keeps others from writing.
        let account = self.build(sign_up, Some(now), None).await?;
        let account = Account { is_operator: true, ..account };
        let mut tx = self.0.db().write().await?;
        let is_valid = tx.setup_links().consume(&link.hash(), now).await?;
        if !is_valid || tx.accounts().has_any().await? {
            return Err(Refusal::DeadLink.into());
        }
        self.insert_confirmed(&mut tx, &account).await?;
        let (operator, detail) =
            (Operator::new("set-up link"), json!({"email": account.email.as_str()}));
        let operation =
            self.0.operations().build(&operator, "account.operator", &account.id, detail);
        tx.operations().insert(&operation).await?;
        let authentications = Authentications::of(Method::Link, now);
        let token =
            self.0.sessions().start(&mut tx, account.id, authentications, origin).await?;
        tx.commit().await?;
        Ok((account, token))
    }
}
