//! Single sign-on: connections with their secrets, identities, requests, messages that count once,
//! sessions that began at a provider, and proven domains; each in its own workspace.
//! Long because seven tables of one subject have their contract in it.

use hallpass_domain::connection::group::{Assignment, GivenLevels, GroupMapping, GroupRule};
use hallpass_domain::connection::{Connection, Provider, Test};
use hallpass_domain::id::{AccountId, ConnectionId, MemberId, SessionId, TeamId, WorkspaceId};
use hallpass_domain::proven_domain::{ProvenBy, ProvenDomain};
use hallpass_domain::secret::Secret;
use hallpass_domain::time::Timestamp;
use hallpass_store::Error;
use hallpass_store::connection::ConnectionKeys;
use hallpass_store::identity::{Identity, IdentityKey, KnownIdentity};
use hallpass_store::proven_domain::WayIn;
use hallpass_store::sign_on_request::SignOnRequest;

use crate::accounts::sign_up;
use crate::fixture::{Fixture, id, insert_workspace};
use crate::record::{read, write};

contract! {
    every: [
        a_connection_is_inserted_updated_and_deleted_in_its_workspace,
        the_secret_of_a_connection_is_beside_it_and_replaced_alone,
        a_test_is_stored_with_the_version_that_was_tested,
        a_person_is_connected_to_one_account_at_a_connection,
        what_groups_gave_is_kept_with_the_identity,
        a_deleted_account_is_found_by_no_identity,
        a_request_counts_once_and_until_it_expires,
        the_answer_to_a_request_is_stored_once,
        a_message_counts_once_at_its_connection,
        logout_takes_the_sessions_that_it_names,
        the_sessions_of_an_account_at_a_connection_are_taken,
        what_belongs_to_a_connection_is_deleted_with_it,
        what_counts_no_longer_is_deleted,
        a_domain_is_proven_once_in_each_workspace,
        ways_in_are_those_of_workspaces_that_have_proven_the_domain,
    ],
    persistent: [],
}

const CONNECTION: ConnectionId = ConnectionId(id(70));
const OTHER: ConnectionId = ConnectionId(id(71));
const ANNA: AccountId = AccountId(id(80));

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn connection(number: u128) -> Connection {
    Connection {
        id: ConnectionId(id(number)),
        name: format!("Connection {number}"),
        provider: Provider::Saml {
            entity_id: "https://idp.example/metadata".to_owned(),
            sign_in_url: "https://idp.example/sso".to_owned(),
            logout_url: None,
            certificates: vec!["MII=".to_owned()],
        },
        groups: GroupMapping {
            claim: "groups".to_owned(),
            rules: vec![GroupRule {
                group: "sales".to_owned(),
                role: Some("member".to_owned()),
                levels: Some(GivenLevels::Preset("marketing".to_owned())),
                teams: vec![TeamId(id(90))],
                author: MemberId(id(6)),
            }],
        },
        is_on: false,
        test: None,
        created_at: at(1),
        version: 1,
    }
}

fn test() -> Test {
    Test {
        at: at(5),
        member: MemberId(id(6)),
        failure: None,
        arrival: Some("member".to_owned()),
        gives: Some(Assignment { role: None, levels: None, teams: vec![TeamId(id(90))] }),
        claims: vec![("groups".to_owned(), vec!["a".to_owned(), "b".to_owned()])],
    }
}

fn key(subject: &str) -> IdentityKey<'_> {
    IdentityKey { connection: CONNECTION, issuer: "https://idp.example", subject }
}

fn request() -> SignOnRequest {
    SignOnRequest {
        connection: CONNECTION,
        browser: b"hash of the browser".to_vec(),
        purpose: "sign_in".to_owned(),
        account: None,
        landing: "/workspace/acme".to_owned(),
        request: "_1".to_owned(),
        answer: None,
        expires_at: at(100),
    }
}

/// Two workspaces, of which the tests use the first.
async fn set_up(fixture: &Fixture) {
    insert_workspace(&fixture.db, 1).await;
    insert_workspace(&fixture.db, 2).await;
}

