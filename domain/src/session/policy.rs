//! The sign-in policy of a workspace: what a session must have for it, on every request.
//!
//! A session can be good for one workspace and not for another: what is missing is said, and the
//! person proves it without losing the session (AMB-HARMONY-5).

use core::net::IpAddr;

use serde_json::{Map, Value};

use super::Session;
use crate::email::{Email, domain_key};
use crate::id::WorkspaceId;
use crate::network::Network;
use crate::time::{Span, Timestamp};

/// For how long a sign-in is recent, where the workspace does not say.
pub const RECENT: Span = Span::minutes(15);

/// What a workspace asks of those who enter it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPolicy {
    /// How long a session may be unused.
    pub idle: Option<Span>,
    /// How long ago its person may have proved who they are.
    pub longest: Option<Span>,
    /// For how long a sign-in is recent, which dangerous acts need.
    pub recent: Span,
    /// From which networks it is entered; empty for all.
    pub networks: Vec<Network>,
    /// Of which domains the email addresses of its members are, as the DNS has them; empty for all.
    pub domains: Vec<String>,
    /// From when on a second factor is required.
    pub second_factor_from: Option<Timestamp>,
    /// Whether single sign-on is required.
    pub single_sign_on: bool,
}

impl Default for SignInPolicy {
    fn default() -> SignInPolicy {
        SignInPolicy {
            idle: None,
            longest: None,
            recent: RECENT,
            networks: Vec::new(),
            domains: Vec::new(),
            second_factor_from: None,
            single_sign_on: false,
        }
    }
}

/// What a session still lacks for a workspace or an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Its person signs in: it has been unused, or in use, for too long.
    SignIn,
    /// Its person proves who they are now: the act is dangerous.
    RecentSignIn,
    /// A second factor.
    SecondFactor,
    /// Single sign-on through a connection of the workspace.
    SingleSignOn,
}

impl Missing {
    /// Each of them.
    pub const ALL: [Missing; 4] =
        [Missing::SignIn, Missing::RecentSignIn, Missing::SecondFactor, Missing::SingleSignOn];

    /// The word in responses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Missing::SignIn => "sign_in",
            Missing::RecentSignIn => "recent_sign_in",
            Missing::SecondFactor => "second_factor",
            Missing::SingleSignOn => "single_sign_on",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Missing> {
        Missing::ALL.into_iter().find(|missing| missing.word() == word)
    }
}

/// Who enters a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Entrant<'a> {
    /// The session.
    pub session: &'a Session,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Whether the member has the top role, which needs no single sign-on, so that a provider that
    /// fails or was set up wrongly does not close the workspace. They show a second factor instead.
    pub has_top_role: bool,
    /// The time.
    pub now: Timestamp,
}

impl SignInPolicy {
    /// Reads the policy from the settings of a workspace.
    #[must_use]
    pub fn of(settings: &Map<String, Value>) -> SignInPolicy {
        let value = |area: &str, key: &str| settings.get(area).and_then(|area| area.get(key));
        let minutes = |key| value("security", key).and_then(Value::as_i64).map(Span::minutes);
        let texts = |area, key| {
            let list = value(area, key).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str)
        };
        let from = value("authentication", "require_second_factor").and_then(Value::as_str);
        let single_sign_on = value("authentication", "require_sso").and_then(Value::as_bool);
        SignInPolicy {
            idle: minutes("idle_minutes"),
            longest: minutes("absolute_minutes"),
            recent: minutes("step_up_minutes").unwrap_or(RECENT),
            networks: texts("security", "allowed_networks")
                .filter_map(|text| text.parse().ok())
                .collect(),
            domains: texts("authentication", "allowed_domains")
                .filter_map(domain_key)
                .collect(),
            second_factor_from: from.and_then(Timestamp::of_day),
            single_sign_on: single_sign_on.unwrap_or(false),
        }
    }

    /// Whether it is entered from an address. An unknown address is in no network.
    #[must_use]
    pub fn admits_address(&self, address: Option<IpAddr>) -> bool {
        self.networks.is_empty()
            || address.is_some_and(|known| {
                self.networks.iter().any(|network| network.contains(known))
            })
    }

    /// Whether it is entered by members with an email address.
    #[must_use]
    pub fn admits_email(&self, email: &Email) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| domain == email.domain())
    }

    /// What a session lacks for the workspace; empty when it may enter.
    #[must_use]
    pub fn missing(&self, entrant: Entrant<'_>) -> Vec<Missing> {
        let Entrant { session, workspace, has_top_role, now } = entrant;
        let authentications = &session.authentications;
        let mut missing = Vec::new();
        let last = authentications.last_at(Some(workspace));
        let is_too_old =
            last.is_none_or(|at| self.longest.is_some_and(|span| now.distance(at) >= span));
        let pause = session.longest_pause.max(now.distance(session.seen_at));
        if is_too_old || self.idle.is_some_and(|span| pause >= span) {
            missing.push(Missing::SignIn);
        }
        let is_required = self.second_factor_from.is_some_and(|from| now >= from);
        let stands_in = self.single_sign_on
            && has_top_role
            && !authentications.have_single_sign_on(workspace);
        if (is_required || stands_in) && !authentications.have_second_factor(Some(workspace)) {
            missing.push(Missing::SecondFactor);
        }
        if self.single_sign_on
            && !has_top_role
            && !authentications.have_single_sign_on(workspace)
        {
            missing.push(Missing::SingleSignOn);
        }
        missing
    }

    /// For how long a session that is not used stays good for the workspace. What the workspace asks from a day
    /// on does not count before that day.
    #[must_use]
    pub fn lasts(&self, session: &Session, workspace: WorkspaceId, now: Timestamp) -> Span {
        let last = session.authentications.last_at(Some(workspace));
        let too_old = self.longest.map(|span| last.map_or(now, |at| at + span));
        let unused = self.idle.map(|span| session.seen_at + span);
        let ends = [too_old, unused].into_iter().flatten().fold(session.ends_at(), Ord::min);
        (ends - now).max(Span(0))
    }

    /// Whether a session may do what is dangerous.
    #[must_use]
    pub fn is_recent(&self, session: &Session, workspace: WorkspaceId, now: Timestamp) -> bool {
        session.authentications.are_recent(Some(workspace), self.recent, now)
    }
}

#[cfg(test)]
mod tests;
