//! The sign-in policy of a workspace, asked on every request.

use hallpass_domain::id::{AccountId, ApiKeyId};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::policy::{Entrant, Missing, SignInPolicy};
use hallpass_domain::time::Span;

use super::WorkspaceContext;
use super::entrance::Entrance;
use crate::error::Error;

const NETWORK: &str = "the workspace is used only from the networks that it allows, and yours is not \
                       among them";

const KEY_NETWORK: &str =
    "this API key is used only from its own networks, and yours is not among them";

const DOMAIN: &str = "the workspace is used only with email addresses of the domains that it allows, \
                      and yours is not among them";

/// What keeps a member from entering.
enum Obstacle {
    Network,
    KeyNetwork,
    Domain,
    Missing(Vec<Missing>),
}

impl WorkspaceContext {
    /// The context, for a principal from whom the sign-in policy of the workspace asks no more than
    /// they have. Networks and domains bind API keys as well, and an API key can have networks of its own.
    ///
    /// # Errors
    ///
    /// `Denied` from a network that the workspace or the key does not allow, or with an email address that
    /// the workspace does not allow; `StepUp`
    /// where a session is not good for the workspace.
    pub(crate) async fn signed_in(self, entrance: Entrance) -> Result<WorkspaceContext, Error> {
        let mut ctx = self;
        match ctx.check_entry(&entrance) {
            Ok(()) => {}
            Err(Obstacle::Missing(missing)) => return Err(Error::StepUp(missing)),
            Err(Obstacle::Network) => return Err(ctx.refuse_entry(NETWORK).await),
            Err(Obstacle::KeyNetwork) => return Err(ctx.refuse_entry(KEY_NETWORK).await),
            Err(Obstacle::Domain) => return Err(ctx.refuse_entry(DOMAIN).await),
        }
        ctx.entrance = Some(Box::new(entrance));
        Ok(ctx)
    }

    /// The context as [`signed_in`](Self::signed_in) has it; none where something is asked in addition.
    pub(crate) fn signed_in_already(self, entrance: Entrance) -> Option<WorkspaceContext> {
        self.check_entry(&entrance).ok()?;
        Some(WorkspaceContext { entrance: Some(Box::new(entrance)), ..self })
    }

    /// How the acting member has entered; none for an operator or a credential.
    pub(crate) fn entrance(&self) -> Option<&Entrance> {
        self.entrance.as_deref()
    }

    /// The account of the acting person, where they have entered by a session of the account itself, as
    /// themselves.
    pub(crate) fn account_of_session(&self) -> Option<AccountId> {
        let session = self.entrance()?.principal.signed_in()?;
        let is_own = session.view.is_none() && session.authentications.count_in(None);
        is_own.then_some(session.account)
    }

    /// For how long the session of the acting member stays good for the workspace without being used; none
    /// without a session.
    #[must_use]
    pub fn session_lasts(&self) -> Option<Span> {
        let session = self.entrance()?.principal.signed_in()?;
        Some(self.snapshot().sign_in.lasts(session, self.workspace_id(), self.now))
    }

    /// The API key by which the acting member has entered.
    pub(crate) fn api_key_id(&self) -> Option<ApiKeyId> {
        self.entrance()?.principal.key_id()
    }

    /// Checks that the acting member could still enter by another policy, so that no
    /// member locks themselves out.
    pub(crate) fn check_stays(&self, policy: &SignInPolicy) -> Result<(), Refusal> {
        let Some(entrance) = &self.entrance else { return Ok(()) };
        let (pointer, detail) = match self.check_entrance(policy, entrance) {
            Ok(()) => return Ok(()),
            Err(Obstacle::Network | Obstacle::KeyNetwork) => (
                "/allowed_networks",
                format!(
                    "your own address `{}` would not be allowed",
                    entrance.principal.address()
                ),
            ),
            Err(Obstacle::Domain) => (
                "/allowed_domains",
                format!(
                    "your own address `{}` would not be allowed",
                    entrance.address.as_str()
                ),
            ),
            Err(Obstacle::Missing(missing)) => match missing.first() {
                Some(Missing::SecondFactor) => (
                    "/require_second_factor",
                    "you would be locked out: sign in with a second factor first".to_owned(),
                ),
                Some(Missing::SingleSignOn) => (
                    "/require_sso",
                    "you would be locked out: sign in through the connection first".to_owned(),
                ),
                Some(Missing::SignIn | Missing::RecentSignIn) | None => (
                    "/absolute_minutes",
                    "you would be signed out: sign in again first".to_owned(),
                ),
            },
        };
        Err(Refusal::field(pointer, "excludes_you", detail))
    }

