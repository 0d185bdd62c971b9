//! When a server is taken out of service.

use hallpass_store::Options;

use super::*;

#[tokio::test]
async fn a_server_under_load_stays_ready() {
    let options = Options { wait: Duration::from_millis(30), ..Options::default() };
    let db = Db::open(":memory:", &options).await.unwrap();
    let readiness = Readiness::default();
    let now = Timestamp::from_micros(1_700_000_000_000_000);

    // The only connection is in use.
    let held = db.write().await.unwrap();

    assert_eq!(readiness.check(&db, now).await, Ok(()));
    drop(held);
    assert_eq!(readiness.check(&db, now + EVERY).await, Ok(()));
}
