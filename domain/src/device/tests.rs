//! How long a device is trusted.

use super::*;
use uuid::Uuid;

#[test]
fn a_device_is_trusted_for_thirty_days_however_often_it_signs_in() {
    let start = Timestamp::from_seconds(0);
    let device = Device {
        id: DeviceId(Uuid::nil()),
        account: AccountId(Uuid::nil()),
        client: String::new(),
        created_at: start,
        seen_at: start + Span::days(29),
    };

    assert!(device.is_trusted(start));
    assert!(device.is_trusted(start + Span::days(30) - Span(1)));
    assert!(!device.is_trusted(start + Span::days(30)));
    assert_eq!(device.expires_at(), start + Span::days(30));
}
