//! Slots against every time zone.

use hallpass_domain::time::Timestamp;
use hallpass_domain::zone::Zone;

use super::{SLOT, Sums, slot, start_of_slot};

const ZONES: [&str; 14] = [
    "UTC",
    "Europe/Zurich",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Australia/Eucla",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
    "Pacific/Pago_Pago",
    "Etc/GMT+12",
    "Etc/GMT-14",
];

#[test]
fn all_of_a_slot_is_in_the_same_month_in_every_zone() {
    for zone in ZONES {
        let zone = Zone::parse(zone).unwrap();
        for month in 2020 * 12..2040 * 12 {
            let begins = zone.start_of_month(month).unwrap().as_micros();
            assert_eq!(begins.rem_euclid(SLOT), 0, "{zone:?} {month}");
        }
    }
}

#[test]
fn a_time_that_has_no_slot_is_in_one_month_in_every_zone() {
    let zones = ZONES.map(|zone| Zone::parse(zone).unwrap());
    let (mut with, mut without) = (0, 0);
    // A prime number of seconds, to meet every slot in the end.
    for step in 0..60_000_i64 {
        let at = Timestamp::from_micros(1_577_836_800_000_000 + step * 7_919_000_000);
        if let Some(slot) = slot(at) {
            let start = start_of_slot(slot).as_micros();
            assert!((start..start + SLOT).contains(&at.as_micros()));
            with += 1;
        } else {
            without += 1;
            for zone in &zones {
                assert_eq!(zone.month(at), at.month(), "{at:?} in {zone:?}");
            }
        }
    }
    assert!(with > 1_000 && without > 20 * with, "{with} {without}");
}

#[test]
fn sums_of_the_largest_amounts_saturate() {
    let mut sums = Sums::default();
    for _ in 0..3 {
        sums.add(Sums::of_one(true, Some(i64::MAX)));
    }
    assert_eq!((sums.n, sums.open, sums.amount()), (3, 3, i64::MAX));
    for _ in 0..3 {
        sums.add(Sums::of_one(true, Some(i64::MAX)).negated());
    }
    sums.add(Sums::of_one(false, Some(i64::MIN)));
    assert_eq!((sums.n, sums.open, sums.amount()), (1, 0, i64::MIN));
}
