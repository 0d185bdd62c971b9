//! The presets in use: what each shows, and what it denies.

use hallpass_engine::{Describe, GrantSource, Ids, Member, Policy, Step, Target};

use super::super::{blueprint, cell, granted, index, may, opens, reach_of, set, sidebar};
use super::presets::member;
use super::{EVERY_OWNER, MODULES, contact, leveled, people, rights_of};

fn is_closed(policy: &Policy, module: &str) -> bool {
    let rights = rights_of(policy, module);
    let refused = rights.iter().all(|right| reach_of(policy, "anna", right).is_empty());
    refused && !sidebar(policy, "anna").contains(&module.to_owned())
}

/// HALO-205
#[test]
fn just_inbox_shows_five_modules() {
    let policy = people(member("anna", "Support agent"));
    let mut shown = sidebar(&policy, "anna");
    shown.sort();
    assert_eq!(shown, ["Ask AI", "Companies", "Contacts", "Inbox", "Knowledge"]);
}

/// A module that a preset denies: id, preset, module.
const CLOSED: [(&str, &str, &str); 7] = [
    ("HALO-206", "Support agent", "Settings"),
    ("HALO-206", "Support agent", "Integrations"),
    ("HALO-206", "Support agent", "Automation"),
    ("HALO-206", "Support agent", "AI Agents"),
    ("HALO-207", "Support agent", "Help Center"),
    ("HALO-214", "Marketing / Lifecycle", "Inbox"),
    ("HALO-214", "Marketing / Lifecycle", "AI Agents"),
];

#[test]
fn modules_outside_a_preset_are_hidden_and_denied() {
    for (id, preset, module) in CLOSED {
        assert!(is_closed(&people(member("anna", preset)), module), "{id}: {preset}, {module}");
    }
}

/// HALO-208, HALO-210
#[test]
fn just_ask_ai_shows_ask_ai_and_nothing_else() {
    let anna = leveled("anna", &[("Ask AI", "Use")]);
    assert_eq!(blueprint("halo").preset_of(&anna.levels), None);
    let policy = people(anna);
    assert_eq!(granted(&policy, "anna"), set(["ask_ai:use"]));
    assert_eq!(sidebar(&policy, "anna"), ["Ask AI"]);
    for module in MODULES.into_iter().filter(|module| *module != "Ask AI") {
        assert!(is_closed(&policy, module), "{module}");
    }
}

/// The permissions of the marketing preset: id, permission, owners.
const MARKETING: [(&str, &str, &str); 10] = [
    ("HALO-211", "automation:read", EVERY_OWNER),
    ("HALO-211", "automation:update", EVERY_OWNER),
    ("HALO-211", "automation:send", EVERY_OWNER),
    ("HALO-212", "contacts:read", EVERY_OWNER),
    ("HALO-212", "contacts:update", ""),
    ("HALO-212", "companies:read", EVERY_OWNER),
    ("HALO-212", "companies:update", ""),
    ("HALO-213", "help_center:create", EVERY_OWNER),
    ("HALO-213", "help_center:update", EVERY_OWNER),
    ("HALO-213", "help_center:publish", ""),
];

#[test]
fn marketing_only_sends_broadcasts_and_edits_the_help_center() {
    let policy = people(member("anna", "Marketing / Lifecycle"));
    for (id, right, owners) in MARKETING {
        assert_eq!(reach_of(&policy, "anna", right), owners, "{id}: {right}");
    }
    let mut shown = sidebar(&policy, "anna");
    shown.sort();
    assert_eq!(shown, ["Automation", "Companies", "Contacts", "Help Center"]);
}

/// A Member with only the flag.
fn finance() -> Policy {
    people(contact(Member::new("anna", "member")))
}

/// HALO-215, HALO-216: without the flag, the same member sees nothing.
#[test]
fn finance_sees_only_billing() {
    assert_eq!(sidebar(&finance(), "anna"), ["Billing"]);
    let billing = set(["billing:read", "billing:manage", "billing:transfer"]);
    assert_eq!(granted(&finance(), "anna"), billing);
    assert!(sidebar(&finance(), "cleo").is_empty() && granted(&finance(), "cleo").is_empty());
    let fields = &blueprint("halo").membership.invitation;
    assert!(fields.fields.contains(&"billing_contact".to_owned()));
    assert!(
        !fields.required.iter().any(|field| ["preset", "levels"].contains(&field.as_str()))
    );
}

/// HALO-217
#[test]
fn the_billing_flag_is_shown_as_the_source_of_billing() {
    let policy = finance();
    let (anna, manage) = (index(&policy, "anna"), cell(&policy, "billing:manage"));
    let why = policy.explain(anna, manage, Target::Any);
    let granted: Vec<_> =
        why.steps.iter().filter(|step| matches!(step, Step::Granted(_))).collect();
    let [Step::Granted(grant_source)] = granted.as_slice() else { panic!("{granted:?}") };
    assert!(why.allowed && grant_source.source == GrantSource::BillingContact);
    let told = Describe::new(&policy, &Ids).grant(grant_source);
    assert_eq!(told, "The billing contact flag grants it for all records");

    let cleo = policy.explain(index(&policy, "cleo"), manage, Target::Any);
    assert!(!cleo.allowed && cleo.steps.contains(&Step::NotGranted(manage)));
}

/// HALO-218, HALO-219
#[test]
fn finance_may_update_payment_methods_and_view_invoices() {
    let policy = finance();
    assert!(
        opens(&policy, "anna", "billing", "update") && may(&policy, "anna", "billing:manage")
    );
    assert!(opens(&policy, "anna", "billing", "read") && may(&policy, "anna", "billing:read"));
    assert!(
        !opens(&policy, "cleo", "billing", "update")
            && !opens(&policy, "cleo", "billing", "read")
    );
    let description = &blueprint("halo").resource("billing").unwrap().description.clone();
    assert_eq!(description, "Payment methods and invoices");
}

/// HALO-220
#[test]
fn finance_cannot_use_the_product() {
    for module in MODULES {
        assert!(is_closed(&finance(), module), "{module}");
    }
}
