//! Tests of views.

use uuid::Uuid;

use super::{LONGEST, View};
use crate::id::{MemberId, WorkspaceId};
use crate::time::{Span, Timestamp};

#[test]
fn a_view_covers_its_workspace_until_its_time_is_over() {
    let (acme, other) = (WorkspaceId(Uuid::from_u128(1)), WorkspaceId(Uuid::from_u128(2)));
    let now = Timestamp::from_seconds(1_000);
    let view = View::begin(acme, MemberId(Uuid::from_u128(3)), now);

    assert_eq!(view.until, now + LONGEST);
    assert!(view.covers(acme, now));
    assert!(view.covers(acme, now + LONGEST - Span::seconds(1)));
    assert!(!view.covers(acme, now + LONGEST));
    assert!(!view.covers(other, now));
}
