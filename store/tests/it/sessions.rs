//! Sessions: found by the hash of their token, gone with their account.

use hallpass_domain::attempt::Failures;
use hallpass_domain::id::{AccountId, SessionId, WorkspaceId};
use hallpass_domain::member::Status;
use hallpass_domain::session::Session;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::time::Span;
use hallpass_store::Tx;
use hallpass_store::session::lookup::WorkspaceRef;

use crate::accounts::{NOW, sign_up};
use crate::fixture::{Fixture, id, insert_workspace};
use crate::members::member;

contract! {
    every: [
        a_session_is_found_only_by_its_token,
        sessions_are_deleted_one_by_one_and_all_but_one,
        sessions_of_a_deleted_account_are_not_found,
        an_account_that_may_not_sign_in_has_no_session,
        a_session_lookup_finds_the_membership,
        other_authentications_come_with_another_token,
        failures_are_counted_until_they_are_reset,
    ],
    persistent: [],
}

pub(crate) fn session(number: u128, account: AccountId) -> Session {
    Session {
        id: SessionId(id(number)),
        account,
        created_at: NOW,
        seen_at: NOW,
        longest_pause: Span(0),
        authentications: Authentications::of(Method::Password, NOW),
        client: "curl".to_owned(),
        address: "192.0.2.1".to_owned(),
        view: None,
    }
}

