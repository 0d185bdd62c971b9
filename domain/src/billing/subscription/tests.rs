//! Sequences of choices, cancellations and reports.

use super::*;
use crate::plan::Plan;

const PLANS: [&str; 3] = ["free", "starter", "agency"];

fn plans() -> Vec<Plan> {
    let plan = |key: &&str| Plan {
        key: (*key).to_owned(),
        name: key.to_uppercase(),
        entitlements: Vec::new(),
    };
    PLANS.iter().map(plan).collect()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn report(state: State, plan: &str, is_paid: bool) -> SubscriptionReport {
    SubscriptionReport {
        id: Some("sub_1".to_owned()),
        state,
        renews_at: Some(at(1_000)),
        plan: Some(plan.to_owned()),
        is_paid,
        at: at(1),
    }
}

/// What can happen without a payment.
#[derive(Clone, Copy, Debug)]
enum Unpaid {
    Choose(&'static str),
    Cancel,
    Failure,
    Report(State, &'static str),
    OfAnother(State, &'static str),
}

impl Unpaid {
    fn every() -> Vec<Unpaid> {
        let states = [State::PastDue, State::Cancelled];
        let reports = states.iter().flat_map(|state| PLANS.map(|plan| (*state, plan)));
        let mut every: Vec<Unpaid> = PLANS.map(Unpaid::Choose).to_vec();
        every.extend([Unpaid::Cancel, Unpaid::Failure]);
        every.extend(reports.clone().map(|(state, plan)| Unpaid::Report(state, plan)));
        every.extend(reports.map(|(state, plan)| Unpaid::OfAnother(state, plan)));
        every
    }

    fn happens(self, billing: &Billing, offer: Offer<'_>) -> Option<Billing> {
        match self {
            Unpaid::Choose(plan) => {
                billing.choose(plan, offer, Payment::ByProvider { portal: None }, at(1)).ok()
            }
            Unpaid::Cancel => billing.cancel().ok(),
            Unpaid::Failure => billing.after_failure(Some("sub_1"), at(1)),
            Unpaid::Report(state, plan) => billing.after(report(state, plan, false), offer),
            Unpaid::OfAnother(state, plan) => {
                let id = Some("sub_2".to_owned());
                billing.after(SubscriptionReport { id, ..report(state, plan, false) }, offer)
            }
        }
    }
}

/// Every sequence of at most four steps without a payment.
#[test]
fn without_a_payment_no_plan_rises_and_nothing_unpaid_becomes_active() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let paid = Billing::default().after(report(State::Active, "starter", true), offer).unwrap();
    for start in [Billing::default(), paid] {
        let mut reached = vec![(start, Vec::new())];
        for _ in 0..4 {
            let mut next = Vec::new();
            for (before, path) in &reached {
                for step in Unpaid::every() {
                    let Some(after) = step.happens(before, offer) else { continue };
                    let path = [path.clone(), vec![step]].concat();
                    let rank = |one: &Billing| offer.rank(one.plan_at(at(1)));
                    assert!(rank(&after) <= rank(before), "{path:?}");
                    let owes = |one: &Billing| {
                        one.state == State::PastDue || one.resumes == Some(State::PastDue)
                    };
                    let is_active = after.state == State::Active;
                    assert!(!(owes(before) && is_active), "{path:?}");
                    next.push((after, path));
                }
            }
            next.dedup_by(|a, b| a.0 == b.0);
            reached = next;
        }
    }
}

#[test]
fn a_plan_is_chosen_freely_where_no_provider_is_connected() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };

    let chosen = Billing::default().choose("agency", offer, Payment::Unchecked, at(1)).unwrap();
    let again = chosen.cancel().unwrap().choose("agency", offer, Payment::Unchecked, at(1));

    assert_eq!((chosen.plan.as_deref(), chosen.state), (Some("agency"), State::Active));
    assert_eq!(again, Ok(chosen));
}

#[test]
fn a_paid_report_raises_the_plan_and_a_payment_settles_what_was_due() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let active =
        Billing::default().after(report(State::Active, "agency", true), offer).unwrap();
    let due = active.after_failure(Some("sub_1"), at(2)).unwrap();
    let cancelled = due.cancel().unwrap();

    assert_eq!((active.plan.as_deref(), active.state), (Some("agency"), State::Active));
    assert_eq!(due.after_payment(Some("sub_1"), at(3)).unwrap().state, State::Active);
    assert_eq!(due.after_payment(Some("sub_2"), at(3)), None);
    assert_eq!(due.after_payment(Some("sub_1"), at(1)), None, "an event that comes late");
    let resumed =
        cancelled.choose("agency", offer, Payment::ByProvider { portal: None }, at(3)).unwrap();
    assert_eq!(resumed.state, State::PastDue);
    let settled = cancelled.after_payment(Some("sub_1"), at(3)).unwrap();
    assert_eq!((settled.state, settled.resumes), (State::Cancelled, Some(State::Active)));
}

#[test]
fn another_subscription_of_the_customer_takes_over_only_when_it_is_paid() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let active =
        Billing::default().after(report(State::Active, "agency", true), offer).unwrap();
    let other = |state, is_paid| SubscriptionReport {
        id: Some("sub_2".to_owned()),
        ..report(state, "starter", is_paid)
    };

    assert_eq!(active.after(other(State::Cancelled, false), offer), None);
    let moved = active.after(other(State::Active, true), offer).unwrap();
    assert_eq!(
        (moved.plan.as_deref(), moved.subscription.as_deref()),
        (Some("starter"), Some("sub_2"))
    );
    assert_eq!(moved.after(report(State::Cancelled, "agency", false), offer), None);
}
