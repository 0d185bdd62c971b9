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

const PROVIDER: Payment<'static> = Payment::ByProvider { portal: Some("https://pay.example") };

/// The highest plan, cancelled by a member or ended by the provider, in effect until `until`.
fn cancelled(resumes: Option<State>, until: Option<i64>) -> Billing {
    Billing {
        plan: Some("agency".to_owned()),
        state: State::Cancelled,
        resumes,
        subscription: Some("sub_1".to_owned()),
        renews_at: until.map(at),
        ..Billing::default()
    }
}

#[test]
fn a_subscription_that_the_provider_has_ended_takes_a_payment_for_any_plan_but_the_lowest() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let choose = |plan: &str, payment| {
        let chosen = cancelled(None, Some(10)).choose(plan, offer, payment, at(5));
        chosen.map(|chosen| (chosen.plan.unwrap_or_default(), chosen.state))
    };
    let needed = |plan: &str| {
        let (plan, portal) = (plan.to_owned(), Some("https://pay.example".to_owned()));
        Err(Refusal::PaymentNeeded { plan, portal })
    };
    let has = |plan: &str, state| Ok((plan.to_owned(), state));

    assert_eq!(choose("agency", PROVIDER), needed("AGENCY"));
    assert_eq!(choose("starter", PROVIDER), needed("STARTER"));
    assert_eq!(choose("free", PROVIDER), has("free", State::Cancelled));
    for plan in PLANS {
        assert_eq!(choose(plan, Payment::Unchecked), has(plan, State::Active));
    }
}

#[test]
fn a_higher_plan_takes_a_payment_where_a_provider_is_connected() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    for (state, resumes) in [
        (State::Active, None),
        (State::Trialing, None),
        (State::PastDue, None),
        (State::Cancelled, Some(State::PastDue)),
    ] {
        let present = Billing {
            plan: Some("starter".to_owned()),
            state,
            resumes,
            renews_at: Some(at(10)),
            ..Billing::default()
        };
        let choose = |plan: &str| present.choose(plan, offer, PROVIDER, at(5));

        let portal = Some("https://pay.example".to_owned());
        let needed = Err(Refusal::PaymentNeeded { plan: "AGENCY".to_owned(), portal });
        assert_eq!(choose("agency"), needed, "{state:?}");
        for plan in ["starter", "free"] {
            let chosen = choose(plan).unwrap();
            assert_eq!(chosen.plan.as_deref(), Some(plan), "{state:?}");
            assert_eq!((chosen.state, chosen.resumes), (resumes.unwrap_or(state), None));
        }
    }
}

#[test]
fn a_subscription_that_continues_after_its_end_has_no_renewal_in_the_past() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let after = |before: &Billing| {
        before.choose("free", offer, Payment::Unchecked, at(5)).unwrap().renews_at
    };

    for resumes in [None, Some(State::Active)] {
        for (until, kept) in
            [(None, None), (Some(4), None), (Some(5), None), (Some(6), Some(6))]
        {
            assert_eq!(after(&cancelled(resumes, until)), kept.map(at), "{until:?}");
        }
    }
    // The provider reports late that it was renewed.
    for until in [4, 5, 6] {
        let active = Billing { state: State::Active, ..cancelled(None, Some(until)) };
        assert_eq!(after(&active), Some(at(until)));
    }
}

#[test]
fn a_report_replaces_the_state_and_what_a_cancelled_subscription_would_continue_in() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    for (state, is_paid) in [
        (State::Active, true),
        (State::Trialing, true),
        (State::PastDue, false),
        (State::Cancelled, false),
    ] {
        let told = report(state, "agency", is_paid);
        let after = cancelled(Some(State::Active), Some(10)).after(told, offer);

        let expected = Billing {
            state,
            resumes: None,
            renews_at: Some(at(1_000)),
            told_at: Some(at(1)),
            ..cancelled(None, None)
        };
        assert_eq!(after, Some(expected), "{state:?}");
    }
}

#[test]
fn a_report_without_a_payment_lowers_the_plan_but_never_raises_it() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let after = |present: &str, told: Option<&str>, is_paid: bool| {
        let billing = Billing { plan: Some(present.to_owned()), ..Billing::default() };
        let plan = told.map(str::to_owned);
        let told = SubscriptionReport { plan, ..report(State::PastDue, "", is_paid) };
        billing.after(told, offer).unwrap().plan.unwrap_or_default()
    };
    for (present, told, unpaid, paid) in [
        ("starter", Some("agency"), "starter", "agency"),
        ("starter", Some("starter"), "starter", "starter"),
        ("starter", Some("free"), "free", "free"),
        ("agency", Some("starter"), "starter", "starter"),
        ("starter", None, "starter", "starter"),
    ] {
        assert_eq!(after(present, told, false), unpaid, "{present} {told:?}");
        assert_eq!(after(present, told, true), paid, "{present} {told:?}");
    }
}

/// A provider sends its events in any order.
#[test]
fn what_was_reported_earlier_changes_nothing() {
    let plans = plans();
    let offer = Offer { plans: &plans, gates: &[] };
    let told = |seconds| SubscriptionReport {
        at: at(seconds),
        ..report(State::Active, "agency", true)
    };
    let active = Billing::default().after(told(10), offer).unwrap();
    let due = active.after_failure(Some("sub_1"), at(20)).unwrap();
    let settled = due.cancel().unwrap().after_payment(Some("sub_1"), at(30)).unwrap();

    for (billing, last) in [(active, 10), (due, 20), (settled, 30)] {
        assert_eq!(billing.told_at, Some(at(last)));
        assert_eq!(billing.after(told(last - 1), offer), None, "{last}");
        assert!(billing.after(told(last), offer).is_some(), "{last}");
        assert_eq!(billing.after_failure(Some("sub_1"), at(last - 1)), None, "{last}");
        assert_eq!(billing.after_payment(Some("sub_1"), at(last - 1)), None, "{last}");
    }
}