async fn open(fixture: &Fixture, account: AccountId, numbers: &[u128]) {
    let mut tx = fixture.db.write().await.unwrap();
    for number in numbers {
        let token = number.to_be_bytes();
        tx.sessions().insert(&token, &session(*number, account)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_session_is_found_only_by_its_token(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    open(&fixture, anna, &[7]).await;

    let mut tx = fixture.db.write().await.unwrap();
    let token = 7_u128.to_be_bytes();
    assert_eq!(tx.sessions().find(&token).await.unwrap(), Some(session(7, anna)));
    assert_eq!(tx.sessions().find(b"other").await.unwrap(), None);
    let used = session(7, anna).used("192.0.2.2", NOW + Span::days(1));
    tx.sessions().update_use(&used).await.unwrap();
    assert_eq!(tx.sessions().find(&token).await.unwrap(), Some(used.clone()));
    // A request that began earlier and ends later does not shorten the pause.
    let earlier = Session { longest_pause: Span::hours(1), ..used.clone() };
    tx.sessions().update_use(&earlier).await.unwrap();
    assert_eq!(tx.sessions().find(&token).await.unwrap(), Some(used));
    assert_eq!(tx.sessions().delete_expired(NOW + Span::days(1), NOW).await.unwrap(), 0);
    assert_eq!(tx.sessions().delete_expired(NOW + Span::days(2), NOW).await.unwrap(), 1);
}

async fn other_authentications_come_with_another_token(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    open(&fixture, anna, &[7, 8]).await;

    let mut tx = fixture.db.write().await.unwrap();
    let before = session(7, anna);
    let elevated = Session {
        authentications: before.authentications.clone().and(Method::Totp, NOW + Span::hours(1)),
        seen_at: NOW + Span::hours(1),
        ..before
    };
    assert!(tx.sessions().update_authentications(&elevated, b"fresh").await.unwrap());
    assert_eq!(tx.sessions().find(b"fresh").await.unwrap(), Some(elevated.clone()));
    assert_eq!(tx.sessions().find_by_id(anna, elevated.id).await.unwrap(), Some(elevated));
    assert_eq!(tx.sessions().find(&7_u128.to_be_bytes()).await.unwrap(), None);
    assert!(tx.sessions().find(&8_u128.to_be_bytes()).await.unwrap().is_some());
    let gone = session(9, anna);
    assert!(!tx.sessions().update_authentications(&gone, b"other").await.unwrap());
}

async fn sessions_are_deleted_one_by_one_and_all_but_one(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    open(&fixture, anna, &[1, 2, 3]).await;
    open(&fixture, ben, &[4]).await;

    let mut tx = fixture.db.write().await.unwrap();
    assert!(!tx.sessions().delete(ben, SessionId(id(1))).await.unwrap());
    assert!(tx.sessions().delete(anna, SessionId(id(1))).await.unwrap());
    let left = tx.sessions().list(anna).await.unwrap();
    assert_eq!(left, [session(3, anna), session(2, anna)]);
    tx.sessions().delete_all(anna, Some(SessionId(id(2)))).await.unwrap();
    assert_eq!(tx.sessions().list(anna).await.unwrap(), [session(2, anna)]);
    tx.sessions().delete_all(anna, None).await.unwrap();
    assert_eq!(tx.sessions().list(anna).await.unwrap(), []);
    assert_eq!(tx.sessions().list(ben).await.unwrap(), [session(4, ben)]);
}

async fn sessions_of_a_deleted_account_are_not_found(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    open(&fixture, anna, &[1]).await;

    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().delete(anna, NOW).await.unwrap();

    assert_eq!(tx.sessions().find(&1_u128.to_be_bytes()).await.unwrap(), None);
}

async fn an_account_that_may_not_sign_in_has_no_session(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let (here, there) = (WorkspaceId(id(10)), WorkspaceId(id(20)));
    open(&fixture, anna, &[1]).await;
    let mut tx = fixture.db.write().await.unwrap();
    let may_act = async |tx: &mut Tx| {
        let found = tx.sessions().find(&1_u128.to_be_bytes()).await.unwrap().is_some();
        assert_eq!(tx.accounts().may_sign_in(anna).await.unwrap(), found);
        found
    };
    assert!(may_act(&mut tx).await, "in no workspace yet");

    tx.accounts().add_workspace(anna, here).await.unwrap();
    tx.accounts().add_workspace(anna, there).await.unwrap();
    tx.accounts().deactivate_workspace(anna, here).await.unwrap();
    assert!(may_act(&mut tx).await, "one of two is open");
    tx.accounts().deactivate_workspace(anna, there).await.unwrap();
    assert!(!may_act(&mut tx).await, "both are closed");
    tx.accounts().remove_workspace(anna, there).await.unwrap();
    assert!(!may_act(&mut tx).await, "the one that is left is closed");
    tx.accounts().add_workspace(anna, here).await.unwrap();
    assert!(may_act(&mut tx).await, "open again");
}

async fn a_session_lookup_finds_the_membership(fixture: Fixture) {
    let member = member(1, "Anna");
    let anna = sign_up(&fixture.db, 1_001, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 1_002, "ben@example.com").await.id;
    assert_eq!(Some(anna), member.account);
    open(&fixture, anna, &[7]).await;
    open(&fixture, ben, &[8]).await;
    let (acme, other) =
        (insert_workspace(&fixture.db, 1).await, insert_workspace(&fixture.db, 2).await);
    let mut tx = fixture.db.write_in(acme).await.unwrap().unwrap();
    tx.members().insert(&member).await.unwrap();
    tx.commit().await.unwrap();
    let find_by_session = async |token: u128, named: WorkspaceRef<'_>| {
        let tx = fixture.db.read().await.unwrap();
        tx.find_by_session(&token.to_be_bytes(), named).await.unwrap()
    };

    for named in [WorkspaceRef::Id(WorkspaceId(acme)), WorkspaceRef::Slug("slug-1")] {
        let found = find_by_session(7, named).await.unwrap();
        assert_eq!(found.session, session(7, anna));
        let (tx, membership) = found.membership.unwrap();
        assert_eq!((tx.workspace(), tx.revision()), (acme, 0));
        assert_eq!((membership.id, membership.name.as_str()), (member.id, "Anna Müller"));
        assert_eq!((membership.status, membership.seen_at), (Status::Active, None));
        drop(tx);
        let stranger = find_by_session(8, named).await.unwrap();
        assert_eq!((stranger.session.account, stranger.membership.is_none()), (ben, true));
        assert!(find_by_session(9, named).await.is_none(), "no such session");
    }
    for named in [WorkspaceRef::Id(WorkspaceId(other)), WorkspaceRef::Id(WorkspaceId(id(3)))] {
        assert!(
            find_by_session(7, named).await.unwrap().membership.is_none(),
            "no member there"
        );
    }
    assert!(
        find_by_session(7, WorkspaceRef::Slug("slug-3")).await.unwrap().membership.is_none(),
        "not there"
    );

    let mut tx = fixture.db.write_in(acme).await.unwrap().unwrap();
    tx.delete(NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        find_by_session(7, WorkspaceRef::Slug("slug-1")).await.unwrap().membership.is_none(),
        "deleted"
    );
}

async fn failures_are_counted_until_they_are_reset(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    assert_eq!(tx.attempts().failures("anna").await.unwrap(), Failures::default());
    for second in 1..=3 {
        tx.attempts().record_failure("anna", NOW + Span::seconds(second)).await.unwrap();
    }
    let failures = Failures { count: 3, last_at: NOW + Span::seconds(3) };
    assert_eq!(tx.attempts().failures("anna").await.unwrap(), failures);
    assert_eq!(tx.attempts().failures("ben").await.unwrap(), Failures::default());
    for subject in ["anna", "ben"] {
        tx.attempts().take_back(subject).await.unwrap();
    }
    assert_eq!(tx.attempts().failures("anna").await.unwrap().count, 2);
    assert_eq!(tx.attempts().failures("ben").await.unwrap().count, 0);

    tx.attempts().reset("anna").await.unwrap();
    assert_eq!(tx.attempts().failures("anna").await.unwrap(), Failures::default());
    tx.attempts().record_failure("ben", NOW).await.unwrap();
    assert_eq!(tx.attempts().delete_before(NOW + Span::days(1)).await.unwrap(), 1);
}
