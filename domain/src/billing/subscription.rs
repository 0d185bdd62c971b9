//! Transitions of a subscription: chosen, cancelled, reported by the payment provider.
//!
//! **Invariant:** where a payment provider is connected, only its report of a paid or trialing
//! subscription raises the plan, and cancelling never forgives what is unpaid.

use super::{Billing, State};
use crate::plan::Offer;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// Whether a payment provider decides what is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment<'p> {
    /// None is connected: a plan is active when it is chosen.
    Unchecked,
    /// One is connected: what it reports as paid is active. People pay at its portal, if it has one.
    ByProvider {
        /// The URL of the portal.
        portal: Option<&'p str>,
    },
}

/// What the payment provider reports about a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionReport {
    /// The provider's id of the subscription.
    pub id: Option<String>,
    /// Its state.
    pub state: State,
    /// When it renews or ends.
    pub renews_at: Option<Timestamp>,
    /// The plan; none when it names no known one.
    pub plan: Option<String>,
    /// Whether it is paid or in a trial.
    pub is_paid: bool,
    /// When the provider reported it.
    pub at: Timestamp,
}

impl Billing {
    /// The billing with another plan. A subscription that a member cancelled continues in the state
    /// that it had before.
    ///
    /// # Errors
    ///
    /// `PaymentNeeded` when the plan is higher than the present one, or the provider has ended the
    /// subscription.
    pub fn choose(
        &self,
        plan: &str,
        offer: Offer<'_>,
        payment: Payment<'_>,
        now: Timestamp,
    ) -> Result<Billing, Refusal> {
        let (is_checked, portal) = match payment {
            Payment::Unchecked => (false, None),
            Payment::ByProvider { portal } => (true, portal.map(str::to_owned)),
        };
        let needed = || {
            let known = offer.plan(Some(plan));
            let plan = known.map_or_else(|| plan.to_owned(), |one| one.name.clone());
            Err(Refusal::PaymentNeeded { plan, portal: portal.clone() })
        };
        let is_raised = offer.rank(Some(plan)) > offer.rank(self.plan_at(now));
        if is_checked && is_raised {
            return needed();
        }
        let state = match (self.state, self.resumes) {
            (State::Cancelled, Some(before)) => before,
            (State::Cancelled, None) if is_checked && offer.rank(Some(plan)) > 0 => {
                return needed();
            }
            (State::Cancelled, None) if is_checked => State::Cancelled,
            (State::Cancelled, None) => State::Active,
            (State::Trialing | State::Active | State::PastDue, _) => self.state,
        };
        let was_cancelled = self.state == State::Cancelled;
        Ok(Billing {
            plan: Some(plan.to_owned()),
            state,
            resumes: None,
            renews_at: self.renews_at.filter(|at| !was_cancelled || *at > now),
            ..self.clone()
        })
    }

    /// The billing after a member has cancelled the subscription.
    ///
    /// # Errors
    ///
    /// `Already` when it is cancelled.
    pub fn cancel(&self) -> Result<Billing, Refusal> {
        if self.state == State::Cancelled {
            return Err(Refusal::Already { status: State::Cancelled.word() });
        }
        Ok(Billing { state: State::Cancelled, resumes: Some(self.state), ..self.clone() })
    }

    /// The billing after the provider's report; none when a later one came first, or it is about
    /// another subscription than the one in effect and brings no paid one.
    #[must_use]
    pub fn after(&self, report: SubscriptionReport, offer: Offer<'_>) -> Option<Billing> {
        let has_plan = self.plan_at(report.at).is_some();
        if self.is_later_than(report.at)
            || (has_plan && !report.is_paid && !self.is_of(report.id.as_deref()))
        {
            return None;
        }
        let present = self.plan_at(report.at).map(str::to_owned);
        let plan = match report.plan {
            plan if report.is_paid => plan.or_else(|| self.plan.clone()),
            Some(plan) if offer.rank(Some(&plan)) <= offer.rank(present.as_deref()) => {
                Some(plan)
            }
            Some(_) | None => present,
        };
        Some(Billing {
            plan,
            state: report.state,
            resumes: None,
            renews_at: report.renews_at,
            subscription: report.id.or_else(|| self.subscription.clone()),
            told_at: Some(report.at),
            ..self.clone()
        })
    }

    /// The billing after a payment of a subscription failed; none when it changes nothing.
    #[must_use]
    pub fn after_failure(&self, subscription: Option<&str>, at: Timestamp) -> Option<Billing> {
        self.settled(subscription, at, State::PastDue, &[State::Active, State::Trialing])
    }

    /// The billing after a subscription was paid; none when it changes nothing.
    #[must_use]
    pub fn after_payment(&self, subscription: Option<&str>, at: Timestamp) -> Option<Billing> {
        self.settled(subscription, at, State::Active, &[State::PastDue])
    }

    /// Moves the state, or, of a cancelled subscription, the state in which it would continue.
    fn settled(
        &self,
        subscription: Option<&str>,
        at: Timestamp,
        to: State,
        from: &[State],
    ) -> Option<Billing> {
        if self.is_later_than(at) || !self.is_of(subscription) {
            return None;
        }
        let (told_at, moved) = (Some(at), Some(to));
        if self.state == State::Cancelled {
            let fits = self.resumes.is_some_and(|state| from.contains(&state));
            return fits.then(|| Billing { resumes: moved, told_at, ..self.clone() });
        }
        from.contains(&self.state).then(|| Billing { state: to, told_at, ..self.clone() })
    }

    fn is_later_than(&self, at: Timestamp) -> bool {
        self.told_at.is_some_and(|last| at < last)
    }

    /// Whether a subscription of the provider is the one in effect; any is where none is known.
    fn is_of(&self, subscription: Option<&str>) -> bool {
        self.subscription.is_none() || self.subscription.as_deref() == subscription
    }
}

#[cfg(test)]
mod tests;
