//! Saved views: they are stored as they are, and listed to those who see them.

use hallpass_domain::id::{MemberId, ViewId};
use hallpass_domain::name::Name;
use hallpass_domain::record::{OwnerRef, RecordFilter, Test, TimeRange};
use hallpass_domain::saved_view::{SavedView, ViewFilter, ViewSettings};
use hallpass_domain::sharing::Sharing;
use hallpass_domain::time::Timestamp;
use serde_json::json;

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        a_view_is_inserted_updated_and_deleted,
        a_member_lists_their_own_views_and_the_shared_ones,
        views_belong_to_a_workspace,
    ],
    persistent: [],
}

fn anna() -> MemberId {
    MemberId(id(100))
}

fn ben() -> MemberId {
    MemberId(id(101))
}

fn view(number: u128, created_by: MemberId, is_shared: bool, entity: &str) -> SavedView {
    SavedView {
        id: ViewId(id(number)),
        name: Name::parse("Größte zuerst").unwrap(),
        sharing: Sharing { created_by, is_shared },
        entity: entity.to_owned(),
        settings: ViewSettings::default(),
        version: 1,
    }
}

/// A view of everything that a view can have.
fn full() -> SavedView {
    let filter = ViewFilter {
        text: Some("Zürich \"a\"".to_owned()),
        owner: Some(OwnerRef::Member(ben())),
        stage: Some("won".to_owned()),
        rest: RecordFilter {
            open: Some(false),
            created: TimeRange { from: Some(Timestamp::from_seconds(1)), to: None },
            updated: TimeRange { from: None, to: Some(Timestamp::from_micros(2_000_001)) },
            conditions: vec![
                ("city".to_owned(), Test::Is(json!("Zürich"))),
                ("amount".to_owned(), Test::Between(Some(json!(1.5)), Some(json!(7)))),
                ("name".to_owned(), Test::Empty(false)),
            ],
        },
    };
    let settings = ViewSettings {
        filter,
        sort: Some("-amount".to_owned()),
        columns: Some(vec!["owner".to_owned(), "city".to_owned()]),
    };
    SavedView { settings, ..view(7, anna(), true, "deals") }
}

async fn a_view_is_inserted_updated_and_deleted(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    tx.saved_views().insert(&full()).await.unwrap();
    assert_eq!(tx.saved_views().find(full().id).await.unwrap(), Some(full()));

    let plain = view(7, anna(), false, "contacts");
    assert!(tx.saved_views().update(&plain).await.unwrap());
    assert!(!tx.saved_views().update(&plain).await.unwrap(), "the version is another one");
    let found = tx.saved_views().find(plain.id).await.unwrap();
    assert_eq!(found, Some(SavedView { version: 2, ..plain.clone() }));

    tx.saved_views().delete(plain.id).await.unwrap();
    assert_eq!(tx.saved_views().find(plain.id).await.unwrap(), None);
}

async fn a_member_lists_their_own_views_and_the_shared_ones(fixture: Fixture) {
    let workspace = insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(workspace).await.unwrap().unwrap();
    for one in [
        view(4, ben(), true, "deals"),
        view(1, anna(), false, "deals"),
        view(2, anna(), true, "contacts"),
        view(3, ben(), false, "deals"),
        view(5, anna(), true, "deals"),
    ] {
        tx.saved_views().insert(&one).await.unwrap();
    }
    for (member, entity, expected) in [
        (Some(anna()), None, vec![1, 2, 4, 5]),
        (Some(ben()), None, vec![2, 3, 4, 5]),
        (None, None, vec![2, 4, 5]),
        (Some(anna()), Some("deals"), vec![1, 4, 5]),
        (Some(ben()), Some("contacts"), vec![2]),
        (Some(ben()), Some("nothing"), vec![]),
    ] {
        let found = tx.saved_views().list(member, entity).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|one| one.id).collect();
        let expected: Vec<_> = expected.into_iter().map(|number| ViewId(id(number))).collect();
        assert_eq!(found, expected, "{member:?} {entity:?}");
    }
    assert_eq!(tx.saved_views().count_by(anna()).await.unwrap(), 3);
    let page = tx.saved_views().list_after(None, 2).await.unwrap();
    assert!(page.has_more);
    let after = page.items.last().map(|last| last.id);
    let rest = tx.saved_views().list_after(after, 3).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.has_more), (2, 3, false));

    tx.saved_views().delete_own(anna()).await.unwrap();

    let left = tx.saved_views().list_after(None, 9).await.unwrap().items;
    let left: Vec<_> = left.into_iter().map(|one| one.id).collect();
    assert_eq!(left, [2, 3, 4, 5].map(|number| ViewId(id(number))));
}

async fn views_belong_to_a_workspace(fixture: Fixture) {
    let first = insert_workspace(&fixture.db, 1).await;
    let second = insert_workspace(&fixture.db, 2).await;
    let mut tx = fixture.db.write_in(first).await.unwrap().unwrap();
    tx.saved_views().insert(&full()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = fixture.db.write_in(second).await.unwrap().unwrap();

    assert_eq!(tx.saved_views().find(full().id).await.unwrap(), None);
    assert_eq!(tx.saved_views().list(Some(anna()), None).await.unwrap(), []);
    tx.saved_views().delete(full().id).await.unwrap();
    tx.saved_views().delete_own(anna()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write_in(first).await.unwrap().unwrap();
    assert_eq!(tx.saved_views().list_after(None, 9).await.unwrap().items, [full()]);
}