    /// What the session of the acting member would lack with another policy.
    pub(crate) fn would_lack(&self, policy: &SignInPolicy) -> Vec<Missing> {
        let entrance = self.entrance.as_deref();
        match entrance.map(|entrance| self.check_entrance(policy, entrance)) {
            Some(Err(Obstacle::Missing(missing))) => missing,
            Some(Ok(()) | Err(Obstacle::Network | Obstacle::KeyNetwork | Obstacle::Domain))
            | None => Vec::new(),
        }
    }

    fn check_entry(&self, entrance: &Entrance) -> Result<(), Obstacle> {
        self.check_entrance(&self.snapshot().sign_in, entrance)?;
        let address = entrance.principal.address().parse().ok();
        match entrance.principal.key() {
            Some((_, key)) if !key.admits_address(address) => Err(Obstacle::KeyNetwork),
            Some(_) | None => Ok(()),
        }
    }

    fn check_entrance(
        &self,
        policy: &SignInPolicy,
        entrance: &Entrance,
    ) -> Result<(), Obstacle> {
        let Entrance { principal, address, seen_at: _ } = entrance;
        if !policy.networks.is_empty()
            && !policy.admits_address(principal.address().parse().ok())
        {
            return Err(Obstacle::Network);
        }
        // A service account has no address.
        if !policy.domains.is_empty()
            && !principal.is_service()
            && !address.email().is_some_and(|email| policy.admits_email(email))
        {
            return Err(Obstacle::Domain);
        }
        let Some(session) = principal.signed_in() else { return Ok(()) };
        let (workspace, now) = (self.workspace_id(), self.now);
        let has_top_role = policy.single_sign_on && self.has_top_role();
        let missing = policy.missing(Entrant { session, workspace, has_top_role, now });
        if missing.is_empty() { Ok(()) } else { Err(Obstacle::Missing(missing)) }
    }

    /// Checks that the person has proved who they are a short time ago, before a dangerous act. A dry
    /// run shows what would happen and does nothing dangerous.
    pub(crate) fn check_recent(&self) -> Result<(), Error> {
        let session = self.entrance().and_then(|entrance| entrance.principal.signed_in());
        let Some(session) = session.filter(|_| !self.runs_dry()) else { return Ok(()) };
        let policy = &self.snapshot().sign_in;
        let is_recent = policy.is_recent(session, self.workspace_id(), self.now);
        if is_recent { Ok(()) } else { Err(Error::StepUp(vec![Missing::RecentSignIn])) }
    }

    /// Checks what [`check_recent`](Self::check_recent) checks, before the top role is given.
    pub(crate) fn check_recent_for(&self, role: &str) -> Result<(), Error> {
        let is_top = self.model().blueprint().top_role().is_some_and(|top| top.key == role);
        if is_top { self.check_recent() } else { Ok(()) }
    }

    async fn refuse_entry(&mut self, because: &str) -> Error {
        self.deny("workspace".to_owned(), "enter".to_owned(), because.to_owned(), "").await
    }

    /// Whether the acting member has the top role.
    pub(crate) fn has_top_role(&self) -> bool {
        let model = self.model();
        let member = self.member_id().and_then(|id| model.member(id));
        let top = model.blueprint().top_role();
        member.zip(top).is_some_and(|(member, top)| member.role == top.key)
    }
}