async fn a_connection_is_inserted_updated_and_deleted_in_its_workspace(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    for number in [71, 70] {
        tx.connections().insert(&connection(number), &ConnectionKeys::default()).await.unwrap();
    }
    let listed = tx.connections().list().await.unwrap();
    assert_eq!(listed, [connection(70), connection(71)]);

    let provider = Provider::Google {
        client_id: "client".to_owned(),
        hosted_domains: vec!["northwind.example".to_owned()],
    };
    let changed = Connection { provider, is_on: true, test: Some(test()), ..connection(70) };
    assert!(tx.connections().update(&changed).await.unwrap());
    assert!(!tx.connections().update(&changed).await.unwrap(), "another version");
    let found = tx.connections().find(CONNECTION).await.unwrap();
    assert_eq!(found, Some(Connection { version: 2, ..changed }));
    tx.commit().await.unwrap();

    let mut other = write(&fixture, 2).await;
    assert_eq!(other.connections().find(CONNECTION).await.unwrap(), None);
    assert!(!other.connections().delete(CONNECTION).await.unwrap());
    drop(other);
    let mut tx = write(&fixture, 1).await;
    assert!(tx.connections().delete(CONNECTION).await.unwrap());
    assert!(!tx.connections().delete(CONNECTION).await.unwrap());
    assert_eq!(tx.connections().list().await.unwrap(), [connection(71)]);
}

async fn the_secret_of_a_connection_is_beside_it_and_replaced_alone(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    let keys = ConnectionKeys {
        certificate: Some(b"certificate".to_vec()),
        secret: Some(Secret::new(b"sealed".to_vec())),
    };
    tx.connections().insert(&connection(70), &keys).await.unwrap();
    assert_eq!(tx.connections().find_keys(CONNECTION).await.unwrap(), keys);

    // A change of the connection leaves the secret alone, and the other way round.
    assert!(tx.connections().update(&connection(70)).await.unwrap());
    tx.connections().set_secret(CONNECTION, b"sealed again").await.unwrap();

    let keys = ConnectionKeys { secret: Some(Secret::new(b"sealed again".to_vec())), ..keys };
    assert_eq!(tx.connections().find_keys(CONNECTION).await.unwrap(), keys);
    assert_eq!(tx.connections().find(CONNECTION).await.unwrap().unwrap().version, 2);
    let none = tx.connections().find_keys(OTHER).await.unwrap();
    assert_eq!(none, ConnectionKeys::default());
    tx.commit().await.unwrap();
    let mut elsewhere = write(&fixture, 2).await;
    elsewhere.connections().set_secret(CONNECTION, b"foreign").await.unwrap();
    let none = elsewhere.connections().find_keys(CONNECTION).await.unwrap();
    assert_eq!(none, ConnectionKeys::default());
    elsewhere.commit().await.unwrap();
    let kept = read(&fixture, 1).await.connections().find_keys(CONNECTION).await.unwrap();
    assert_eq!(kept, keys);
}

async fn a_test_is_stored_with_the_version_that_was_tested(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    tx.connections().insert(&connection(70), &ConnectionKeys::default()).await.unwrap();

    assert!(!tx.connections().save_test((CONNECTION, 2), &test()).await.unwrap());
    assert!(tx.connections().save_test((CONNECTION, 1), &test()).await.unwrap());

    let tested = tx.connections().find(CONNECTION).await.unwrap();
    assert_eq!(tested, Some(Connection { test: Some(test()), ..connection(70) }));
}

async fn a_person_is_connected_to_one_account_at_a_connection(fixture: Fixture) {
    set_up(&fixture).await;
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let mut tx = write(&fixture, 1).await;
    for (subject, account, now) in [("a", anna, 10), ("a2", anna, 20), ("b", ben, 30)] {
        tx.identities().connect(key(subject), account, at(now)).await.unwrap();
    }
    tx.identities().update_seen_at(key("a"), at(50)).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = write(&fixture, 1).await;
    assert_eq!(tx.identities().find(key("a")).await.unwrap(), Some(anna));
    assert_eq!(tx.identities().find(key("b")).await.unwrap(), Some(ben));
    assert_eq!(tx.identities().find(key("A")).await.unwrap(), None, "case matters");
    for other in [
        IdentityKey { issuer: "https://evil.example", ..key("a") },
        IdentityKey { connection: OTHER, ..key("a") },
    ] {
        assert_eq!(tx.identities().find(other).await.unwrap(), None, "{other:?}");
    }
    assert_eq!(tx.identities().count(CONNECTION).await.unwrap(), 3);
    let both = Identity { connection: CONNECTION, created_at: at(10), seen_at: at(50) };
    assert_eq!(tx.identities().list_of(anna).await.unwrap(), [both]);
    // The person goes on to another account: there is one at a time.
    tx.identities().connect(key("a"), ben, at(60)).await.unwrap();
    assert_eq!(tx.identities().find(key("a")).await.unwrap(), Some(ben));
    assert!(tx.identities().disconnect(CONNECTION, ben).await.unwrap());
    assert!(!tx.identities().disconnect(CONNECTION, ben).await.unwrap());
    assert_eq!(tx.identities().find(key("b")).await.unwrap(), None);
    assert_eq!(tx.identities().find(key("a2")).await.unwrap(), Some(anna));
    tx.commit().await.unwrap();
    let mut elsewhere = write(&fixture, 2).await;
    assert_eq!(elsewhere.identities().find(key("a2")).await.unwrap(), None);
    assert!(elsewhere.identities().list_of(anna).await.unwrap().is_empty());
    assert!(!elsewhere.identities().disconnect(CONNECTION, anna).await.unwrap());
}

