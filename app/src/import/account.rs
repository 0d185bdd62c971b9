//! The accounts of imported members: those that have confirmed the address, and for others new ones.
//!
//! **Invariant:** an account that has not confirmed its address gains nothing: a member without a confirmed one gets an
//! account of its own, without a password, which the holder of the mailbox takes over.

use std::collections::HashMap;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::name::Name;
use hallpass_store::Tx;
use serde_json::Map;

use super::setup::Setup;
use crate::app::App;
use crate::error::Error;

/// The form in which addresses are compared.
pub(super) fn key(email: &str) -> String {
    Email::parse(email).map_or_else(|_| email.to_owned(), |email| email.key().to_owned())
}

/// How often an address is in a file. A removed member whose address another one has gets no account by it.
pub(super) struct Addresses(HashMap<String, usize>);

impl Addresses {
    pub(super) fn of(setup: &Setup) -> Addresses {
        let mut addresses = HashMap::new();
        for (_, member) in &setup.members {
            *addresses.entry(key(&member.email)).or_default() += 1;
        }
        Addresses(addresses)
    }

    /// The account with which a member begins, in a transaction that writes: stored, if it is a new one.
    /// A service account has none.
    pub(super) async fn account_of(
        &self,
        app: &App,
        (tx, locale): (&mut Tx, &str),
        member: Member,
    ) -> Result<Member, Error> {
        if member.is_service() {
            return Ok(member);
        }
        if member.status == Status::Removed {
            let account = self.former_account(app, tx, &member).await?;
            return Ok(Member { account: Some(account), ..member });
        }
        let email =
            Email::parse(&member.email).map_err(|why| Error::broken(why.to_string()))?;
        match tx.accounts().find_confirmed(&email).await? {
            // A member has the name and the address of the account.
            Some(account) => Ok(Member {
                account: Some(account.id),
                first_name: account.first_name.to_string(),
                last_name: account.last_name.clone(),
                email: account.email.as_str().to_owned(),
                ..member
            }),
            None => {
                let account = new_account(app, &member, (email, locale))?;
                tx.accounts().insert(&account).await?;
                Ok(Member { account: Some(account.id), ..member })
            }
        }
    }

    /// The account with which a removed member would come back; one that does not exist, if there is none.
    async fn former_account(
        &self,
        app: &App,
        tx: &mut Tx,
        member: &Member,
    ) -> Result<AccountId, Error> {
        let email = Email::parse(&member.email).ok();
        let is_alone = self.0.get(&key(&member.email)).is_none_or(|n| *n == 1);
        let confirmed = match email.filter(|_| is_alone) {
            Some(email) => tx.accounts().find_confirmed(&email).await?,
            None => None,
        };
        Ok(confirmed.map_or_else(|| app.id(), |account| account.id))
    }
}

/// An account that no one can sign in with until its address is confirmed.
pub(super) fn new_account(
    app: &App,
    member: &Member,
    (email, locale): (Email, &str),
) -> Result<Account, Error> {
    let first_name = Name::stored(&member.first_name);
    Ok(Account {
        id: app.id(),
        email,
        first_name: first_name.ok_or_else(|| Error::broken("a member without a name"))?,
        last_name: member.last_name.clone(),
        password: None,
        locale: locale.to_owned(),
        picture: None,
        notifications: Map::new(),
        is_operator: false,
        disabled_at: None,
        confirmed_at: None,
        created_at: app.now(),
        version: 1,
    })
}
