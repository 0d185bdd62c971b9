//! Accounts and their workspaces, links, and idempotent requests.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, WorkspaceId};
use hallpass_domain::name::Name;
use hallpass_domain::secret::Secret;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::account::link::LinkKind;
use hallpass_store::account::list::AccountQuery;
use hallpass_store::idempotency::{AnsweredRequest, StoredResponse};
use hallpass_store::{Db, Error};
use serde_json::{Map, json};

use crate::fixture::{Fixture, id, insert_workspace};

contract! {
    every: [
        an_account_is_read_as_inserted,
        an_address_is_free_once_its_account_is_deleted,
        an_address_has_one_account_that_has_confirmed_it,
        the_memberships_of_a_claim_move,
        the_hash_of_a_password_is_replaced_while_it_is_the_same,
        an_account_of_an_old_version_is_not_updated,
        an_update_leaves_the_operator_as_it_is,
        an_operator_signs_in_although_a_workspace_is_closed_to_them,
        accounts_are_listed_by_address_with_their_workspaces,
        deleted_workspaces_of_an_account_are_not_listed,
        a_link_works_once_until_it_expires,
        an_idempotent_request_keeps_its_response,
        a_key_in_an_open_transaction_is_free_unless_that_commits,
    ],
    persistent: [],
}

pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

pub(crate) fn account(number: u128, email: &str) -> Account {
    let mut notifications = Map::new();
    notifications.insert("mentions".to_owned(), json!(false));
    Account {
        id: AccountId(id(number)),
        email: Email::parse(email).unwrap(),
        first_name: Name::parse("Anna").unwrap(),
        last_name: "Müller".to_owned(),
        password: Some(Secret::new("$argon2id$x".to_owned())),
        locale: "de-CH".to_owned(),
        picture: Some("data:image/png;base64,AAAA".to_owned()),
        notifications,
        is_operator: false,
        disabled_at: None,
        confirmed_at: Some(NOW),
        created_at: NOW,
        version: 1,
    }
}

pub(crate) async fn sign_up(db: &Db, number: u128, email: &str) -> Account {
    let account = account(number, email);
    let mut tx = db.write().await.unwrap();
    tx.accounts().insert(&account).await.unwrap();
    tx.commit().await.unwrap();
    account
}

async fn an_account_is_read_as_inserted(fixture: Fixture) {
    let account = sign_up(&fixture.db, 1, "Anna@Example.com").await;

    let mut tx = fixture.db.read().await.unwrap();
    let email = Email::parse("anna@example.com").unwrap();
    assert_eq!(tx.accounts().find(account.id).await.unwrap(), Some(account.clone()));
    assert_eq!(tx.accounts().find_by_email(&email).await.unwrap(), Some(account));
    assert_eq!(tx.accounts().find(AccountId(id(9))).await.unwrap(), None);
}

async fn an_address_is_free_once_its_account_is_deleted(fixture: Fixture) {
    let first = sign_up(&fixture.db, 1, "anna@example.com").await;
    let mut tx = fixture.db.write().await.unwrap();
    let refused = tx.accounts().insert(&account(2, "ANNA@example.com")).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    drop(tx);

    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().delete(first.id, NOW).await.unwrap();
    tx.accounts().insert(&account(2, "anna@example.com")).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = fixture.db.read().await.unwrap();
    assert_eq!(tx.accounts().find(first.id).await.unwrap(), None);
    let found = tx.accounts().find_by_email(&first.email).await.unwrap().unwrap();
    assert_eq!(found.id, AccountId(id(2)));
}

async fn an_address_has_one_account_that_has_confirmed_it(fixture: Fixture) {
    let email = Email::parse("anna@example.com").unwrap();
    let claim = |number| Account { confirmed_at: None, ..account(number, "ANNA@example.com") };
    let mut tx = fixture.db.write().await.unwrap();
    for number in [2, 3] {
        tx.accounts().insert(&claim(number)).await.unwrap();
    }
    assert_eq!(tx.accounts().find_confirmed(&email).await.unwrap(), None);
    assert_eq!(tx.accounts().find_by_email(&email).await.unwrap(), Some(claim(3)));
    let anna = account(1, "anna@example.com");
    tx.accounts().insert(&anna).await.unwrap();

    assert_eq!(tx.accounts().find_confirmed(&email).await.unwrap(), Some(anna.clone()));
    assert_eq!(tx.accounts().find_by_email(&email).await.unwrap(), Some(anna));
    assert_eq!(tx.accounts().find_unconfirmed(&email).await.unwrap(), Some(claim(3)));
    let listed = tx.accounts().list_unconfirmed(&email).await.unwrap();
    assert_eq!(listed, [2, 3].map(|number| AccountId(id(number))));
    let all = AccountQuery::default();
    let first = tx.accounts().list(&all, None, 2).await.unwrap();
    let rest = tx.accounts().list(&all, Some(first[1].id), 2).await.unwrap();
    let ids: Vec<_> = first.iter().chain(&rest).map(|one| one.id).collect();
    assert_eq!(ids, [1, 2, 3].map(|number| AccountId(id(number))));

    let confirmed = Account { confirmed_at: Some(NOW), ..claim(3) };
    let refused = tx.accounts().update(&confirmed).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}

