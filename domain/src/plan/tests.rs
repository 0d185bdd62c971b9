//! Plans and their entitlements.

use super::*;

fn plan(key: &str, entitlements: &[&str]) -> Plan {
    let entitlements = entitlements.iter().map(|word| (*word).to_owned()).collect();
    Plan { key: key.to_owned(), name: key.to_uppercase(), entitlements }
}

fn gate(from: &str) -> PlanGate {
    PlanGate { entitlement: "sso".to_owned(), from: from.to_owned() }
}

fn needed(plan: &str) -> Result<(), Refusal> {
    Err(Refusal::PlanNeeded { entitlement: "sso".to_owned(), plan: plan.to_owned() })
}

/// HARMONIA-87: the plans are what the operator sells, in the operator's order.
#[test]
fn a_plan_includes_the_entitlements_of_lower_plans() {
    let plans = [plan("free", &[]), plan("agency", &["sso"]), plan("enterprise", &[])];
    let gates = [gate("agency")];
    let offer = Offer { plans: &plans, gates: &gates };

    assert_eq!(offer.check(None, "sso"), needed("AGENCY"));
    assert_eq!(offer.check(Some("free"), "sso"), needed("AGENCY"));
    assert_eq!(offer.check(Some("agency"), "sso"), Ok(()));
    assert_eq!(offer.check(Some("enterprise"), "sso"), Ok(()));
    // In reverse order, the lowest plan is the highest.
    let turned: Vec<Plan> = plans.iter().rev().cloned().collect();
    let offer = Offer { plans: &turned, gates: &gates };
    assert_eq!(offer.check(Some("enterprise"), "sso"), needed("AGENCY"));
    assert_eq!(offer.check(Some("free"), "sso"), Ok(()));
}

#[test]
fn an_unknown_plan_counts_as_the_lowest() {
    let plans = [plan("free", &[]), plan("agency", &[])];
    let gates = [gate("agency")];
    let offer = Offer { plans: &plans, gates: &gates };

    assert_eq!(offer.check(Some("gold"), "sso"), needed("AGENCY"));
    assert_eq!(offer.plan(Some("gold")).map(|plan| plan.key.as_str()), Some("free"));
}

#[test]
fn without_the_named_plan_the_first_that_includes_the_entitlement_counts() {
    let plans = [plan("small", &[]), plan("big", &["sso"])];
    let gates = [gate("agency")];
    let offer = Offer { plans: &plans, gates: &gates };

    assert_eq!(offer.check(Some("small"), "sso"), needed("BIG"));
    assert_eq!(offer.check(Some("big"), "sso"), Ok(()));
    let offer = Offer { plans: &[], gates: &gates };
    assert_eq!(offer.check(None, "sso"), needed("agency"));
}

#[test]
fn an_ungated_entitlement_needs_no_plan() {
    let plans = [plan("free", &[]), plan("agency", &["sso"])];
    let offer = Offer { plans: &plans, gates: &[] };

    assert_eq!(offer.check(None, "sso"), Ok(()));
    assert_eq!(offer.entitlements(None), []);
}

#[test]
fn what_is_gated_is_listed_with_the_lowest_plan_that_has_it() {
    let plans = [plan("free", &[]), plan("agency", &["sso"]), plan("enterprise", &["audit"])];
    let of = |entitlement: &str, from: &str| PlanGate {
        entitlement: entitlement.to_owned(),
        from: from.to_owned(),
    };
    let gates = [
        of("sso", "agency"),
        of("audit", "gold"),
        of("export", "enterprise"),
        of("ai", "gold"),
    ];
    let offer = Offer { plans: &plans, gates: &gates };
    let listed = |on: Option<&str>| {
        let all = offer.entitlements(on).into_iter();
        all.map(|one| (one.key, one.is_included, one.from.map(|plan| plan.key)))
            .collect::<Vec<_>>()
    };
    let expected = |included: [bool; 4]| {
        let from = [
            ("sso", Some("agency")),
            ("audit", Some("enterprise")),
            ("export", Some("enterprise")),
            ("ai", None),
        ];
        let all = from.into_iter().zip(included);
        all.map(|((key, from), is_included)| {
            (key.to_owned(), is_included, from.map(str::to_owned))
        })
        .collect::<Vec<_>>()
    };

    assert_eq!(listed(None), expected([false; 4]));
    assert_eq!(listed(Some("free")), expected([false; 4]));
    assert_eq!(listed(Some("agency")), expected([true, false, false, false]));
    assert_eq!(listed(Some("enterprise")), expected([true, true, true, false]));
}
