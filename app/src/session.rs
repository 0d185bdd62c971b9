//! Sessions: sign in by password, sign out, list, revoke.

use hallpass_domain::account::Account;
use hallpass_domain::attempt::{DEVICE_KNOWN, blocked_on_device, blocked_until};
use hallpass_domain::device::TRUSTED;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::password::Password;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::session::{IDLE, LONGEST, Session};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::Tx;
use tracing::info;

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::hasher::Verdict;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

mod duration;
pub mod sign_in;

/// How long failed attempts are stored.
const ATTEMPTS_RETENTION: Span = Span::days(1);

/// How many characters of a client's name are stored.
const LONGEST_CLIENT: usize = 200;

/// Proves that the person of an account has just typed its password.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmedPassword(AccountId);

impl ConfirmedPassword {
    /// Checks that it is the password of a principal's account.
    pub(crate) fn check(self, principal: &Principal) -> Result<(), Error> {
        if principal.person()? == self.0 { Ok(()) } else { Err(Refusal::WrongPassword.into()) }
    }
}

/// Sessions of accounts.
pub struct Sessions<'a>(pub(crate) &'a App);

impl Sessions<'_> {
    /// Ends the session of the principal.
    #[boxed]
    pub async fn sign_out(&self, principal: &Principal) -> Result<(), Error> {
        self.revoke(principal, principal.session()?).await
    }

    /// Lists the sessions of the principal's account, the latest first; for single sign-on of a workspace,
    /// its own.
    #[boxed]
    pub async fn list(&self, principal: &Principal) -> Result<Vec<Session>, Error> {
        let (db, now) = (self.0.db(), self.0.now());
        let mut sessions = db.read().await?.sessions().list(principal.person()?).await?;
        let (own, is_holder) = (principal.session()?, principal.holder().is_ok());
        sessions.retain(|one| one.is_alive(now) && (is_holder || one.id == own));
        Ok(sessions)
    }

    /// Ends a session of the principal's account: their own at any time, another one soon after a sign-in, so
    /// that who finds a browser open does not put its owner out everywhere else.
    ///
    /// # Errors
    ///
    /// `Missing`; `StepUp` for another session when the sign-in is not recent; `NotByKey`.
    #[boxed]
    pub async fn revoke(&self, principal: &Principal, id: SessionId) -> Result<(), Error> {
        let account = if id == principal.session()? {
            principal.person()?
        } else {
            let account = principal.holder()?;
            principal.check_recent(self.0.now())?;
            account
        };
        let mut tx = self.0.db().write().await?;
        if !tx.sessions().delete(account, id).await? {
            return Err(Error::Missing { noun: "session" });
        }
        Ok(tx.commit().await?)
    }

    /// Deletes the sessions and links that have expired, and failed attempts that count no longer.
    #[boxed]
    pub async fn delete_expired(&self) -> Result<(), Error> {
        let now = self.0.now();
        let before = |span: Span| now - span;
        let mut tx = self.0.db().write().await?;
        tx.sessions().delete_expired(before(IDLE), before(LONGEST)).await?;
        tx.links().delete_expired(now).await?;
        tx.address_changes().delete_expired(now).await?;
        tx.attempts().delete_before(before(ATTEMPTS_RETENTION)).await?;
        tx.devices().delete_before(before(DEVICE_KNOWN)).await?;
        tx.pending_sign_ins().delete_expired(now).await?;
        tx.passkey_ceremonies().delete_expired(now).await?;
        tx.trusted_devices().delete_before(before(TRUSTED)).await?;
        tx.delete_expired_sign_on(now, before(LONGEST)).await?;
        Ok(tx.commit().await?)
    }

    /// Confirms that the person of a principal is present, by their password. `WrongPassword`, and
    /// `TooMany` after several failures.
    #[boxed]
    pub async fn confirm_password(
        &self,
        principal: &Principal,
        password: &str,
        origin: &Origin,
    ) -> Result<ConfirmedPassword, Error> {
        let verified = self.verify_own_password(principal, password, origin).await?;
        let account = verified.ok_or(Error::Refused(Refusal::WrongPassword))?;
        Ok(ConfirmedPassword(account.id))
    }

    /// Finds the account of an address if the password is right: the one that has confirmed it, or the
    /// latest that has not. Whether there are such accounts, two hashes are verified. `TooMany` after
    /// several failures.
    pub(crate) async fn verify_password(
        &self,
        email: &Email,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<Account>, Error> {
        let found = self.find_by_password(email, password, origin).await?;
        if let Some((account, attempt)) = &found {
            self.end_attempt(account, attempt, origin).await?;
        }
        Ok(found.map(|(account, _)| account))
    }

    /// Finds the account of an address as [`Sessions::verify_password`] does, and leaves the attempt
    /// counted.
    async fn find_by_password(
        &self,
        email: &Email,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<(Account, Attempt)>, Error> {
        let attempt = self.begin_attempt(email, origin).await?;
        let mut tx = self.0.db().read().await?;
        let accounts = match &attempt {
            Attempt::Anywhere => {
                let confirmed = tx.accounts().find_confirmed(email).await?;
                [confirmed, tx.accounts().find_unconfirmed(email).await?]
            }
            Attempt::OnDevice { account, .. } => [tx.accounts().find(*account).await?, None],
        };
        drop(tx);
        Ok(self.verify(accounts, password).await?.map(|account| (account, attempt)))
    }

    /// Returns the account of a principal if the password is its own. `TooMany` after several failures,
    /// here or at a sign-in.
    pub(crate) async fn verify_own_password(
        &self,
        principal: &Principal,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<Account>, Error> {
        let account = self.0.accounts().load(principal).await?;
        let attempt = self.begin_attempt(&account.email, origin).await?;
        let is_of = match &attempt {
            Attempt::Anywhere => true,
            Attempt::OnDevice { account: of_device, .. } => *of_device == account.id,
        };
        let found = self.verify([Some(account).filter(|_| is_of)], password).await?;
        if let Some(account) = &found {
            self.end_attempt(account, &attempt, origin).await?;
        }
        Ok(found)
    }

    /// Returns the first of some accounts with an address that has a password.
    async fn verify<const N: usize>(
        &self,
        accounts: [Option<Account>; N],
        password: &str,
    ) -> Result<Option<Account>, Error> {
        let password = Password::typed(password);
        let hashes = accounts.each_ref().map(|account| {
            account.as_ref()?.password.as_ref().map(|hash| hash.expose().as_str())
        });
        let verdicts = self.0.hasher().verify(&password, hashes).await?;
        let mut judged = accounts
            .into_iter()
            .zip(verdicts)
            .filter_map(|(account, verdict)| Some((account?, verdict)));
        let Some((account, verdict)) = judged.find(|(_, verdict)| verdict.is_right()) else {
            return Ok(None);
        };
        if verdict == Verdict::RightAtOtherCost {
            self.rehash(&account, &password).await?;
        }
        Ok(Some(account))
    }

    /// Counts an attempt as right. The account that has confirmed the address starts again; one that only
    /// claims it takes back no more than its own attempt, whether or not there is another: else who claims
    /// an address could guess the password of its account without a limit, or learn that there is one.
    /// So does one with a second factor: else who knows its password could guess codes without a limit.
    async fn end_attempt(
        &self,
        account: &Account,
        attempt: &Attempt,
        origin: &Origin,
    ) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        let has_factor = tx.factors().load(account.id).await?.is_enabled();
        if let Attempt::OnDevice { subject, .. } = attempt {
            if has_factor {
                tx.attempts().take_back(subject).await?;
            } else {
                tx.attempts().reset(subject).await?;
            }
            return Ok(tx.commit().await?);
        }
        for subject in subjects(&account.email, origin) {
            if account.confirmed_at.is_some() && !has_factor {
                tx.attempts().reset(&subject).await?;
            } else {
                tx.attempts().take_back(&subject).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Stores the hash of a password that has been verified at the configured cost, unless the password
    /// has changed or the server is busy: the next sign-in tries again.
    async fn rehash(&self, account: &Account, password: &Password) -> Result<(), Error> {
        let hash = match self.0.hasher().hash(password, self.0.random()).await {
            Ok(hash) => hash,
            Err(Error::Refused(Refusal::Busy { .. })) => return Ok(()),
            Err(error) => return Err(error),
        };
        let Some(before) = &account.password else { return Ok(()) };
        let mut tx = self.0.db().write().await?;
        tx.accounts().replace_hash(account.id, before.expose(), &hash).await?;
        Ok(tx.commit().await?)
    }

    /// Resets what an attempt was counted under, after a second factor that was right: on a device, that
    /// device alone.
    pub(crate) async fn settle(
        tx: &mut Tx,
        account: &Account,
        attempt: &Attempt,
        origin: &Origin,
    ) -> Result<(), Error> {
        if let Attempt::OnDevice { subject, .. } = attempt {
            return Ok(tx.attempts().reset(subject).await?);
        }
        if account.confirmed_at.is_some() {
            for subject in subjects(&account.email, origin) {
                tx.attempts().reset(&subject).await?;
            }
        }
        Ok(())
    }

    /// Counts an attempt as failed before its password is verified, so that of many attempts at the
    /// same time no more are verified than of as many after each other. Where the network has to wait, a
    /// device on which an account has signed in may still try that one account, on a count of its own.
    pub(crate) async fn begin_attempt(
        &self,
        email: &Email,
        origin: &Origin,
    ) -> Result<Attempt, Error> {
        let now = self.0.now();
        let mut tx = self.0.db().write().await?;
        let [from_network, in_all] = subjects(email, origin);
        let until = blocked_until(
            tx.attempts().failures_for_update(&from_network, now).await?,
            tx.attempts().failures_for_update(&in_all, now).await?,
        );
        if let Some(until) = until.filter(|until| *until > now) {
            drop(tx);
            let on_device = self.begin_on_device(email, origin).await?;
            return on_device.ok_or_else(|| too_many(until, now));
        }
        for subject in [from_network, in_all] {
            tx.attempts().record_failure(&subject, now).await?;
        }
        tx.commit().await?;
        Ok(Attempt::Anywhere)
    }

    /// Counts an attempt on a device. None where no account with the address has signed in on it.
    async fn begin_on_device(
        &self,
        email: &Email,
        origin: &Origin,
    ) -> Result<Option<Attempt>, Error> {
        let Some(device) = &origin.device else { return Ok(None) };
        let (now, mut tx) = (self.0.now(), self.0.db().write().await?);
        let found = tx.devices().find_account(email, &device.hash()).await?;
        let Some(account) = found else { return Ok(None) };
        let subject = format!("{account} on {}", device.name());
        let failures = tx.attempts().failures_for_update(&subject, now).await?;
        if let Some(until) = blocked_on_device(failures).filter(|until| *until > now) {
            return Err(too_many(until, now));
        }
        tx.attempts().record_failure(&subject, now).await?;
        tx.commit().await?;
        Ok(Some(Attempt::OnDevice { account, subject }))
    }

    /// Notes that a session is used now, where that is due. Returns it with the pause before.
    pub(crate) fn note_use(&self, session: Session, origin: &Origin) -> Session {
        let now = self.0.now();
        if !session.is_to_be_seen(now) {
            return session;
        }
        let session = session.used(&origin.address, now);
        self.0.presence_log().note_session(&session);
        session
    }

    /// Adds a authentication to the session of a principal, which gets another token: one that was known before
    /// never has the rights that come with the authentication. `NotSignedIn` when the session has ended.
    pub(crate) async fn elevate(
        &self,
        tx: &mut Tx,
        principal: &Principal,
        method: Method,
    ) -> Result<Token, Error> {
        let (account, id, now) = (principal.person()?, principal.session()?, self.0.now());
        let session = tx.sessions().find_by_id(account, id).await?.ok_or(Error::NotSignedIn)?;
        let authentications = session.authentications.and(method, now);
        let elevated =
            Session { authentications, seen_at: now, longest_pause: Span(0), ..session };
        let token = Token::new(self.0.random());
        if tx.sessions().update_authentications(&elevated, &token.hash()).await? {
            info!(account.id = %account, session.id = %id, "signed in further by {method}");
            Ok(token)
        } else {
            Err(Error::NotSignedIn)
        }
    }

    /// Starts a session of an account whose person has proved who they are, and returns its token: the one
    /// place where sessions begin, whatever the way in. `BadCredentials` for an account that may not sign in.
    pub(crate) async fn start(
        &self,
        tx: &mut Tx,
        account: AccountId,
        authentications: Authentications,
        origin: &Origin,
    ) -> Result<Token, Error> {
        if !tx.accounts().may_sign_in(account).await? {
            return Err(Refusal::BadCredentials.into());
        }
        let (token, now) = (Token::new(self.0.random()), self.0.now());
        let session = Session {
            id: self.0.id(),
            account,
            created_at: now,
            seen_at: now,
            longest_pause: Span(0),
            authentications,
            client: client_name(origin),
            address: origin.address.clone(),
            view: None,
        };
        tx.sessions().insert(&token.hash(), &session).await?;
        let device = origin.device.clone().unwrap_or_else(|| token.device());
        tx.devices().record(account, &device.hash(), now).await?;
        let by = &session.authentications;
        info!(account.id = %account, session.id = %session.id, "signed in by {by}");
        Ok(token)
    }
}

/// The name of the client of a request, as it is stored.
pub(crate) fn client_name(origin: &Origin) -> String {
    origin.client.chars().filter(|c| !c.is_control()).take(LONGEST_CLIENT).collect()
}

/// An attempt that may be verified.
pub(crate) enum Attempt {
    /// With any account that has the address.
    Anywhere,
    /// With the account that has signed in on the device; counted under a subject of its own.
    OnDevice { account: AccountId, subject: String },
}

fn too_many(until: Timestamp, now: Timestamp) -> Error {
    let seconds = (until - now).0.div_euclid(1_000_000) + 1;
    Refusal::TooMany { seconds }.into()
}

/// The subjects under which attempts are counted: the account from one network, and the account from
/// all networks.
fn subjects(email: &Email, origin: &Origin) -> [String; 2] {
    [format!("{} from {}", email.key(), origin.network), email.key().to_owned()]
}