async fn the_memberships_of_a_claim_move(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let claim = Account { confirmed_at: None, ..account(2, "anna@example.com") };
    let both = WorkspaceId(insert_workspace(&fixture.db, 10).await);
    let hers = WorkspaceId(insert_workspace(&fixture.db, 20).await);
    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().insert(&claim).await.unwrap();
    for (account, workspace) in [(anna, both), (claim.id, both), (claim.id, hers)] {
        tx.accounts().add_workspace(account, workspace).await.unwrap();
    }

    tx.accounts().move_places(claim.id, anna).await.unwrap();

    let mut places = async |account| {
        let found = tx.accounts().list_workspaces(account).await.unwrap();
        found.into_iter().map(|place| place.workspace).collect::<Vec<_>>()
    };
    assert_eq!(places(anna).await, [both, hers]);
    assert_eq!(places(claim.id).await, [both]);
}

async fn the_hash_of_a_password_is_replaced_while_it_is_the_same(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await;
    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().replace_hash(anna.id, "$argon2id$x", "$argon2id$y").await.unwrap();
    tx.accounts().replace_hash(anna.id, "$argon2id$x", "$argon2id$z").await.unwrap();

    let found = tx.accounts().find(anna.id).await.unwrap().unwrap();
    assert_eq!(
        (found.password.as_ref().map(|hash| hash.expose().as_str()), found.version),
        (Some("$argon2id$y"), anna.version)
    );
}

