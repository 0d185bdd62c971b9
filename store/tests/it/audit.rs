//! The audit log: entries are listed latest first and filtered.

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::time::Span;
use hallpass_store::audit::AuditQuery;
use serde_json::json;

use crate::accounts::NOW;
use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [entries_are_filtered_by_every_field, entries_of_another_workspace_are_not_listed],
    persistent: [],
}

pub(crate) fn entry(number: u128) -> Entry {
    Entry {
        id: AuditId(id(number)),
        at: NOW + Span::hours(i64::try_from(number).unwrap()),
        actor: number.is_multiple_of(2).then(|| MemberId(id(9))),
        actor_name: "Anna".to_owned(),
        action: if number < 3 { "role.update" } else { "member.update" }.to_owned(),
        outcome: if number == 4 { Outcome::Denied } else { Outcome::Done },
        subject: format!("subject {}", number % 3),
        before: json!({"n": 1}),
        after: json!(null),
        revision: 7,
        request: "req_1".to_owned(),
        times: 1,
        last_at: NOW + Span::hours(i64::try_from(number).unwrap()),
    }
}

async fn entries_are_filtered_by_every_field(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    for number in 1..=5 {
        tx.audit().insert(&entry(number)).await.unwrap();
    }
    let everything = tx.audit().list(&AuditQuery::default(), None, 50).await.unwrap().items;
    assert_eq!(everything, [entry(5), entry(4), entry(3), entry(2), entry(1)]);
    let below =
        tx.audit().list(&AuditQuery::default(), Some(AuditId(id(4))), 2).await.unwrap().items;
    assert_eq!(below, [entry(3), entry(2)]);

    let any = AuditQuery::default;
    for (query, expected) in [
        (AuditQuery { actor: Some(MemberId(id(9))), ..any() }, &[4, 2][..]),
        (AuditQuery { action: Some("role.update".to_owned()), ..any() }, &[2, 1]),
        (AuditQuery { subject: Some("subject 2".to_owned()), ..any() }, &[5, 2]),
        (AuditQuery { outcome: Some(Outcome::Denied), ..any() }, &[4]),
        (AuditQuery { from: Some(NOW + Span::hours(4)), ..any() }, &[5, 4]),
        (AuditQuery { to: Some(NOW + Span::hours(2)), ..any() }, &[1]),
        (
            AuditQuery {
                actor: Some(MemberId(id(9))),
                from: Some(NOW + Span::hours(3)),
                ..any()
            },
            &[4],
        ),
    ] {
        let found = tx.audit().list(&query, None, 50).await.unwrap().items;
        let numbers: Vec<u128> = found.iter().map(|entry| entry.id.0.as_u128()).collect();
        assert_eq!(numbers, expected, "{query:?}");
        let all = i64::try_from(expected.len()).unwrap();
        for most in [1, 2, 50] {
            let counted = tx.audit().count_up_to(&query, most).await.unwrap();
            assert_eq!(counted, all.min(most), "{query:?}");
        }
    }
    assert_eq!(tx.audit().count_up_to(&any(), 4).await.unwrap(), 4);
    assert_eq!(tx.audit().count_up_to(&any(), 50).await.unwrap(), 5);
}

async fn entries_of_another_workspace_are_not_listed(fixture: Fixture) {
    let (one, other) =
        (insert_workspace(&fixture.db, 1).await, insert_workspace(&fixture.db, 2).await);
    let mut tx = fixture.db.write_in(one).await.unwrap().unwrap();
    tx.audit().insert(&entry(1)).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write_in(other).await.unwrap().unwrap();

    assert_eq!(tx.audit().list(&AuditQuery::default(), None, 50).await.unwrap().items, []);
    assert_eq!(tx.audit().count_up_to(&AuditQuery::default(), 50).await.unwrap(), 0);
}
