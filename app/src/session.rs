//! Sessions: sign in by password, sign out, list, revoke.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::password::Password;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::{IDLE, LONGEST, Session};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::Tx;
use hallpass_store::session::attempt::Failures;

use crate::app::App;
use crate::error::Error;
use crate::principal::Principal;
use crate::secret::Token;

/// How many attempts on an account may fail from one address before the next has to wait.
const FREE_ATTEMPTS: i64 = 5;

/// How many attempts on an account may fail from all addresses together.
const FREE_ATTEMPTS_IN_ALL: i64 = 50;

/// The longest wait.
const LONGEST_WAIT: Span = Span::minutes(15);

/// How long failed attempts are stored.
const ATTEMPTS_RETENTION: Span = Span::days(1);

/// How many characters of a client's name are stored.
const LONGEST_CLIENT: usize = 200;

/// Where a sign-in comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// The name that the browser or program gives itself.
    pub client: String,
}

/// Sessions of accounts.
pub struct Sessions<'a>(pub(crate) &'a App);

impl Sessions<'_> {
    /// Signs in by password, in a new session. An account that every one of its workspaces has signed
    /// out cannot sign in (CRM-138). `BadCredentials` does not say what is wrong; `TooMany` after
    /// several failures.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let email = Email::parse(email).map_err(|_| Error::Refused(Refusal::BadCredentials))?;
        let verified = self.verify_password(&email, password, origin).await?;
        let mut tx = self.0.db().write().await?;
        let account = match verified {
            Some(account) if tx.accounts().may_sign_in(account.id).await? => account,
            Some(_) | None => {
                self.record_failure(tx, &email, origin).await?;
                return Err(Refusal::BadCredentials.into());
            }
        };
        for subject in subjects(&email, origin) {
            tx.attempts().reset(&subject).await?;
        }
        let token = self.insert(&mut tx, account.id, origin).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// Ends the session of the principal.
    pub async fn sign_out(&self, principal: &Principal) -> Result<(), Error> {
        self.revoke(principal, principal.session()?).await
    }

    /// Lists the sessions of the principal's account, the latest first.
    pub async fn list(&self, principal: &Principal) -> Result<Vec<Session>, Error> {
        let (db, now) = (self.0.db(), self.0.now());
        let mut sessions = db.read().await?.sessions().list(principal.person()?).await?;
        sessions.retain(|session| session.is_alive(now));
        Ok(sessions)
    }

    /// Ends a session of the principal's account.
    pub async fn revoke(&self, principal: &Principal, id: SessionId) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        if !tx.sessions().delete(principal.person()?, id).await? {
            return Err(Error::Missing { noun: "session" });
        }
        Ok(tx.commit().await?)
    }

    /// Deletes the sessions that have expired, and failed attempts that count no longer.
    pub async fn delete_expired(&self) -> Result<(), Error> {
        let now = self.0.now();
        let before = |span: Span| now - span;
        let mut tx = self.0.db().write().await?;
        tx.sessions().delete_expired(before(IDLE), before(LONGEST)).await?;
        tx.attempts().delete_before(before(ATTEMPTS_RETENTION)).await?;
        Ok(tx.commit().await?)
    }

    /// Finds the account of an address if the password is right. `TooMany` after several failures.
    pub(crate) async fn verify_password(
        &self,
        email: &Email,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<Account>, Error> {
        let account = {
            let mut tx = self.0.db().read().await?;
            self.check_attempts(&mut tx, email, origin).await?;
            tx.accounts().find_by_email(email).await?
        };
        let hash = account.as_ref().and_then(|account| account.password.as_deref());
        let is_right = self.0.hasher().verify(&Password::typed(password), hash).await?;
        Ok(account.filter(|_| is_right))
    }

    /// Stores a failed attempt, and commits.
    pub(crate) async fn record_failure(
        &self,
        tx: Tx,
        email: &Email,
        origin: &Origin,
    ) -> Result<(), Error> {
        let mut tx = tx;
        for subject in subjects(email, origin) {
            tx.attempts().record_failure(&subject, self.0.now()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Stores that a session is in use.
    pub(crate) async fn update_seen_at(&self, token: &Token) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        tx.sessions().update_seen_at(&token.hash(), self.0.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Inserts a new session of an account, and returns its token.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        account: AccountId,
        origin: &Origin,
    ) -> Result<Token, Error> {
        let (token, now) = (Token::new(self.0.random()), self.0.now());
        let client = origin.client.chars().filter(|c| !c.is_control());
        let session = Session {
            id: self.0.id(),
            account,
            created_at: now,
            seen_at: now,
            client: client.take(LONGEST_CLIENT).collect(),
        };
        tx.sessions().insert(&token.hash(), &session).await?;
        Ok(token)
    }

    async fn check_attempts(
        &self,
        tx: &mut Tx,
        email: &Email,
        origin: &Origin,
    ) -> Result<(), Error> {
        let [from_address, in_all] = subjects(email, origin);
        let waits = [
            blocked_until(tx.attempts().failures(&from_address).await?, FREE_ATTEMPTS),
            blocked_until(tx.attempts().failures(&in_all).await?, FREE_ATTEMPTS_IN_ALL),
        ];
        let until = waits.into_iter().flatten().max();
        match until.filter(|until| *until > self.0.now()) {
            Some(until) => {
                let left = until - self.0.now();
                Err(Refusal::TooMany { seconds: left.0.div_euclid(1_000_000) + 1 }.into())
            }
            None => Ok(()),
        }
    }
}

/// The subjects under which attempts are counted: the account from one network address, so that a
/// stranger does not lock its owner out, and, with a higher limit, the account from all addresses.
fn subjects(email: &Email, origin: &Origin) -> [String; 2] {
    [format!("{} from {}", email.key(), origin.address), email.key().to_owned()]
}

/// Returns until when the next attempt has to wait: twice as long after each failure beyond the free
/// ones.
fn blocked_until(failures: Failures, free: i64) -> Option<Timestamp> {
    let excess = u32::try_from(failures.count - free).ok()?;
    let span = Span::seconds(1_i64.checked_shl(excess.min(20))?);
    Some(failures.last_at + span.min(LONGEST_WAIT))
}
