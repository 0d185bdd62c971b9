//! Signing in: the password first, then the second factor of an account that has one.
//!
//! **Invariant:** an account with a second factor gets no session by its password alone. What a person
//! sends counts as a failed attempt before it is verified, and a right password alone resets nothing.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::factor::{Factors, PENDING, TypedCode};
use hallpass_domain::id::ConnectionId;
use hallpass_domain::mail_template::FactorChange;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::Session;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_store::Tx;

use super::{Attempt, Sessions};
use crate::boxed;
use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

/// A sign-in whose password was right.
pub enum SignIn {
    /// It is complete.
    Complete(Box<SignedIn>),
    /// It waits for a second factor; the token is bound to the browser and is no session.
    Pending(Token),
}

/// A complete sign-in.
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The token of the session.
    pub session: Token,
    /// The token of the device, if it is to be trusted from now on.
    pub device: Option<Token>,
}

/// Whether the device of a sign-in is trusted from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceTrust {
    /// The next sign-in needs the second factor again.
    Once,
    /// Later sign-ins need the password alone, for a while.
    Remember,
}

/// What was sent as a second factor.
#[derive(Clone, Copy)]
enum Second<'s> {
    Nothing,
    Code(&'s str),
    Device(&'s Token),
}

impl Sessions<'_> {
    /// Signs in by password, and by a code where the account has a second factor, in a new session. An
    /// account that every one of its workspaces has signed out cannot sign in (CRM-138).
    ///
    /// # Errors
    ///
    /// `BadCredentials` does not say what is wrong; `SecondFactor` with the factors of the account
    /// where it needs one; `WrongCode`; `TooMany` after several failures.
    #[boxed]
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        let bad = || Error::Refused(Refusal::BadCredentials);
        let email = Email::parse(email).map_err(|_| bad())?;
        let found = self.find_by_password(&email, password, origin).await?;
        let (account, attempt) = found.ok_or_else(bad)?;
        let has_factor = self.0.factors().of(account.id).await?.is_enabled();
        let is_open = code.is_some() && has_factor;
        if !is_open {
            self.end_attempt(&account, &attempt, origin).await?;
        }
        let second = code.map_or(Second::Nothing, Second::Code);
        let mut tx = self.0.db().write().await?;
        let Some(proven) = self.prove(&mut tx, &account, second).await? else {
            let factors = tx.factors().load(account.id).await?.list();
            return Err(Error::SecondFactor(factors));
        };
        let attempt = Some(&attempt).filter(|_| is_open);
        let token = self.complete(&mut tx, &account, proven, (attempt, origin)).await?;
        tx.commit().await?;
        Ok((account, token))
    }

    /// Authenticates the person of a session again, by the password, a code of an authenticator app or a
    /// recovery code, or both. Returns the new token of the session.
    ///
    /// # Errors
    ///
    /// `Fields` without either; `WrongPassword`; `WrongCode`; `SecondFactor` where the account has one and
    /// the session has shown none: the password alone does not open it, whatever the session began with;
    /// `TooMany` after several failures.
    #[boxed]
    pub async fn reauthenticate(
        &self,
        principal: &Principal,
        (password, code): (Option<&str>, Option<&str>),
        origin: &Origin,
    ) -> Result<(Account, Token), Error> {
        principal.session()?;
        let account = match password {
            Some(password) => {
                let verified = self.verify_own_password(principal, password, origin).await?;
                verified.ok_or(Error::Refused(Refusal::WrongPassword))?
            }
            None => self.0.accounts().load(principal).await?,
        };
        let attempt = match code {
            Some(_) => Some(self.begin_attempt(&account.email, origin).await?),
            None => None,
        };
        let mut tx = self.0.db().write().await?;
        let mut token = None;
        if let Some((code, attempt)) = code.zip(attempt) {
            let method = self.accept_code(&mut tx, &account, code).await?;
            Self::settle(&mut tx, &account, &attempt, origin).await?;
            token = Some(self.elevate(&mut tx, principal, method).await?);
        }
        if password.is_some() {
            let (factors, session) =
                (tx.factors().load(account.id).await?, principal.session()?);
            let session = tx.sessions().find_by_id(account.id, session).await?;
            let session = session.ok_or(Error::NotSignedIn)?;
            if factors.is_enabled() && !session.authentications.have_second_factor(None) {
                return Err(Error::SecondFactor(factors.list()));
            }
            token = Some(self.elevate(&mut tx, principal, Method::Password).await?);
        }
        let Some(token) = token else {
            let detail = "send the password or a code";
            return Err(Refusal::field("/password", "missing", detail).into());
        };
        tx.commit().await?;
        Ok((account, token))
    }

    /// Takes single sign-on through a connection from the session of a principal, which gets another
    /// token. `NotSignedIn` when the session has ended.
    pub(crate) async fn lower(
        &self,
        tx: &mut Tx,
        principal: &Principal,
        connection: ConnectionId,
    ) -> Result<Token, Error> {
        let (account, id) = (principal.person()?, principal.session()?);
        let session = tx.sessions().find_by_id(account, id).await?.ok_or(Error::NotSignedIn)?;
        let authentications = session.authentications.clone().without(connection);
        let lowered = Session { authentications, ..session };
        let token = Token::new(self.0.random());
        if tx.sessions().update_authentications(&lowered, &token.hash()).await? {
            Ok(token)
        } else {
            Err(Error::NotSignedIn)
        }
    }

    /// Begins a sign-in by password. It is complete where the account has no second factor, or the
    /// device is trusted.
    ///
    /// # Errors
    ///
    /// `BadCredentials`; `TooMany` after several failures.
    #[boxed]
    pub async fn begin_sign_in(
        &self,
        email: &str,
        password: &str,
        device: Option<&Token>,
        origin: &Origin,
    ) -> Result<SignIn, Error> {
        let bad = || Error::Refused(Refusal::BadCredentials);
        let email = Email::parse(email).map_err(|_| bad())?;
        let found = self.verify_password(&email, password, origin).await?;
        let account = found.ok_or_else(bad)?;
        let second = device.map_or(Second::Nothing, Second::Device);
        let mut tx = self.0.db().write().await?;
        if let Some(proven) = self.prove(&mut tx, &account, second).await? {
            let session = self.complete(&mut tx, &account, proven, (None, origin)).await?;
            tx.commit().await?;
            let done = SignedIn { account, session, device: None };
            return Ok(SignIn::Complete(Box::new(done)));
        }
        let pending = Token::new(self.0.random());
        let until = self.0.now() + PENDING;
        tx.pending_sign_ins().insert(&pending.hash(), account.id, until).await?;
        tx.commit().await?;
        Ok(SignIn::Pending(pending))
    }

    /// Loads a sign-in that waits for its second factor: the account and its factors. `NotSignedIn`
    /// when it waits no longer.
    #[boxed]
    pub async fn load_pending(&self, pending: &Token) -> Result<(Account, Factors), Error> {
        let mut tx = self.0.db().read().await?;
        let id = tx.pending_sign_ins().find(&pending.hash(), self.0.now()).await?;
        let account = tx.accounts().find(id.ok_or(Error::NotSignedIn)?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        let factors = tx.factors().load(account.id).await?;
        Ok((account, factors))
    }

    /// Completes a sign-in by a code of an authenticator app or a recovery code. After a wrong code it
    /// still waits.
    ///
    /// # Errors
    ///
    /// `NotSignedIn` when it waits no longer; `WrongCode`; `TooMany` after several failures.
    #[boxed]
    pub async fn finish_sign_in(
        &self,
        pending: &Token,
        code: &str,
        trust: DeviceTrust,
        origin: &Origin,
    ) -> Result<SignedIn, Error> {
        let (account, _) = self.load_pending(pending).await?;
        let attempt = self.begin_attempt(&account.email, origin).await?;
        let mut tx = self.0.db().write().await?;
        // Of two requests with one sign-in, one takes it; a wrong code puts it back.
        let taken = tx.pending_sign_ins().consume(&pending.hash(), self.0.now()).await?;
        let account = tx.accounts().find(taken.ok_or(Error::NotSignedIn)?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        let proven = self.prove(&mut tx, &account, Second::Code(code)).await?;
        // The factor was removed since: the password alone was right, and is asked again.
        let proven = proven.ok_or(Error::NotSignedIn)?;
        let counted = (Some(&attempt), origin);
        let session = self.complete(&mut tx, &account, proven, counted).await?;
        let device = match trust {
            DeviceTrust::Once => None,
            DeviceTrust::Remember => {
                Some(self.0.devices().remember(&mut tx, account.id, origin).await?)
            }
        };
        tx.commit().await?;
        Ok(SignedIn { account, session, device })
    }

    /// How a person whose password was right has shown who they are. `None` where a second factor is missing.
    async fn prove(
        &self,
        tx: &mut Tx,
        account: &Account,
        second: Second<'_>,
    ) -> Result<Option<Authentications>, Error> {
        let now = self.0.now();
        let proven = Authentications::of(Method::Password, now);
        if !tx.factors().load(account.id).await?.is_enabled() {
            return Ok(Some(proven));
        }
        let method = match second {
            Second::Nothing => None,
            Second::Code(code) => Some(self.accept_code(tx, account, code).await?),
            Second::Device(token) => {
                let is_trusted = self.0.devices().recognize(tx, account.id, token).await?;
                is_trusted.then_some(Method::TrustedDevice)
            }
        };
        let Some(method) = method else { return Ok(None) };
        Ok(Some(proven.and(method, now)))
    }

    /// Accepts a code of an authenticator app, or a recovery code, for the one time that it counts.
    async fn accept_code(
        &self,
        tx: &mut Tx,
        account: &Account,
        code: &str,
    ) -> Result<Method, Error> {
        let factors = tx.factors().load(account.id).await?;
        match TypedCode::parse(code) {
            Some(TypedCode::Totp(code))
                if factors.totp_since.is_some()
                    && self.0.totps().accept(tx, account.id, &code).await? =>
            {
                Ok(Method::Totp)
            }
            Some(TypedCode::Recovery(code))
                if self.0.recovery_codes().accept(tx, account.id, &code).await? =>
            {
                let used = FactorChange::CodeUsed;
                self.0.factors().notify(tx, account, used, None).await?;
                Ok(Method::RecoveryCode)
            }
            Some(_) | None => Err(Refusal::WrongCode.into()),
        }
    }

    /// Starts the session of a sign-in that is complete, and resets what its attempt was counted under, if
    /// that is still open.
    pub(crate) async fn complete(
        &self,
        tx: &mut Tx,
        account: &Account,
        proven: Authentications,
        (attempt, origin): (Option<&Attempt>, &Origin),
    ) -> Result<Token, Error> {
        if let Some(attempt) = attempt {
            Self::settle(tx, account, attempt, origin).await?;
        }
        self.start(tx, account.id, proven, origin).await
    }
}
