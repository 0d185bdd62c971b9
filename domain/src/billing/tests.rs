//! Billing: details, cards, plans and amounts.

use super::*;

#[test]
fn card_numbers_are_recognised() {
    let check =
        |text: &str, expected: bool| assert_eq!(holds_card_number(text), expected, "{text}");
    check("4242424242424242", true);
    check("card 4242 4242 4242 4242", true);
    check("4242-4242-4242-4242", true);
    check("4242.4242.4242", true);
    check("４２４２４２４２４２４２４２４２", true);
    check("", false);
    check("1 Main Street, 12345 Springfield", false);
    check("+41 44 668 18 00", false);
    check("12345\n67890123", false);
}

#[test]
fn every_wrong_billing_detail_is_reported() {
    let change = DetailsChange {
        company: Some("Acme 4242424242424242".to_owned()),
        address: Some("x".repeat(1_001)),
        vat: Some("SE556012345601".to_owned()),
    };

    let refusal = Details::default().change(&change).unwrap_err();

    let Refusal::Fields(errors) = refusal else { panic!("expected field errors") };
    let told: Vec<_> =
        errors.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
    assert_eq!(told, [("/company", "card_number"), ("/address", "bad_text")]);
}

#[test]
fn every_billing_detail_has_a_limited_length() {
    let change = |field: &str, length: usize| {
        let text = |name: &str| (name == field).then(|| "x".repeat(length));
        let (company, address, vat) = (text("company"), text("address"), text("vat"));
        Details::default().change(&DetailsChange { company, address, vat })
    };
    for (field, most) in [("company", 200), ("address", 1_000), ("vat", 40)] {
        assert!(change(field, most).is_ok(), "{field}");
        let Err(Refusal::Fields(errors)) = change(field, most + 1) else {
            panic!("expected field errors of {field}")
        };
        assert_eq!(errors[0].detail, format!("expected at most {most} characters"), "{field}");
        assert_eq!(errors.len(), 1, "{field}");
    }
}

#[test]
fn absent_details_stay_as_they_are() {
    let before = Details { company: "Acme".to_owned(), ..Details::default() };
    let change =
        DetailsChange { vat: Some("CHE-123.456.789".to_owned()), ..Default::default() };

    let after = before.change(&change).unwrap();

    assert_eq!((after.company.as_str(), after.vat.as_str()), ("Acme", "CHE-123.456.789"));
}

#[test]
fn a_long_number_without_a_country_is_not_a_vat_number() {
    for vat in ["424242424242", "SE4242424242424242", "se556012345601"] {
        let change = DetailsChange { vat: Some(vat.to_owned()), ..Default::default() };
        assert!(Details::default().change(&change).is_err(), "{vat}");
    }
}

#[test]
fn a_card_has_four_digits_and_an_expiry_date() {
    assert!(Card::new("visa", "4242", 2030, 12).is_some());
    for (brand, last4, year, month) in [
        ("4242424242424242", "4242", 2030, 12),
        ("visa", "4242424242424242", 2030, 12),
        ("visa", "42x2", 2030, 12),
        ("visa", "4242", 30, 12),
        ("visa", "4242", 2030, 13),
        ("", "4242", 2030, 1),
    ] {
        assert_eq!(
            Card::new(brand, last4, year, month),
            None,
            "{brand} {last4} {year} {month}"
        );
    }
}

#[test]
fn a_card_expires_soon_in_its_last_two_months() {
    let now: Timestamp = "2026-12-15T12:00:00Z".parse().unwrap();
    let ends_soon =
        |year, month| Card::new("visa", "4242", year, month).unwrap().ends_soon(now);

    assert_eq!([(2026, 11), (2026, 12), (2027, 1)].map(|(y, m)| ends_soon(y, m)), [true; 3]);
    assert_eq!([(2027, 2), (2028, 1)].map(|(y, m)| ends_soon(y, m)), [false; 2]);
}

#[test]
fn a_cancelled_plan_is_in_effect_until_it_ends() {
    let at = |seconds| Timestamp::from_micros(seconds);
    let billing = Billing {
        plan: Some("agency".to_owned()),
        state: State::Cancelled,
        renews_at: Some(at(10)),
        ..Billing::default()
    };

    assert_eq!(billing.plan_at(at(9)), Some("agency"));
    assert_eq!(billing.plan_at(at(10)), None);
    assert_eq!(Billing { renews_at: None, ..billing.clone() }.plan_at(at(9)), None);
    assert_eq!(Billing { state: State::PastDue, ..billing }.plan_at(at(10)), Some("agency"));
}

#[test]
fn an_amount_has_the_decimals_of_its_currency() {
    assert_eq!(money(1_250, "eur"), "12.50 EUR");
    assert_eq!(money(-5, "usd"), "-0.05 USD");
    assert_eq!(money(0, "eur"), "0.00 EUR");
    assert_eq!(money(-1, "jpy"), "-1 JPY");
    assert_eq!(money(1_250, "jpy"), "1250 JPY");
    assert_eq!(money(1_250, "kwd"), "1.250 KWD");
    assert_eq!(money(i64::MIN, "chf"), "-92233720368547758.08 CHF");
}

#[test]
fn every_state_is_parsed_from_its_word() {
    for state in State::EVERY {
        assert_eq!(State::parse(state.word()), Some(state));
    }
}