async fn an_account_of_an_old_version_is_not_updated(fixture: Fixture) {
    let before = sign_up(&fixture.db, 1, "anna@example.com").await;
    let after = Account { last_name: "Meier".to_owned(), picture: None, ..before.clone() };
    let mut tx = fixture.db.write().await.unwrap();
    assert!(tx.accounts().update(&after).await.unwrap());
    assert!(!tx.accounts().update(&before).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = fixture.db.read().await.unwrap();
    let found = tx.accounts().find(before.id).await.unwrap();
    assert_eq!(found, Some(Account { version: 2, ..after }));
}

async fn an_update_leaves_the_operator_as_it_is(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await;
    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().set_operator(anna.id, true).await.unwrap();
    tx.accounts().update(&anna).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = fixture.db.write().await.unwrap();
    assert!(tx.accounts().find(anna.id).await.unwrap().unwrap().is_operator);
    let query = AccountQuery { is_operator: true, ..AccountQuery::default() };
    assert_eq!(tx.accounts().list(&query, None, 9).await.unwrap().len(), 1);
    tx.accounts().delete(anna.id, NOW).await.unwrap();

    assert_eq!(tx.accounts().list(&query, None, 9).await.unwrap(), []);
    let none: [hallpass_store::Value; 0] = [];
    let sql = "SELECT count(*) AS n FROM accounts WHERE is_operator";
    assert_eq!(tx.query_one(sql, &none).await.unwrap().int("n").unwrap(), 0);
}

async fn an_operator_signs_in_although_a_workspace_is_closed_to_them(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let workspace = WorkspaceId(insert_workspace(&fixture.db, 20).await);
    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().add_workspace(anna, workspace).await.unwrap();
    tx.accounts().deactivate_workspace(anna, workspace).await.unwrap();
    assert!(!tx.accounts().may_sign_in(anna).await.unwrap());

    tx.accounts().set_operator(anna, true).await.unwrap();

    assert!(tx.accounts().may_sign_in(anna).await.unwrap());
}

async fn accounts_are_listed_by_address_with_their_workspaces(fixture: Fixture) {
    let workspace = WorkspaceId(insert_workspace(&fixture.db, 20).await);
    for (number, email) in [(1, "cleo@example.com"), (2, "anna@example.com"), (3, "b_n@x.com")]
    {
        let id = sign_up(&fixture.db, number, email).await.id;
        let mut tx = fixture.db.write().await.unwrap();
        tx.accounts().add_workspace(id, workspace).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = fixture.db.read().await.unwrap();
    let mut list = async |text: &str, after, limit| {
        let text = (!text.is_empty()).then(|| text.to_owned());
        let query = AccountQuery { text, ..AccountQuery::default() };
        let found = tx.accounts().list(&query, after, limit).await.unwrap();
        found.into_iter().map(|one| (one.email.to_string(), one.workspaces)).collect::<Vec<_>>()
    };
    let row = |email: &str| (email.to_owned(), 1);

    assert_eq!(list("", None, 2).await, [row("anna@example.com"), row("b_n@x.com")]);
    assert_eq!(list("", Some(AccountId(id(3))), 2).await, [row("cleo@example.com")]);
    assert_eq!(list("_", None, 9).await, [row("b_n@x.com")]);
    assert_eq!(list("EXAMPLE", Some(AccountId(id(2))), 9).await, [row("cleo@example.com")]);
}

async fn deleted_workspaces_of_an_account_are_not_listed(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let here = WorkspaceId(insert_workspace(&fixture.db, 20).await);
    let there = WorkspaceId(insert_workspace(&fixture.db, 10).await);
    let mut tx = fixture.db.write().await.unwrap();
    for workspace in [here, there, here] {
        tx.accounts().add_workspace(anna, workspace).await.unwrap();
    }
    tx.accounts().record_visit(anna, here, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let places = async |db: &Db| {
        let mut tx = db.read().await.unwrap();
        let places = tx.accounts().list_workspaces(anna).await.unwrap();
        places.into_iter().map(|place| (place.workspace, place.visited_at)).collect::<Vec<_>>()
    };
    assert_eq!(places(&fixture.db).await, [(there, None), (here, Some(NOW))]);

    let mut inside = fixture.db.write_in(here.0).await.unwrap().unwrap();
    inside.delete(NOW).await.unwrap();
    inside.commit().await.unwrap();
    assert_eq!(places(&fixture.db).await, [(there, None)]);

    let mut tx = fixture.db.write().await.unwrap();
    tx.accounts().remove_workspace(anna, there).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(places(&fixture.db).await, []);
}

async fn a_link_works_once_until_it_expires(fixture: Fixture) {
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let mut tx = fixture.db.write().await.unwrap();
    let until = NOW + Span::hours(1);
    let early = NOW + Span::minutes(59);
    for (kind, token) in [
        (LinkKind::Reset, b"old".as_slice()),
        (LinkKind::Reset, b"new"),
        (LinkKind::Confirm, b"other"),
    ] {
        tx.links().insert(kind, anna, token, until).await.unwrap();
    }

    assert_eq!(tx.links().find(LinkKind::Confirm, b"new", NOW).await.unwrap(), None);
    assert_eq!(tx.links().find(LinkKind::Reset, b"new", until).await.unwrap(), None);
    assert_eq!(tx.links().find(LinkKind::Reset, b"new", early).await.unwrap(), Some(anna));
    assert_eq!(tx.links().consume(LinkKind::Confirm, b"new", NOW).await.unwrap(), None);
    assert_eq!(tx.links().consume(LinkKind::Reset, b"new", until).await.unwrap(), None);
    assert_eq!(tx.links().consume(LinkKind::Reset, b"new", early).await.unwrap(), Some(anna));
    assert_eq!(tx.links().consume(LinkKind::Reset, b"new", early).await.unwrap(), None);
    assert_eq!(tx.links().consume(LinkKind::Reset, b"old", early).await.unwrap(), Some(anna));
    assert_eq!(tx.links().delete_expired(early).await.unwrap(), 0);
    assert_eq!(tx.links().delete_expired(until).await.unwrap(), 1);
    assert_eq!(tx.links().consume(LinkKind::Confirm, b"other", NOW).await.unwrap(), None);
}

/// A request that was answered with 201.
pub(crate) fn answered() -> AnsweredRequest {
    let headers = vec![("etag".to_owned(), "\"1\"".to_owned())];
    let response = StoredResponse { status: 201, headers, body: "{}".to_owned() };
    AnsweredRequest { hash: b"hash".to_vec(), response, at: NOW }
}

async fn an_idempotent_request_keeps_its_response(fixture: Fixture) {
    let (anna, ben) = (AccountId(id(1)), AccountId(id(2)));
    let mut tx = fixture.db.write().await.unwrap();
    let later = AnsweredRequest { at: NOW + Span::hours(1), ..answered() };

    assert!(tx.idempotent_requests().insert(anna, "key", &answered()).await.unwrap());
    assert!(!tx.idempotent_requests().insert(anna, "key", &later).await.unwrap());
    assert!(tx.idempotent_requests().insert(anna, "other", &later).await.unwrap());
    assert!(tx.idempotent_requests().insert(ben, "key", &later).await.unwrap());

    let known = tx.idempotent_requests().find(anna, "key").await.unwrap();
    assert_eq!(known, Some(answered()));
    assert_eq!(tx.idempotent_requests().count(anna).await.unwrap(), (2, Some(NOW)));
    assert_eq!(tx.idempotent_requests().delete_before(later.at).await.unwrap(), 1);
    assert_eq!(tx.idempotent_requests().find(anna, "key").await.unwrap(), None);
    assert_eq!(tx.idempotent_requests().count(anna).await.unwrap(), (1, Some(later.at)));
}

/// On PostgreSQL the second waits for the first; SQLite has one writer.
async fn a_key_in_an_open_transaction_is_free_unless_that_commits(fixture: Fixture) {
    let anna = AccountId(id(1));
    for commits in [false, true] {
        let mut first = fixture.db.write().await.unwrap();
        assert!(first.idempotent_requests().insert(anna, "key", &answered()).await.unwrap());
        let second = async {
            let mut tx = fixture.db.write().await.unwrap();
            tx.idempotent_requests().insert(anna, "key", &answered()).await.unwrap()
        };
        let end = async move {
            tokio::task::yield_now().await;
            if commits { first.commit().await.unwrap() } else { drop(first) }
        };

        let (is_free, ()) = tokio::join!(second, end);

        assert_eq!(is_free, !commits);
    }
}