async fn what_groups_gave_is_kept_with_the_identity(fixture: Fixture) {
    set_up(&fixture).await;
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    let ben = sign_up(&fixture.db, 2, "ben@example.com").await.id;
    let mut tx = write(&fixture, 1).await;
    for (subject, account) in [("a", anna), ("b", ben)] {
        tx.identities().connect(key(subject), account, at(10)).await.unwrap();
    }
    assert!(tx.identities().list_with_groups(CONNECTION).await.unwrap().is_empty());
    let given = Assignment {
        role: Some("member".to_owned()),
        levels: Some(vec![("tickets".to_owned(), "edit".to_owned())]),
        teams: vec![TeamId(id(90))],
    };
    let groups = ["sales".to_owned(), "a \"quote\"".to_owned()];
    tx.identities().save_groups(key("a"), &groups, &given).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = write(&fixture, 1).await;
    assert_eq!(tx.identities().find_given(key("a")).await.unwrap(), given);
    assert_eq!(tx.identities().find_given(key("b")).await.unwrap(), Assignment::default());
    let known = KnownIdentity { account: anna, groups: groups.to_vec(), given: given.clone() };
    assert_eq!(tx.identities().list_with_groups(CONNECTION).await.unwrap(), [known]);
    assert_eq!(tx.identities().list_given(anna).await.unwrap(), [(CONNECTION, given.clone())]);
    assert!(tx.identities().list_given(ben).await.unwrap().is_empty());
    tx.identities().clear_given(anna).await.unwrap();
    assert_eq!(tx.identities().find_given(key("a")).await.unwrap(), Assignment::default());
    tx.identities().save_groups(key("a"), &groups, &given).await.unwrap();
    // Another account begins with nothing.
    tx.identities().connect(key("a"), ben, at(60)).await.unwrap();
    assert_eq!(tx.identities().find_given(key("a")).await.unwrap(), Assignment::default());
    tx.commit().await.unwrap();
    let mut elsewhere = write(&fixture, 2).await;
    assert!(elsewhere.identities().list_with_groups(CONNECTION).await.unwrap().is_empty());
}

async fn a_deleted_account_is_found_by_no_identity(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    tx.identities().connect(key("gone"), ANNA, at(1)).await.unwrap();

    assert_eq!(tx.identities().find(key("gone")).await.unwrap(), None);
}

async fn a_request_counts_once_and_until_it_expires(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    let request = SignOnRequest { account: Some(ANNA), ..request() };
    tx.sign_on_requests().insert(b"state", &request).await.unwrap();

    let found = tx.sign_on_requests().find(b"state", at(99)).await.unwrap();
    assert_eq!(found, Some(request.clone()));
    assert_eq!(tx.sign_on_requests().find(b"state", at(100)).await.unwrap(), None);
    assert_eq!(tx.sign_on_requests().find(b"other", at(1)).await.unwrap(), None);
    tx.commit().await.unwrap();
    let mut elsewhere = write(&fixture, 2).await;
    assert_eq!(elsewhere.sign_on_requests().find(b"state", at(1)).await.unwrap(), None);
    assert!(!elsewhere.sign_on_requests().delete(b"state").await.unwrap());
    drop(elsewhere);
    let mut tx = write(&fixture, 1).await;
    assert!(tx.sign_on_requests().delete(b"state").await.unwrap());
    assert!(!tx.sign_on_requests().delete(b"state").await.unwrap());
}

async fn the_answer_to_a_request_is_stored_once(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    tx.sign_on_requests().insert(b"state", &request()).await.unwrap();

    assert!(tx.sign_on_requests().save_answer(b"state", b"sealed").await.unwrap());
    assert!(!tx.sign_on_requests().save_answer(b"state", b"another").await.unwrap());
    assert!(!tx.sign_on_requests().save_answer(b"unknown", b"sealed").await.unwrap());

    let found = tx.sign_on_requests().find(b"state", at(1)).await.unwrap().unwrap();
    assert_eq!(found.answer.as_deref(), Some(b"sealed".as_slice()));
}

