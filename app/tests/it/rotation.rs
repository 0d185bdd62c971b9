//! The rotation of the key of stored secrets, stopped between two batches, on both databases.

use std::sync::Arc;

use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::HashCost;
use hallpass_app::operation::Operator;
use hallpass_app::secret::keyring::SecretKey;
use hallpass_app::secret::rotation::{Cursor, KeyState, Progress};
use hallpass_app::{App, Rules};
use hallpass_store::Value;
use hallpass_store::secret::{CONNECTION_SECRETS, SIGN_ON_ANSWERS};
use hallpass_testkit::{ManualClock, TestDatabase};
use uuid::Uuid;

use crate::test_server::TestServer;

/// An app with some keys, like another process on the same database.
fn with_keys(server: &TestServer, keys: &[u8]) -> App {
    let secret_keys = keys.iter().map(|byte| SecretKey::kept([*byte; 32])).collect();
    let rules = Rules { secret_keys, ..Rules::default() };
    let (clock, random) = (Arc::new(ManualClock::default()), Arc::new(SystemRandom::default()));
    App::with(server.app.db().clone(), rules, clock, random, HashCost::CHEAP).unwrap()
}

/// Stores a secret of each other kind.
async fn store_others(app: &App) {
    let (workspace, connection) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut tx = app.db().write().await.unwrap();
    let about = (CONNECTION_SECRETS.purpose, connection.as_bytes().as_slice());
    let secret = app.seal(about, b"client secret").unwrap();
    let sql = "INSERT INTO connections (workspace_id, id, name, provider, secret, is_on, \
               created_at, version) VALUES (?1, ?2, 'Google', '{}', ?3, TRUE, 1, 1)";
    let values: [Value; 3] = [workspace.into(), connection.into(), secret.into()];
    tx.execute(sql, &values).await.unwrap();
    let about = (SIGN_ON_ANSWERS.purpose, connection.as_bytes().as_slice());
    let answer = app.seal(about, b"an answer").unwrap();
    let sql = "INSERT INTO sign_on_requests (workspace_id, state, connection_id, browser, purpose, \
               landing, request_id, answer, expires_at) \
               VALUES (?1, ?3, ?2, ?3, 'sign_in', '/', '', ?4, 1)";
    let values: [Value; 4] =
        [workspace.into(), connection.into(), vec![1_u8].into(), answer.into()];
    tx.execute(sql, &values).await.unwrap();
    tx.commit().await.unwrap();
}

/// How many secrets there are in all, and how many of them under the current key.
async fn counts(app: &App) -> (i64, i64) {
    let counts = app.stored_secrets().count(&Operator::new("root")).await.unwrap();
    let of = |state: KeyState| {
        let of = counts.iter().filter(|one| one.state == state);
        of.map(|one| one.count).sum::<i64>()
    };
    (
        of(KeyState::Current) + of(KeyState::Earlier) + of(KeyState::Missing),
        of(KeyState::Current),
    )
}

async fn goes_on(database: TestDatabase) {
    let server = TestServer::on(database).await;
    let (operator, before) = (Operator::new("root"), with_keys(&server, &[1]));
    let mut people = Vec::new();
    for n in 0..5 {
        let person = server.sign_up(&format!("p{n}@example.com")).await;
        let enrolled = before.totps().enroll(&person).await.unwrap();
        people.push((person, enrolled.secret));
    }
    store_others(&before).await;
    assert_eq!(counts(&before).await, (7, 7));

    // The process ends after each batch.
    let mut rounds = 0;
    loop {
        let app = with_keys(&server, &[2, 1]);
        let (left, mut progress) = (counts(&app).await, Progress::default());
        if left.0 == left.1 {
            break;
        }
        let mut cursor = Some(Cursor::default());
        while progress.sealed == 0 {
            let at = cursor.take().unwrap();
            let secrets = app.stored_secrets();
            cursor = secrets.seal_batch(&operator, at, 2, &mut progress).await.unwrap();
        }
        assert!(progress.sealed <= 2 && progress.unreadable == 0, "{progress:?}");
        rounds += 1;
        // What was sealed before the rotation and in it opens in between.
        for (person, secret) in &people {
            assert_eq!(app.totps().load_enrollment(person).await.unwrap().secret, *secret);
        }
    }

    assert!(rounds >= 5, "{rounds}");
    let after = with_keys(&server, &[2]);
    assert_eq!(counts(&after).await, (7, 7), "the earlier key is not needed");
    for (person, secret) in &people {
        assert_eq!(after.totps().load_enrollment(person).await.unwrap().secret, *secret);
    }
    // A server that lacks the key says so, and seals none of it.
    let lost = with_keys(&server, &[3]);
    assert_eq!(counts(&lost).await, (7, 0));
    let (mut cursor, mut progress) = (Some(Cursor::default()), Progress::default());
    while let Some(at) = cursor {
        let secrets = lost.stored_secrets();
        cursor = secrets.seal_batch(&operator, at, 2, &mut progress).await.unwrap();
    }
    assert_eq!(progress, Progress { sealed: 0, unreadable: 7 });
    assert_eq!(counts(&after).await, (7, 7), "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_stopped_goes_on_sqlite() {
    goes_on(TestDatabase::folder()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_was_stopped_goes_on_postgres() {
    goes_on(TestDatabase::server().await).await;
}

/// Two processes rotate at the same time: each secret is sealed once, and opens.
#[tokio::test(flavor = "multi_thread")]
async fn two_rotations_at_once_lose_no_secret() {
    let server = TestServer::on(TestDatabase::server().await).await;
    let before = with_keys(&server, &[1]);
    let person = server.sign_up("anna@example.com").await;
    let enrolled = before.totps().enroll(&person).await.unwrap();
    store_others(&before).await;

    let rotate = |app: App| async move {
        let (mut cursor, mut progress) = (Some(Cursor::default()), Progress::default());
        while let Some(at) = cursor {
            let (operator, secrets) = (Operator::new("root"), app.stored_secrets());
            cursor = secrets.seal_batch(&operator, at, 1, &mut progress).await.unwrap();
        }
        progress.sealed
    };
    let apps = (with_keys(&server, &[2, 1]), with_keys(&server, &[2, 1]));
    let (one, other) = tokio::join!(tokio::spawn(rotate(apps.0)), tokio::spawn(rotate(apps.1)));

    assert_eq!(one.unwrap() + other.unwrap(), 3);
    let after = with_keys(&server, &[2]);
    assert_eq!(counts(&after).await, (3, 3));
    assert_eq!(after.totps().load_enrollment(&person).await.unwrap().secret, enrolled.secret);
}
