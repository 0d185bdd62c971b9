//! Sessions: signing in by password, and what becomes of it.

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

/// How many attempts may fail from one place before the next has to wait.
const FREE: i64 = 5;

/// How many may fail on one account from everywhere.
const FREE_EVERYWHERE: i64 = 50;

/// The longest wait.
const LONGEST_WAIT: Span = Span::minutes(15);

/// The most characters that are kept of what a client calls itself.
const LONGEST_CLIENT: usize = 200;

/// From where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address of their machine.
    pub address: String,
    /// What their browser or program calls itself.
    pub client: String,
}

impl App {
    /// Signs somebody in by password, with a new session. Whoever was signed out by every workspace
    /// that they are in does not sign in (CRM-138).
    ///
    /// # Errors
    ///
    /// `BadCredentials`, whatever is wrong; `TooMany` after several that were.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let email = Email::parse(email).map_err(|_| Error::Refused(Refusal::BadCredentials))?;
        let known = self.recognize(&email, password, origin).await?;
        let mut tx = self.db().write().await?;
        let account = match known {
            Some(account) if tx.accounts().may_sign_in(account.id).await? => account,
            Some(_) | None => {
                self.count_failure(tx, &email, origin).await?;
                return Err(Refusal::BadCredentials.into());
            }
        };
        for subject in subjects(&email, origin) {
            tx.attempts().reset(&subject).await?;
        }
        let token = self.open_session(&mut tx, account.id, origin).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// The account of an address, if the password is its.
    ///
    /// # Errors
    ///
    /// `TooMany` after several that were not.
    pub(crate) async fn recognize(
        &self,
        email: &Email,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<Account>, Error> {
        let account = {
            let mut tx = self.db().read().await?;
            self.check_attempts(&mut tx, email, origin).await?;
            tx.accounts().find_by_email(email).await?
        };
        let hash = account.as_ref().and_then(|account| account.password.as_deref());
        let is_right = self.hasher().verify(&Password::typed(password), hash).await?;
        Ok(account.filter(|_| is_right))
    }

    /// Writes down that an attempt failed.
    pub(crate) async fn count_failure(
        &self,
        tx: Tx,
        email: &Email,
        origin: &Origin,
    ) -> Result<(), Error> {
        let mut tx = tx;
        for subject in subjects(email, origin) {
            tx.attempts().record_failure(&subject, self.now()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Who brings a token; nobody when its session has ended.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn principal(
        &self,
        token: &Token,
        request: &str,
    ) -> Result<Option<Principal>, Error> {
        let found = {
            let mut tx = self.db().read().await?;
            self.session_of(&mut tx, token).await?
        };
        let Some(session) = found else { return Ok(None) };
        if session.is_to_be_seen(self.now()) {
            self.see_session(token).await?;
        }
        Ok(Some(Principal::of_session(session.account, session.id, request)))
    }

    /// The session of a token, if it has not ended.
    pub(crate) async fn session_of(
        &self,
        tx: &mut Tx,
        token: &Token,
    ) -> Result<Option<Session>, Error> {
        let found = tx.sessions().find(&token.hash()).await?;
        Ok(found.filter(|session| session.is_alive(self.now())))
    }

    /// Notes that a session was used.
    pub(crate) async fn see_session(&self, token: &Token) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        tx.sessions().update_seen_at(&token.hash(), self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// The sessions of the caller's account, the latest first.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn sessions(&self, principal: &Principal) -> Result<Vec<Session>, Error> {
        let now = self.now();
        let mut sessions = self.db().read().await?.sessions().list(principal.person()?).await?;
        sessions.retain(|session| session.is_alive(now));
        Ok(sessions)
    }

    /// Ends a session of the caller's account.
    ///
    /// # Errors
    ///
    /// `Missing` when the account has no such session.
    pub async fn end_session(&self, principal: &Principal, id: SessionId) -> Result<(), Error> {
        let mut tx = self.db().write().await?;
        if !tx.sessions().delete(principal.person()?, id).await? {
            return Err(Error::Missing { noun: "session" });
        }
        Ok(tx.commit().await?)
    }

    /// Ends the caller's own session.
    ///
    /// # Errors
    ///
    /// As for [`App::end_session`].
    pub async fn sign_out(&self, principal: &Principal) -> Result<(), Error> {
        self.end_session(principal, principal.session()?).await
    }

    /// Takes away sessions and attempts that count no more.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn sweep(&self) -> Result<(), Error> {
        let now = self.now();
        let before = |span: Span| Timestamp(now.0.saturating_sub(span.0));
        let mut tx = self.db().write().await?;
        tx.sessions().delete_expired(before(IDLE), before(LONGEST)).await?;
        tx.attempts().delete_before(before(Span::days(1))).await?;
        tx.idempotent_requests().delete_before(before(Span::days(1))).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn open_session(
        &self,
        tx: &mut Tx,
        account: AccountId,
        origin: &Origin,
    ) -> Result<Token, Error> {
        let (token, now) = (Token::new(self.random()), self.now());
        let session = Session {
            id: self.id(),
            account,
            created_at: now,
            seen_at: now,
            client: origin
                .client
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_CLIENT)
                .collect(),
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
        let [here, everywhere] = subjects(email, origin);
        let waits = [
            wait(tx.attempts().failures(&here).await?, FREE),
            wait(tx.attempts().failures(&everywhere).await?, FREE_EVERYWHERE),
        ];
        let until = waits.into_iter().flatten().max();
        match until.filter(|until| *until > self.now()) {
            Some(until) => {
                let left = until - self.now();
                Err(Refusal::TooMany { seconds: left.0.div_euclid(1_000_000) + 1 }.into())
            }
            None => Ok(()),
        }
    }
}

/// What attempts are counted by: an address from one place, so that nobody locks others out, and,
/// more patiently, the address from everywhere.
fn subjects(email: &Email, origin: &Origin) -> [String; 2] {
    [format!("{} from {}", email.key(), origin.address), email.key().to_owned()]
}

/// Until when to wait after failures: twice as long with each beyond those that are free.
fn wait(failures: Failures, free: i64) -> Option<Timestamp> {
    let beyond = u32::try_from(failures.count - free).ok()?;
    let span = Span::seconds(1_i64.checked_shl(beyond.min(20))?);
    Some(failures.last_at + span.min(LONGEST_WAIT))
}