async fn a_message_counts_once_at_its_connection(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    assert!(tx.identities().use_once(CONNECTION, "m", at(9)).await.unwrap());
    assert!(!tx.identities().use_once(CONNECTION, "m", at(99)).await.unwrap());
    assert!(tx.identities().use_once(CONNECTION, "M", at(9)).await.unwrap());
    assert!(tx.identities().use_once(OTHER, "m", at(9)).await.unwrap());
}

/// Notes four sessions of Anna: two of a subject at two sessions of the provider, one without, and one
/// at another connection.
async fn begin_sessions(fixture: &Fixture) {
    let mut tx = write(fixture, 1).await;
    for (number, connection, subject, provider_session) in [
        (1, CONNECTION, "anna", Some("s1")),
        (2, CONNECTION, "anna", Some("s2")),
        (3, CONNECTION, "ben", None),
        (4, OTHER, "anna", Some("s1")),
    ] {
        let session = SessionId(id(number));
        let whose = (connection, ANNA);
        let provider = (subject, provider_session);
        tx.identities().insert_session(session, whose, provider, at(1)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn logout_takes_the_sessions_that_it_names(fixture: Fixture) {
    set_up(&fixture).await;
    for (subject, sessions, expected) in [
        (Some("anna"), vec![], vec![1, 2]),
        (Some("anna"), vec!["s2"], vec![2]),
        (None, vec!["s1"], vec![1]),
        (None, vec!["s1", "s2", "s3"], vec![1, 2]),
        (Some("ben"), vec![], vec![3]),
        (Some("ben"), vec!["s1"], vec![]),
        (Some("cleo"), vec![], vec![]),
    ] {
        begin_sessions(&fixture).await;
        let named: Vec<String> = sessions.iter().map(|one| (*one).to_owned()).collect();
        let mut tx = write(&fixture, 1).await;

        let mut taken =
            tx.identities().take_sessions(CONNECTION, subject, &named).await.unwrap();
        taken.sort_unstable_by_key(|(_, session)| session.0);

        let expected: Vec<_> =
            expected.into_iter().map(|number| (ANNA, SessionId(id(number)))).collect();
        assert_eq!(taken, expected, "{subject:?} {sessions:?}");
        let again = tx.identities().take_sessions(CONNECTION, subject, &named).await.unwrap();
        assert!(again.is_empty(), "{subject:?} {sessions:?}");
    }
}

async fn the_sessions_of_an_account_at_a_connection_are_taken(fixture: Fixture) {
    set_up(&fixture).await;
    begin_sessions(&fixture).await;
    let mut tx = write(&fixture, 1).await;

    let none = tx.identities().take_sessions_of(CONNECTION, AccountId(id(81))).await.unwrap();
    assert!(none.is_empty());
    let taken = tx.identities().take_sessions_of(CONNECTION, ANNA).await.unwrap();
    assert_eq!(taken, [1, 2, 3].map(|number| SessionId(id(number))));
    assert!(tx.identities().take_sessions_of(CONNECTION, ANNA).await.unwrap().is_empty());
    let other = tx.identities().take_sessions_of(OTHER, ANNA).await.unwrap();
    assert_eq!(other, [SessionId(id(4))]);
}

async fn what_belongs_to_a_connection_is_deleted_with_it(fixture: Fixture) {
    set_up(&fixture).await;
    let anna = sign_up(&fixture.db, 1, "anna@example.com").await.id;
    begin_sessions(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    for number in [70, 71] {
        tx.connections().insert(&connection(number), &ConnectionKeys::default()).await.unwrap();
    }
    let elsewhere = IdentityKey { connection: OTHER, ..key("a") };
    for key in [key("a"), elsewhere] {
        tx.identities().connect(key, anna, at(1)).await.unwrap();
    }
    tx.sign_on_requests().insert(b"state", &request()).await.unwrap();
    assert!(tx.identities().use_once(CONNECTION, "m", at(9)).await.unwrap());

    assert!(tx.connections().delete(CONNECTION).await.unwrap());

    assert_eq!(tx.identities().find(key("a")).await.unwrap(), None);
    assert_eq!(tx.identities().find(elsewhere).await.unwrap(), Some(anna));
    assert_eq!(tx.sign_on_requests().find(b"state", at(1)).await.unwrap(), None);
    assert!(tx.identities().take_sessions_of(CONNECTION, ANNA).await.unwrap().is_empty());
    assert_eq!(tx.identities().take_sessions_of(OTHER, ANNA).await.unwrap().len(), 1);
    assert!(tx.identities().use_once(CONNECTION, "m", at(9)).await.unwrap());
}

async fn what_counts_no_longer_is_deleted(fixture: Fixture) {
    set_up(&fixture).await;
    begin_sessions(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    tx.sign_on_requests().insert(b"state", &request()).await.unwrap();
    assert!(tx.identities().use_once(CONNECTION, "m", at(100)).await.unwrap());
    tx.commit().await.unwrap();
    let delete = async |now: i64, began_before: i64| {
        let mut tx = fixture.db.write().await.unwrap();
        tx.delete_expired_sign_on(at(now), at(began_before)).await.unwrap();
        tx.commit().await.unwrap();
    };

    delete(99, 1).await;
    let mut tx = write(&fixture, 1).await;
    assert!(tx.sign_on_requests().find(b"state", at(1)).await.unwrap().is_some());
    assert!(!tx.identities().use_once(CONNECTION, "m", at(100)).await.unwrap());
    drop(tx);
    delete(100, 2).await;

    let mut tx = write(&fixture, 1).await;
    assert_eq!(tx.sign_on_requests().find(b"state", at(1)).await.unwrap(), None);
    assert!(tx.identities().use_once(CONNECTION, "m", at(100)).await.unwrap());
    assert!(tx.identities().take_sessions_of(CONNECTION, ANNA).await.unwrap().is_empty());
}

fn domain(name: &str, proven: Option<i64>) -> ProvenDomain {
    ProvenDomain {
        domain: name.to_owned(),
        secret: "secret".to_owned(),
        proven: proven.map(|micros| (at(micros), ProvenBy::Dns)),
        created_at: at(1),
    }
}

async fn a_domain_is_proven_once_in_each_workspace(fixture: Fixture) {
    set_up(&fixture).await;
    let mut tx = write(&fixture, 1).await;
    for name in ["b.example", "a.example"] {
        tx.proven_domains().insert(&domain(name, None)).await.unwrap();
    }
    let listed = tx.proven_domains().list().await.unwrap();
    assert_eq!(listed, [domain("a.example", None), domain("b.example", None)]);

    let by_operator =
        ProvenDomain { proven: Some((at(7), ProvenBy::Operator)), ..domain("a.example", None) };
    assert!(tx.proven_domains().update(&by_operator).await.unwrap());
    assert!(!tx.proven_domains().update(&domain("c.example", Some(1))).await.unwrap());
    assert_eq!(tx.proven_domains().find("a.example").await.unwrap(), Some(by_operator));
    tx.commit().await.unwrap();

    let mut elsewhere = write(&fixture, 2).await;
    assert_eq!(elsewhere.proven_domains().find("a.example").await.unwrap(), None);
    elsewhere.proven_domains().insert(&domain("a.example", None)).await.unwrap();
    assert!(elsewhere.proven_domains().delete("a.example").await.unwrap());
    assert!(!elsewhere.proven_domains().delete("a.example").await.unwrap());
    elsewhere.commit().await.unwrap();
    let mut tx = write(&fixture, 1).await;
    let twice = tx.proven_domains().insert(&domain("a.example", None)).await;
    assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
}

async fn ways_in_are_those_of_workspaces_that_have_proven_the_domain(fixture: Fixture) {
    set_up(&fixture).await;
    for (workspace, number, proven) in [(1, 70, Some(9)), (2, 71, Some(5))] {
        let mut tx = write(&fixture, workspace).await;
        let on = Connection { is_on: true, ..connection(number) };
        tx.connections().insert(&on, &ConnectionKeys::default()).await.unwrap();
        let off = connection(number + 10);
        tx.connections().insert(&off, &ConnectionKeys::default()).await.unwrap();
        tx.proven_domains().insert(&domain("both.example", proven)).await.unwrap();
        let one = domain("one.example", proven.filter(|_| workspace == 1));
        tx.proven_domains().insert(&one).await.unwrap();
        tx.commit().await.unwrap();
    }
    let way = |workspace: u128, number: u128| WayIn {
        workspace: WorkspaceId(id(workspace)),
        connection: ConnectionId(id(number)),
        name: format!("Connection {number}"),
    };

    let mut tx = fixture.db.read().await.unwrap();

    let both = tx.list_ways_in("both.example").await.unwrap();
    assert_eq!(both, [way(2, 71), way(1, 70)]);
    assert_eq!(tx.list_ways_in("one.example").await.unwrap(), [way(1, 70)]);
    assert!(tx.list_ways_in("none.example").await.unwrap().is_empty());
    drop(tx);
    let mut tx = fixture.db.write().await.unwrap();
    let delete = "UPDATE workspaces SET deleted_at = 1 WHERE id = ?1";
    tx.execute(delete, &[id(2).into()]).await.unwrap();
    assert_eq!(tx.list_ways_in("both.example").await.unwrap(), [way(1, 70)]);
}
